import type { Source } from '../../project/source.ts';
import { type Connection, literal } from '../../store/connection.ts';
import { runSqlFile } from '../../store/sql-files.ts';
import type { KeyRange } from '../key-range.ts';
import { replacesAll } from '../source-delivery.ts';

/** A part of a CSV source whose rows stand. */
export interface StandingPart extends KeyRange {
  readonly name: string;
  readonly deliveryKey: bigint;
  readonly firstKey: bigint | null;
  readonly lastKey: bigint | null;
  readonly readerFingerprint: string;
}

/**
 * The parts of a CSV source that stood before a delivery (rule 1 of docs/state.md, which is all that there is to say of
 * CSV). Asks the rules themselves, since state may not have been worked out yet.
 */
export async function standingBefore(
  connection: Connection,
  source: string,
  deliveryKey: number,
): Promise<readonly StandingPart[]> {
  await runSqlFile(connection, 'state-rules.sql');
  return connection.rows<StandingPart>(
    `SELECT s.name, s.delivery_key AS "deliveryKey", s.first_key AS "firstKey", s.last_key AS "lastKey",
       p.reader_fingerprint AS "readerFingerprint"
     FROM state._part(${deliveryKey - 1}, NULL::TIMESTAMP) s JOIN raw.part p USING (delivery_key, ordinal)
     WHERE s.superseded_by IS NULL AND s.source = ${literal(source)}
     ORDER BY s.delivery_key, s.ordinal`,
  );
}

/** What a whole delivery takes the place of; nothing where its source does not replace. */
export async function replacedBy(
  connection: Connection,
  source: Source,
  deliveryKey: number,
): Promise<readonly StandingPart[]> {
  return replacesAll(source) ? standingBefore(connection, source.name, deliveryKey) : [];
}

/** The names of the files of a source that stand: those of its last delivery that covers the study, and all later ones. */
export async function standingFiles(connection: Connection, source: string): Promise<readonly string[]> {
  const rows = await connection.rows<{ name: string }>(
    `SELECT DISTINCT p.name FROM raw.part p JOIN raw.delivery d USING (delivery_key)
     WHERE d.source = $1 AND delivery_key >= coalesce(
       (SELECT max(delivery_key) FROM raw.delivery WHERE source = $1 AND covers = 'study'), 0)
     ORDER BY name`,
    [source],
  );
  return rows.map(({ name }) => name);
}
