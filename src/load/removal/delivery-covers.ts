import { WarehouseError } from '../../lib/errors.ts';
import type { Covers } from '../../project/source.ts';
import { partsWithQuarantine, type WithQuarantine } from '../check/quarantined.ts';
import type { LoadContext, PartContent } from '../load-context.ts';
import type { TakenDelivery } from '../pending-delivery.ts';
import { readerFingerprint } from '../reader-fingerprint.ts';
import { coversInForce, coversOf } from '../source-delivery.ts';
import { holdsRows, type StandingPart } from '../standing-parts.ts';
import { areComparable, repeatKeys } from './row-removals.ts';

/**
 * What absence from a delivery means. Lines in quarantine are not absent, but nobody knows what they say: such a
 * delivery removes nothing, and of rows with the same keys the later stand. Where rows cannot be told apart by keys, a
 * row that changed would stand beside what it was before: then the delivery replaces all, if that is accepted.
 * @param before what a complete delivery would take the place of
 * @throws data SOURCE_INCOMPLETE
 */
export async function deliveryCovers(
  { connection, acceptRemovals }: LoadContext,
  pending: TakenDelivery,
  deliveryKey: number,
  before: readonly StandingPart[],
  contents: readonly PartContent[],
): Promise<Covers> {
  const { source, parts } = pending;
  // Its own earlier reading will stand no longer.
  const isOwn = ({ sha256, readerFingerprint: earlier }: StandingPart) =>
    earlier !== readerFingerprint(source) && parts.some((part) => part.sha256 === sha256);
  const others = before.filter((part) => !isOwn(part));
  const isWhole = contents.every(({ columns }) => columns.complete === true);
  const isComplete = isWhole || (source.format === 'csv' && !holdsRows(others));
  const covers = coversInForce(source, { isSnapshot: contents.some(isSnapshot), isComplete });
  if (covers === coversOf(source) || source.format !== 'csv') return covers;
  const comparable = areComparable(source, others);
  const keysRepeat = comparable && (await repeatKeys(connection, source, [...others, ...contents]));
  if (comparable && !keysRepeat) return covers;
  if (acceptRemovals) return coversOf(source);
  const [first] = await partsWithQuarantine(connection, pending, deliveryKey, contents);
  throw incomplete(source.name, first, keysRepeat);
}

/** Whether it is an ODM Snapshot that holds item groups: as KnownPart.isSnapshot, and rule 1 of state-rules.sql, have it. */
function isSnapshot({ columns }: PartContent): boolean {
  return columns.file_type === 'Snapshot' && Number(columns.item_group_data_count) > 0;
}

function incomplete(source: string, { name, lines, firstLine }: WithQuarantine, keysRepeat: boolean): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'SOURCE_INCOMPLETE',
    message:
      `The file is to replace all rows of source ${source}, but ${lines} put aside. What it does not hold may be in ` +
      `there, and ${keysRepeat ? 'several rows have the same keys' : 'its rows cannot be compared with those before by the same keys'}.`,
    place: { file: name, line: firstLine },
    next:
      `Nothing of it was loaded. Correct the file; or name ${keysRepeat ? 'further' : 'the'} columns that identify a row under keys: of the source in ` +
      'warehouse.yml, before its next complete file; or replace all rows by those that can be read: build again with --accept-removals.',
  });
}
