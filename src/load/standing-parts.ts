import type { Source } from '../project/source.ts';
import { type Connection, literal } from '../store/connection.ts';
import { defineFile, isDefined } from '../store/define-once.ts';
import type { KeyRange } from './key-range.ts';
import { replacesAll } from './source-delivery.ts';

/** A part of a CSV source whose rows stand. */
export interface StandingPart extends KeyRange {
  readonly name: string;
  readonly deliveryKey: bigint;
  readonly firstKey: bigint | null;
  readonly lastKey: bigint | null;
  readonly readerFingerprint: string;
  readonly sha256: string;
}

/**
 * The parts of a CSV source that stood before a delivery (rule 1 of docs/state.md, which is all that there is to say of
 * CSV). Asks the rules themselves, since state may not have been worked out yet.
 */
async function standingBefore(
  connection: Connection,
  source: string,
  deliveryKey: number,
): Promise<readonly StandingPart[]> {
  await defineFile(connection, 'state-rules.sql');
  return connection.rows<StandingPart>(
    `SELECT s.name, s.delivery_key AS "deliveryKey", s.first_key AS "firstKey", s.last_key AS "lastKey",
       p.reader_fingerprint AS "readerFingerprint", p.sha256
     FROM state._part(${deliveryKey - 1}, NULL::TIMESTAMP) s JOIN raw.part p USING (delivery_key, ordinal)
     WHERE s.superseded_by IS NULL AND s.source = ${literal(source)}
     ORDER BY s.delivery_key, s.ordinal`,
  );
}

/** Whether any of them has rows. */
export const holdsRows = (parts: readonly StandingPart[]) => parts.some(({ firstKey }) => firstKey !== null);

/** What a whole delivery takes the place of; nothing where its source does not replace. */
export async function replacedBy(
  connection: Connection,
  source: Source,
  deliveryKey: number,
): Promise<readonly StandingPart[]> {
  return replacesAll(source) ? standingBefore(connection, source.name, deliveryKey) : [];
}

/** The names of the files of a CSV source that stand. */
export async function standingFiles(connection: Connection, source: string): Promise<readonly string[]> {
  if (!(await isDefined(connection, 'state-rules.sql'))) return [];
  const rows = await connection.rows<{ name: string }>(
    `SELECT DISTINCT name FROM state._part(NULL, NULL::TIMESTAMP) WHERE source = $1 AND superseded_by IS NULL ORDER BY name`,
    [source],
  );
  return rows.map(({ name }) => name);
}
