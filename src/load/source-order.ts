import type { WarehouseEvent } from '../lib/events.ts';
import { listed } from '../lib/listed.ts';
import type { Source } from '../project/source.ts';
import type { PendingPart } from './pending.ts';
import { deliversTogether, replacesAll } from './source-delivery.ts';

/** Whether the order in which the files of a source come decides which rows stand. */
function ordersByArrival(source: Source): boolean {
  if (source.format !== 'csv' || deliversTogether(source)) return false;
  return replacesAll(source) || source.keys.length > 0;
}

/**
 * Says where files of a CSV source are delivered after others that a build from nothing would deliver after them, for
 * it goes by names alone.
 * @param parts of all files of the source that are there
 */
export function outOfOrder(source: Source, parts: readonly PendingPart[]): WarehouseEvent[] {
  if (!ordersByArrival(source)) return [];
  const named = (isMeant: (part: PendingPart) => boolean) => parts.filter(isMeant).map(({ file }) => file.name);
  const delivered = named(({ reason }) => reason === 'unchanged');
  const last = delivered.reduce((a, b) => (a > b ? a : b), '');
  const late = named(({ reason }) => reason === 'new file' || reason === 'changed').filter((name) => name < last);
  if (late.length === 0) return [];
  const [is, its] = late.length === 1 ? ['is', 'its name comes'] : ['are', 'their names come'];
  return [
    {
      event: 'notice',
      code: 'SOURCE_ORDER',
      message:
        `Source ${source.name}: ${listed(late)} ${is} delivered after ${last}, but ${its} before it. A build from nothing ` +
        `goes by names: ${last} would come last, and other rows may be live.`,
      next: 'Name the files of a source so that their names stand in the order of their transfers: by date, such as lab_2026-05.csv and lab_2026-06.csv.',
    },
  ];
}
