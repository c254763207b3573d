import { existsSync, statSync } from 'node:fs';
import type { WarehouseError } from '../../lib/errors.ts';
import type { WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import type { Source } from '../../project/source.ts';
import type { Connection } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { readerFingerprint } from '../reader-fingerprint.ts';
import type { Vault } from '../vault.ts';
import type { PendingDelivery, PendingPart } from './pending-delivery.ts';

/** A delivery that stands as it was read under former settings of its source. */
interface ReadOtherwise {
  readonly deliveryKey: bigint;
  readonly parts: readonly { readonly name: string; readonly sha256: string; readonly keep: string }[];
}

/** What there is to do about bytes that stand and are among the files of their source no more. */
export interface FormerBytes {
  readonly deliveries: readonly PendingDelivery[];
  readonly notices: readonly WarehouseEvent[];
}

/**
 * What stands as it was read under former settings of a source, and is not among its files any more: what a file held
 * before its bytes changed, and files that are gone. It is delivered anew from the vault, ahead of what is there, in the
 * order in which it arrived last; what the vault does not have is told. While nothing of the source is delivered, nothing
 * has changed, but where no file is left.
 * @param parts of all files of the source that are there
 */
export async function formerBytes(
  connection: Connection | undefined,
  vault: Vault,
  source: Source,
  parts: readonly PendingPart[],
): Promise<FormerBytes> {
  const isAtRest = parts.length > 0 && parts.every(({ reason }) => reason === 'unchanged');
  if (connection === undefined || isAtRest || !(await hasRelation(connection, 'state.part'))) return NOTHING;
  const former = await readOtherwise(connection, source, parts);
  const isKept = (one: ReadOtherwise) =>
    one.parts.every(({ keep, sha256 }) => keep === 'sealed' && existsSync(vault.path(sha256)));
  const deliveries = former.filter(isKept).map(
    (one): PendingDelivery => ({
      source,
      parts: one.parts.map(({ name, sha256 }) => {
        const path = vault.path(sha256);
        return { file: { name, path, size: statSync(path).size }, sha256, reason: 'former bytes' };
      }),
    }),
  );
  return {
    deliveries,
    notices: notKept(
      source,
      former.filter((one) => !isKept(one)),
    ),
  };
}

const NOTHING: FormerBytes = { deliveries: [], notices: [] };

/** Whether it is delivered because of former settings alone. */
export function isOfFormerBytes({ parts }: Pick<PendingDelivery, 'parts'>): boolean {
  return parts.every(({ reason }) => reason === 'former bytes');
}

/** Of several deliveries of the same bytes the last. */
async function readOtherwise(
  connection: Connection,
  source: Source,
  parts: readonly PendingPart[],
): Promise<ReadOtherwise[]> {
  const there = parts.flatMap(({ sha256 }) => (sha256 === undefined ? [] : [sha256]));
  const rows = await connection.rows<{ deliveryKey: bigint; parts: string }>(
    `WITH former AS (
       SELECT DISTINCT s.delivery_key
       FROM state._part(NULL, NULL::TIMESTAMP) s JOIN raw.part p USING (delivery_key, ordinal)
       WHERE s.source = $1 AND s.superseded_by IS NULL AND p.first_key IS NOT NULL AND p.reader_fingerprint <> $2
         AND NOT list_contains(from_json($3::JSON, '["VARCHAR"]'), p.sha256)
     ),
     whole AS (
       SELECT delivery_key, list({name: name, sha256: sha256, keep: keep} ORDER BY ordinal) AS parts
       FROM raw.part SEMI JOIN former USING (delivery_key) GROUP BY delivery_key
     )
     SELECT max(delivery_key) AS "deliveryKey", to_json(max_by(parts, delivery_key))::VARCHAR AS parts
     FROM whole GROUP BY list_transform(parts, lambda part: part.sha256) ORDER BY 1`,
    [source.name, readerFingerprint(source), JSON.stringify(there)],
  );
  return rows.map(({ deliveryKey, parts }) => ({ deliveryKey, parts: JSON.parse(parts) as ReadOtherwise['parts'] }));
}

const NEXT =
  'Values that were corrected since may be live again beside what is read anew. If all that matters is in the present files, build from nothing: move .warehouse/ to another place, where it stays the record of what was done.';

function notKept(source: Source, former: readonly ReadOtherwise[]): WarehouseEvent[] {
  if (former.length === 0) return [];
  const readings = former.flatMap(({ deliveryKey, parts }) =>
    parts.map(({ name }) => `${name} (delivery ${deliveryKey})`),
  );
  const stand = readings.length === 1 ? 'stands as it was' : 'stand as they were';
  const why = 'because these bytes are not among its files any more, and no copy of them is in the vault';
  return [
    {
      event: 'notice',
      code: 'SOURCE_READ_OTHERWISE',
      message: `Source ${source.name}: ${listed(readings)} ${stand} read under its former settings, ${why}.`,
      next: NEXT,
    },
  ];
}

/** Says that bytes stand as they were read, because they do not fit the settings of today. */
export function doesNotFit({ source, parts }: PendingDelivery, { code, message }: WarehouseError): WarehouseEvent {
  const names = listed(parts.map(({ file }) => file.name));
  const stand = parts.length === 1 ? 'stands as it was' : 'stand as they were';
  return {
    event: 'notice',
    code: 'SOURCE_READ_OTHERWISE',
    message: `Source ${source.name}: ${names}, in bytes that are not among its files any more, ${stand} read under its former settings. Under those of today: ${message} (${code})`,
    next: NEXT,
  };
}
