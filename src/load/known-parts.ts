import type { Connection } from '../store/connection.ts';

/** How a file was delivered last. */
export interface KnownPart {
  readonly sha256: string;
  readonly readerFingerprint: string;
  readonly covers: string;
  readonly deliveryKey: bigint;
  /** How many parts that delivery has. */
  readonly partCount: number;
  /** Whether it is the last delivery of its source. */
  readonly isLatest: boolean;
}

interface Row extends KnownPart {
  source: string;
  name: string;
}

/**
 * The last delivery of each file, by `["source","name"]`; none of a file whose data of a study were refused then that
 * the project is for now.
 */
export async function lastDeliveries(
  connection: Connection,
  oids: readonly string[],
): Promise<ReadonlyMap<string, KnownPart>> {
  const rows = await connection.rows<Row>(
    `SELECT source, name, sha256, reader_fingerprint AS "readerFingerprint", covers, delivery_key AS "deliveryKey",
       part_count AS "partCount", is_latest AS "isLatest"
     FROM (SELECT d.source, d.covers, d.part_count, p.*,
             p.delivery_key = max(p.delivery_key) OVER (PARTITION BY d.source) AS is_latest
           FROM raw.part p JOIN raw.delivery d USING (delivery_key)
           QUALIFY row_number() OVER (PARTITION BY d.source, p.name ORDER BY p.delivery_key DESC, p.ordinal DESC) = 1) p
     WHERE NOT EXISTS (FROM raw.refused r WHERE r.delivery_key = p.delivery_key AND r.part_ordinal = p.ordinal
       AND list_contains(from_json($1::JSON, '["VARCHAR"]'), r.study_oid))`,
    [JSON.stringify(oids)],
  );
  return new Map(rows.map((row) => [JSON.stringify([row.source, row.name]), row]));
}
