import type { WarehouseEvent } from '../../lib/events.ts';
import type { Covers } from '../../project/source.ts';
import type { Connection } from '../../store/connection.ts';
import type { LoadContext, PartContent } from '../load-context.ts';
import { CONTROL_CHARACTER } from '../odm/seal.ts';
import type { TakenDelivery, TakenPart } from '../pending-delivery.ts';
import { readerFingerprint } from '../reader-fingerprint.ts';
import { holdsRows, type StandingPart } from '../standing-parts.ts';

/**
 * Says which lines of a delivery were put aside, and what becomes of the rows of those before it; of ODM, what was put
 * aside or replaced.
 */
export async function quarantined(
  { connection, acceptRemovals }: LoadContext,
  pending: TakenDelivery,
  { deliveryKey, covers }: { readonly deliveryKey: number; readonly covers: Covers },
  before: readonly StandingPart[],
  contents: readonly PartContent[],
): Promise<WarehouseEvent[]> {
  if (pending.source.format === 'odm') return ofDocuments(connection, pending, deliveryKey);
  const stands =
    covers === 'study'
      ? ` What it does not hold is removed${acceptRemovals ? ', as was accepted' : ''}.`
      : ' Rows that earlier deliveries brought and this one does not hold stand as they were: what is put aside may be one of them.';
  const parts = await partsWithQuarantine(connection, pending, deliveryKey, contents);
  return parts.map(({ name, lines }) => ({
    event: 'notice',
    code: 'SOURCE_QUARANTINED',
    message: `${name}: ${lines} put aside (raw.quarantine).${holdsRows(before) ? stands : ''}`,
    next: 'Correct the file and build again. warehouse quarantine list shows what was put aside.',
  }));
}

async function ofDocuments(
  connection: Connection,
  { source, parts }: TakenDelivery,
  deliveryKey: number,
): Promise<WarehouseEvent[]> {
  const notices: WarehouseEvent[] = [];
  for (const [index, part] of parts.entries()) {
    const place = { deliveryKey, ordinal: index + 1, fingerprint: readerFingerprint(source) };
    const { name } = part.file;
    const damaged = await firstLines(connection, part, place, `code <> '${CONTROL_CHARACTER}'`);
    if (damaged.count > 0) {
      const message = `${name}: ${many(damaged.count, 'damaged span')} put aside, ${beginning(damaged)} (raw.quarantine). The rest landed; it removes nothing by what it does not hold.`;
      const next = 'Have it delivered anew: until then nothing is exported.';
      notices.push({ event: 'notice', code: 'SOURCE_QUARANTINED', message, next });
    }
    const replaced = await firstLines(connection, part, place, `code = '${CONTROL_CHARACTER}'`);
    if (replaced.count > 0) {
      const message = `${name}: ${many(replaced.count, 'control character')} that XML does not allow replaced by spaces, ${beginning(replaced)} (raw.quarantine).`;
      notices.push({ event: 'notice', code: 'SOURCE_CONTROL_CHARACTERS', message });
    }
  }
  return notices;
}

const many = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `on line 7`, `on lines 7, 9, 12, 15, 18 and after`. */
function beginning({ lines, count }: { readonly lines: readonly number[]; readonly count: number }): string {
  const distinct = [...new Set(lines)];
  return `on line${distinct.length > 1 ? 's' : ''} ${distinct.join(', ')}${count > lines.length ? ' and after' : ''}`;
}

/** A part with lines that were put aside. */
export interface WithQuarantine {
  readonly name: string;
  /** `line 7 does not fit the header and was`, in words. */
  readonly lines: string;
  readonly firstLine: number | undefined;
}

/** The parts of a delivery of which not every line was read. */
export async function partsWithQuarantine(
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

/** The lines of the first five fragments of a part in quarantine, and how many there are. Bytes that arrived before are there since then. */
async function firstLines(
  connection: Connection,
  { sha256 }: TakenPart,
  { deliveryKey, ordinal, fingerprint }: { deliveryKey: number; ordinal: number; fingerprint: string },
  condition = 'true',
): Promise<{ lines: number[]; count: number }> {
  const rows = await connection.rows<{ line: bigint; count: bigint }>(
    `WITH same AS (
       SELECT $1::BIGINT AS delivery_key
       UNION ALL
       SELECT delivery_key FROM raw.part WHERE ordinal = $2 AND sha256 = $3 AND reader_fingerprint = $4
     ),
     kept AS (FROM raw.quarantine SEMI JOIN same USING (delivery_key) WHERE part_ordinal = $2 AND ${condition})
     SELECT line, count(*) OVER () AS count FROM kept
     WHERE delivery_key = (SELECT min(delivery_key) FROM kept)
     ORDER BY line, place LIMIT 5`,
    [deliveryKey, ordinal, sha256, fingerprint],
  );
  return { lines: rows.map(({ line }) => Number(line)), count: Number(rows[0]?.count ?? 0) };
}
