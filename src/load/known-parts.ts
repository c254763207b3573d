import type { Connection } from '../store/connection.ts';

/** How a file was delivered last. */
export interface KnownPart {
  readonly sha256: string;
  readonly readerFingerprint: string;
  /** The member that was read, where it is a zip file. */
  readonly member: string | null;
  /** In force. */
  readonly covers: string;
  /** Whether it is an ODM Snapshot that holds item groups: what rule 1 of state-rules.sql lets remove by absence. */
  readonly isSnapshot: boolean;
  /** Whether all of its delivery was read: nothing is in quarantine. */
  readonly isComplete: boolean;
  readonly deliveryKey: bigint;
  /** Its place in the order of arrival: what is read anew takes that of its earlier reading. */
  readonly turn: bigint;
  /** How many parts that delivery has. */
  readonly partCount: number;
  /** Whether it is the last delivery of its source in this order. */
  readonly isLatest: boolean;
}

interface Row extends KnownPart {
  source: string;
  name: string;
}

/** How a file of a source was delivered last, if it was. */
export type LastDelivery = (source: string, name: string) => KnownPart | undefined;

/** The last delivery of each file; none of a file whose data of a study were refused then that the project is for now. */
export async function lastDeliveries(connection: Connection, oids: readonly string[]): Promise<LastDelivery> {
  const rows = await connection.rows<Row>(
    `SELECT source, name, sha256, reader_fingerprint AS "readerFingerprint", member, covers,
       coalesce(file_type = 'Snapshot' AND item_group_data_count > 0, false) AS "isSnapshot", is_complete AS "isComplete", delivery_key AS "deliveryKey", turn,
       part_count AS "partCount", is_latest AS "isLatest"
     FROM (SELECT d.source, d.covers, d.part_count, p.*, coalesce(d.retry_of, delivery_key) AS turn,
             turn = max(turn) OVER (PARTITION BY d.source) AS is_latest,
             bool_and(p.complete) OVER (PARTITION BY p.delivery_key) AS is_complete
           FROM raw.part p JOIN raw.delivery d USING (delivery_key)
           QUALIFY row_number() OVER (PARTITION BY d.source, p.name ORDER BY turn DESC, p.delivery_key DESC, p.ordinal DESC) = 1) p
     WHERE NOT EXISTS (FROM raw.refused r WHERE r.delivery_key = p.delivery_key AND r.part_ordinal = p.ordinal
       AND list_contains(from_json($1::JSON, '["VARCHAR"]'), r.study_oid))`,
    [JSON.stringify(oids)],
  );
  const bySource = new Map(rows.map(({ source }) => [source, new Map<string, KnownPart>()]));
  for (const { source, name, ...part } of rows) bySource.get(source)!.set(name, part);
  return (source, name) => bySource.get(source)?.get(name);
}

/** The names of the sources that have delivered anything. */
export async function deliveredSources(connection: Connection): Promise<ReadonlySet<string>> {
  const rows = await connection.rows<{ source: string }>('SELECT DISTINCT source FROM raw.delivery');
  return new Set(rows.map(({ source }) => source));
}
