import type { EventSink } from '../lib/events.ts';
import { type StaleModel, staleText } from '../model/plan/stale.ts';
import { type SelectOptions, selectionFlags } from './selection.ts';

/**
 * Says which models the selected ones read that are not up to date and were not selected. They are left as they are, as
 * the selection asks, and what was built on them is no newer than they are.
 */
export function tellUpstream(upstream: readonly StaleModel[], options: SelectOptions, events: EventSink): void {
  if (upstream.length === 0) return;
  const names = upstream.map(({ name }) => name);
  events({
    event: 'notice',
    code: 'UPSTREAM_STALE',
    message: `What is selected reads what is not up to date and was not selected: ${staleText(upstream)}.`,
    next: upstream.length > MOST_NAMED ? 'Leave --select and --exclude out.' : nextFor(names, options),
  });
}

/** More are no command that anybody would type. */
const MOST_NAMED = 8;

/** What is excluded cannot be selected in the same breath. */
function nextFor(names: readonly string[], { select, exclude = [] }: SelectOptions): string {
  if (exclude.length > 0) return `Run that first: ${selectionFlags({ select: names })}.`;
  return `Select that too: ${selectionFlags({ select: [...select, ...names] })}.`;
}
