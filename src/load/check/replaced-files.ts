import type { WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import type { TakenDelivery } from '../pending-delivery.ts';
import type { StandingPart } from '../standing-parts.ts';

/** Says which files of other names a delivery of a CSV source takes the place of. */
export function replacedFiles({ source, parts }: TakenDelivery, before: readonly StandingPart[]): WarehouseEvent[] {
  const present = parts.map(({ file }) => file.name);
  const replaced = [...new Set(before.map(({ name }) => name))].filter((name) => !present.includes(name));
  if (replaced.length === 0) return [];
  const next = 'If both are to stand, say "delivery: together" under the source in warehouse.yml and keep both files.';
  return [
    {
      event: 'notice',
      code: 'SOURCE_REPLACED',
      message: `Source ${source.name}: ${listed(present)} ${present.length === 1 ? 'replaces' : 'replace'} ${listed(replaced)}.`,
      ...(source.format === 'csv' && source.delivery === undefined && { next }),
    },
  ];
}
