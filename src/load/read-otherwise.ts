import type { WarehouseEvent } from '../lib/events.ts';
import { listed } from '../lib/listed.ts';
import type { Source } from '../project/source.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import type { PendingPart } from './pending-delivery.ts';
import { readerFingerprint } from './reader-fingerprint.ts';

/**
 * Says which bytes stand as they were read under former settings of a source while its files are read anew: those that
 * a file had before they changed, and those of files that are gone.
 */
export async function readOtherwise(
  connection: Connection | undefined,
  source: Source,
  parts: readonly PendingPart[],
): Promise<WarehouseEvent[]> {
  const fingerprint = readerFingerprint(source);
  const isReadAnew = ({ last, reason }: PendingPart) => reason !== 'unchanged' && isOther(last?.readerFingerprint);
  const isOther = (former: string | undefined) => former !== undefined && former !== fingerprint;
  if (connection === undefined || !parts.some(isReadAnew)) return [];
  if (!(await hasRelation(connection, 'state.part'))) return [];
  const there = parts.flatMap(({ sha256 }) => (sha256 === undefined ? [] : [sha256]));
  const rows = await connection.rows<{ name: string; deliveryKey: bigint }>(
    `SELECT p.name, p.delivery_key AS "deliveryKey" FROM raw.part p JOIN state.part s USING (delivery_key, ordinal)
     WHERE s.source = $1 AND s.superseded_by IS NULL AND p.first_key IS NOT NULL AND p.reader_fingerprint <> $2
       AND NOT list_contains(from_json($3::JSON, '["VARCHAR"]'), p.sha256)
     ORDER BY p.delivery_key, p.ordinal`,
    [source.name, fingerprint, JSON.stringify(there)],
  );
  if (rows.length === 0) return [];
  const readings = listed(rows.map(({ name, deliveryKey }) => `${name} (delivery ${deliveryKey})`));
  const [stand, they] = rows.length === 1 ? ['stands as it was', 'it says'] : ['stand as they were', 'they say'];
  return [
    {
      event: 'notice',
      code: 'SOURCE_READ_OTHERWISE',
      message: `Source ${source.name}: ${readings} ${stand} read under its former settings, because these bytes are not among its files any more.`,
      next: `Values that were corrected since may be live again beside what is read anew. If what ${they} is in the present files too, build from nothing: move .warehouse/ to another place, where it stays the record of what was done.`,
    },
  ];
}
