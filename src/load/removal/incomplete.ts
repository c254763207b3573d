import { WarehouseError } from '../../lib/errors.ts';
import type { WarehouseEvent } from '../../lib/events.ts';
import type { Covers } from '../../project/source.ts';
import type { Connection } from '../../store/connection.ts';
import type { LoadContext, PartContent } from '../load-context.ts';
import type { TakenDelivery, TakenPart } from '../pending/pending-delivery.ts';
import { readerFingerprint } from '../reader-fingerprint.ts';
import { coversInForce, coversOf } from '../source-delivery.ts';
import { areComparable, repeatKeys } from './row-removals.ts';
import type { StandingPart } from './standing-parts.ts';

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
  const { source } = pending;
  const isComplete = contents.every(({ columns }) => columns.complete === true) || !holdsRows(before);
  const covers = coversInForce(source, { isSnapshot: contents.some(isSnapshot), isComplete });
  if (covers === coversOf(source) || source.format !== 'csv') return covers;
  const comparable = areComparable(source, before);
  if (comparable && !(await repeatKeys(connection, source, [...before, ...contents]))) return covers;
  if (acceptRemovals) return coversOf(source);
  const [first] = await partsWithQuarantine(connection, pending, deliveryKey, contents);
  throw incomplete(source.name, first, comparable);
}

const holdsRows = (parts: readonly StandingPart[]) => parts.some(({ firstKey }) => firstKey !== null);

/** Whether it is an ODM Snapshot that holds item groups. */
function isSnapshot({ columns }: PartContent): boolean {
  return columns.file_type === 'Snapshot' && Number(columns.item_group_data_count) > 0;
}

/** Says which lines of a delivery were put aside, and what becomes of the rows of those before it. */
export async function quarantined(
  connection: Connection,
  pending: TakenDelivery,
  { deliveryKey, covers }: { readonly deliveryKey: number; readonly covers: Covers },
  before: readonly StandingPart[],
  contents: readonly PartContent[],
): Promise<WarehouseEvent[]> {
  const stands =
    covers === 'study'
      ? ' What it does not hold is removed, as was accepted.'
      : ' Rows that earlier deliveries brought and this one does not hold stand as they were: what is put aside may be one of them.';
  const parts = await partsWithQuarantine(connection, pending, deliveryKey, contents);
  return parts.map(({ name, lines }) => ({
    event: 'notice',
    code: 'SOURCE_QUARANTINED',
    message: `${name}: ${lines} put aside (raw.quarantine).${holdsRows(before) ? stands : ''}`,
    next: 'Correct the file and build again.',
  }));
}

interface WithQuarantine {
  readonly name: string;
  /** `line 7 does not fit the header and was`, in words. */
  readonly lines: string;
  readonly firstLine: number | undefined;
}

async function partsWithQuarantine(
  connection: Connection,
  { source, parts }: TakenDelivery,
  deliveryKey: number,
  contents: readonly PartContent[],
): Promise<WithQuarantine[]> {
  const found: WithQuarantine[] = [];
  for (const [index, part] of parts.entries()) {
    if (contents[index].columns.complete === true) continue;
    const place = { deliveryKey, ordinal: index + 1, fingerprint: readerFingerprint(source) };
    const { lines, count } = await firstLines(connection, part, place);
    const more = count > lines.length ? ` and ${count - lines.length} more` : '';
    const text =
      count === 1
        ? `line ${lines[0]} does not fit the header and was`
        : `lines ${lines.join(', ')}${more} do not fit the header and were`;
    found.push({ name: part.file.name, lines: text, firstLine: lines[0] });
  }
  return found;
}

/** The first five lines of a part in quarantine, and how many there are. Bytes that arrived before are there since then. */
async function firstLines(
  connection: Connection,
  { sha256 }: TakenPart,
  { deliveryKey, ordinal, fingerprint }: { deliveryKey: number; ordinal: number; fingerprint: string },
): Promise<{ lines: number[]; count: number }> {
  const rows = await connection.rows<{ line: bigint; count: bigint }>(
    `WITH same AS (
       SELECT $1::BIGINT AS delivery_key
       UNION ALL
       SELECT delivery_key FROM raw.part WHERE ordinal = $2 AND sha256 = $3 AND reader_fingerprint = $4
     ),
     kept AS (FROM raw.quarantine SEMI JOIN same USING (delivery_key) WHERE part_ordinal = $2)
     SELECT line, count(*) OVER () AS count FROM kept
     WHERE delivery_key = (SELECT min(delivery_key) FROM kept)
     ORDER BY line, place LIMIT 5`,
    [deliveryKey, ordinal, sha256, fingerprint],
  );
  return { lines: rows.map(({ line }) => Number(line)), count: Number(rows[0]?.count ?? 0) };
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
      `Nothing was loaded. Correct the file; or name ${keysRepeat ? 'further' : 'the'} columns that identify a row under keys: of the source in ` +
      'warehouse.yml, before its next complete file; or replace all rows by those that can be read: build again with --accept-removals.',
  });
}
