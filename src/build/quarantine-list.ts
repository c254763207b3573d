import { WarehouseError } from '../lib/errors.ts';
import { nearest } from '../project/nearest.ts';
import type { Project } from '../project/project.ts';
import { allFragments, assertKnown, type Fragment } from './fragment.ts';
import { type Context, type OpenOptions, withReadOnly } from './warehouse.ts';

interface ListOptions extends OpenOptions {
  /** Whether those that are not open are told too. */
  readonly all: boolean;
  /** Only those of this source. */
  readonly source?: string;
}

export interface FragmentList {
  readonly fragments: readonly Fragment[];
  /** How many there are that are not open and were not asked for. */
  readonly others: number;
}

/**
 * What was put aside, and what has become of it; none of its bytes.
 * @throws usage NOT_BUILT, WAREHOUSE_OTHER_STUDY, STATE_STALE, SOURCE_UNKNOWN; fault STORE_LOCKED
 */
export async function quarantineList(project: Project, options: ListOptions, _context: Context): Promise<FragmentList> {
  const { all, source } = options;
  return withReadOnly(project, options, async (connection) => {
    await assertKnown(connection, project);
    const every = await allFragments(connection);
    const names = new Set([...project.sources.map(({ name }) => name), ...every.map((one) => one.source)]);
    if (source !== undefined && !names.has(source)) throw noSource(source, [...names]);
    const asked = every.filter((one) => source === undefined || one.source === source);
    const fragments = all ? asked : asked.filter(({ status }) => status === 'open');
    return { fragments, others: asked.length - fragments.length };
  });
}

function noSource(source: string, names: readonly string[]): WarehouseError {
  const meant = nearest(source, names);
  return new WarehouseError({
    kind: 'usage',
    code: 'SOURCE_UNKNOWN',
    message: `There is no source "${source}".`,
    next: meant === undefined ? `Sources: ${names.join(', ')}.` : `Did you mean "${meant}"?`,
  });
}
