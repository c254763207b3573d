import type { LoadContext, PartContent } from './load-context.ts';
import type { PendingDelivery } from './pending-delivery.ts';
import { readerFingerprint } from './reader-fingerprint.ts';

/**
 * What was found in the parts when the same bytes arrived before from this source, together and in this order, and were
 * read in the same way: they are not stored again, and the new parts point at the rows that are there. All together or
 * none: the identity of a row of a CSV file depends on the parts before its own. Not so if data of a study were refused
 * then that the project is for now. Another source has rows of its own: what one of them removes, the other still says.
 */
export async function sameBytes(
  { connection, study, boundary }: LoadContext,
  { source, parts }: PendingDelivery,
): Promise<PartContent[] | undefined> {
  const rows = await connection.rows<Record<string, string | number | bigint | boolean | null>>(
    `WITH whole AS (
       SELECT d.delivery_key
       FROM raw.delivery d JOIN raw.part p USING (delivery_key)
       WHERE d.policy_fingerprint = $2 AND p.reader_fingerprint = $3 AND d.source = $4
         AND NOT EXISTS (FROM raw.refused r WHERE r.delivery_key = p.delivery_key AND r.part_ordinal = p.ordinal
           AND list_contains(from_json($5::JSON, '["VARCHAR"]'), r.study_oid))
       GROUP BY d.delivery_key
       HAVING list(p.sha256 ORDER BY p.ordinal) = from_json($1::JSON, '["VARCHAR"]') AND count(*) = any_value(d.part_count)
     )
     FROM raw.part WHERE delivery_key = (SELECT min(delivery_key) FROM whole) ORDER BY ordinal`,
    [
      JSON.stringify(parts.map(({ sha256 }) => sha256)),
      boundary.fingerprint,
      readerFingerprint(source),
      source.name,
      JSON.stringify(study.oids),
    ],
  );
  if (rows.length === 0) return undefined;
  return rows.map(({ content_sha256, content_size_bytes, first_key, last_key, ...columns }) => ({
    contentSha256: String(content_sha256),
    contentSize: Number(content_size_bytes),
    firstKey: first_key === null ? null : Number(first_key),
    lastKey: last_key === null ? null : Number(last_key),
    columns,
  }));
}
