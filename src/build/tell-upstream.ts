import type { EventSink } from '../lib/events.ts';
import { type StaleModel, staleText } from '../model/stale.ts';

/**
 * Says which models the selected ones read that are not up to date and were not selected. They are left as they are, as
 * the selection asks, and what was built on them is no newer than they are.
 */
export function tellUpstream(upstream: readonly StaleModel[], select: readonly string[], events: EventSink): void {
  if (upstream.length === 0) return;
  const withThem = select.map((pattern) => `--select "${pattern.startsWith('+') ? '' : '+'}${pattern}"`);
  events({
    event: 'notice',
    code: 'UPSTREAM_STALE',
    message: `What is selected reads what is not up to date and was not selected: ${staleText(upstream)}.`,
    next: `Select that too: ${withThem.join(' ')}.`,
  });
}
