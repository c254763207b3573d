import { existsSync, statSync } from 'node:fs';
import type { WarehouseError } from '../../lib/errors.ts';
import type { WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import type { Covers, Source } from '../../project/source.ts';
import type { Connection } from '../../store/connection.ts';
import { isDefined } from '../../store/define-once.ts';
import type { PendingDelivery, PendingPart } from '../pending-delivery.ts';
import { readerFingerprint } from '../reader-fingerprint.ts';
import { hashOf } from '../source-file.ts';
import type { Vault } from '../vault.ts';

/** A delivery that stands as it was read under former settings of its source. */
export interface ReadOtherwise {
  readonly deliveryKey: bigint;
  /** Its place in the order of arrival. */
  readonly turn: bigint;
  /** In force. */
  readonly covers: Covers;
  readonly parts: readonly { readonly name: string; readonly sha256: string; readonly member: string | null }[];
  /** Those of its bytes that stand so. */
  readonly standing: readonly string[];
}

/** What there is to do about bytes that stand and are among the files of their source no more. */
export interface FormerBytes {
  /** To be delivered anew, in the order in which they arrived. */
  readonly deliveries: readonly PendingDelivery[];
  /** What the vault does not have. */
  readonly notKept: readonly ReadOtherwise[];
}

/**
 * What stands as it was read under former settings of a source, and is not among its files any more: what a file held
 * before its bytes changed, and files that are gone.
 * @param parts of the files of the source that are there
 */
export async function formerReadings(
  connection: Connection,
  source: Source,
  parts: readonly PendingPart[],
): Promise<readonly ReadOtherwise[]> {
  if (!(await isReadOtherwise(connection, source))) return [];
  return notThere(await readOtherwise(connection, source), parts);
}

/** What of such readings is delivered anew from the vault: in its place, and under the `covers` that it had. */
export function formerBytes(vault: Vault, source: Source, former: readonly ReadOtherwise[]): FormerBytes {
  const isKept = (one: ReadOtherwise) => one.parts.every(({ sha256 }) => existsSync(vault.path(sha256)));
  return {
    deliveries: former.filter(isKept).map((one) => fromVault(vault, source, one)),
    notKept: former.filter((one) => !isKept(one)),
  };
}

/** Whether anything of the source ever was; mostly nothing, and then nobody need ask what stands. */
async function isReadOtherwise(connection: Connection, source: Source): Promise<boolean> {
  const found = await connection.row(
    `SELECT 1 FROM raw.part JOIN raw.delivery d USING (delivery_key) WHERE d.source = $1 AND reader_fingerprint <> $2 LIMIT 1`,
    [source.name, readerFingerprint(source)],
  );
  return found !== undefined && (await isDefined(connection, 'state-rules.sql'));
}

function fromVault(vault: Vault, source: Source, { turn, covers, parts }: ReadOtherwise): PendingDelivery {
  return {
    source: { ...source, covers } as Source,
    parts: parts.map(({ name, sha256, member }) => {
      const path = vault.path(sha256);
      return {
        file: { name, path, size: statSync(path).size, member: member ?? undefined },
        sha256,
        turn,
        reason: 'former bytes',
      };
    }),
  };
}

/** Of several deliveries of the same bytes the last in order. */
async function readOtherwise(connection: Connection, source: Source): Promise<ReadOtherwise[]> {
  const rows = await connection.rows<{ deliveryKey: bigint; turn: bigint; covers: Covers; lists: string }>(
    `WITH former AS (
       SELECT s.delivery_key, list(DISTINCT p.sha256) AS standing
       FROM state._part(NULL, NULL::TIMESTAMP) s JOIN raw.part p USING (delivery_key, ordinal)
       WHERE s.source = $1 AND s.superseded_by IS NULL AND p.first_key IS NOT NULL AND p.reader_fingerprint <> $2
       GROUP BY s.delivery_key
     ),
     whole AS (
       SELECT delivery_key, coalesce(d.retry_of, delivery_key) AS turn, d.covers, former.standing,
         list({name: p.name, sha256: p.sha256, member: p.member} ORDER BY p.ordinal) AS parts
       FROM raw.part p JOIN former USING (delivery_key) JOIN raw.delivery d USING (delivery_key) GROUP BY ALL
     )
     SELECT delivery_key AS "deliveryKey", turn, covers, to_json({parts: parts, standing: standing})::VARCHAR AS lists
     FROM whole
     QUALIFY row_number() OVER (
       PARTITION BY list_transform(parts, lambda part: part.sha256) ORDER BY turn DESC, delivery_key DESC) = 1
     ORDER BY turn, delivery_key`,
    [source.name, readerFingerprint(source)],
  );
  return rows.map(({ lists, ...one }) => ({
    ...one,
    ...(JSON.parse(lists) as Pick<ReadOtherwise, 'parts' | 'standing'>),
  }));
}

/** Those that stand by bytes which no file has, under whatever name. */
async function notThere(former: readonly ReadOtherwise[], parts: readonly PendingPart[]): Promise<ReadOtherwise[]> {
  const there = new Set<string>();
  if (former.length > 0) for (const { sha256, file } of parts) there.add(sha256 ?? (await hashOf(file)));
  return former.filter(({ standing }) => standing.some((sha256) => !there.has(sha256)));
}

/** What is to be delivered of a source, former bytes among what is there: a file may stand on what came before it. */
export function withFormer(
  present: readonly PendingDelivery[],
  former: readonly PendingDelivery[],
): readonly PendingDelivery[] {
  const merged = [...present];
  for (const one of [...former].reverse()) {
    const isBefore = ({ parts }: PendingDelivery) =>
      parts.every(({ last }) => last !== undefined && last.turn < one.parts[0].turn!);
    merged.splice(present.findLastIndex(isBefore) + 1, 0, one);
  }
  return merged;
}

const NEXT =
  'Values that were corrected since may be live again beside what is read anew. If all that matters is in the present files, build from nothing: move .warehouse/ to another place, where it stays the record of what was done.';

/** Says what stays as it was read, for want of a copy. */
export function standsAsRead(source: Source, former: readonly ReadOtherwise[]): WarehouseEvent[] {
  if (former.length === 0) return [];
  const readings = former.flatMap(({ deliveryKey, parts }) =>
    parts.map(({ name }) => `${name} (delivery ${deliveryKey})`),
  );
  const stand = readings.length === 1 ? 'stands as it was' : 'stand as they were';
  return [
    {
      event: 'notice',
      code: 'SOURCE_READ_OTHERWISE',
      message: `Source ${source.name}: ${listed(readings)} ${stand} read under its former settings, because these bytes are not among its files any more, and no copy of them is in the vault.`,
      next: NEXT,
    },
  ];
}

/** What is wrong with bytes themselves, and with nothing else. */
const UNFIT = /^(CSV_|ODM_|STUDY_REFUSED$|SOURCE_INCOMPLETE$)/;

/** Whether former bytes are left as they were read because they do not fit the settings of today: nobody can correct them. */
export function mayBeLeft({ parts }: PendingDelivery, { kind, code }: WarehouseError): boolean {
  return kind === 'data' && UNFIT.test(code) && parts.every(({ reason }) => reason === 'former bytes');
}

/** Says that bytes stand as they were read, because they do not fit the settings of today. */
export function doesNotFit(
  { source, parts }: PendingDelivery,
  { code, message, place }: WarehouseError,
): WarehouseEvent {
  const names = listed(parts.map(({ file }) => file.name));
  const stand = parts.length === 1 ? 'stands as it was' : 'stand as they were';
  const line = place.line === undefined ? '' : `, line ${place.line}`;
  return {
    event: 'notice',
    code: 'SOURCE_READ_OTHERWISE',
    message: `Source ${source.name}: ${names}, in bytes that are not among its files any more, ${stand} read under its former settings. Under those of today: ${message} (${code}${line})`,
    next: NEXT,
  };
}
