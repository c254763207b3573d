import { WarehouseError } from '../lib/errors.ts';
import type { Covers, Source } from '../project/source.ts';
import { insertRows } from '../store/insert-rows.ts';
import { loadCsv } from './csv-source.ts';
import { checkIdentities } from './identity-check.ts';
import type { LoadContext, PartContent } from './load-context.ts';
import { nameItems } from './naming.ts';
import { loadOdm } from './odm-source.ts';
import type { TakenDelivery } from './pending.ts';
import { checkRemovals, liveBefore } from './removals.ts';
import { hashOf, type SourceFile } from './source-file.ts';
import { rebuildState, stateIsStale } from './state.ts';

export interface Delivered {
  readonly deliveryKey: number;
  readonly source: string;
  readonly name: string;
  /** Items of an ODM document, rows of a CSV file. */
  readonly items: number;
  readonly ms: number;
}

/**
 * Loads one delivery in one transaction: its rows, definitions, names, part and delivery rows, and its record in the
 * ledger. Either all of it is there afterwards or nothing.
 */
export async function deliver(context: LoadContext, pending: TakenDelivery): Promise<Delivered> {
  const { connection, events, clock } = context;
  const started = clock().getTime();
  const { source, file } = pending;
  events({ event: 'step', step: file.name, state: 'start', label: `load ${file.name}` });
  const delivered = await connection.transaction(async () => {
    const mayRemove = (await countLive(context, source)) > 0;
    const deliveryKey = await nextNumber(context, 'delivery_key', 'raw.delivery');
    const firstKey = await nextNumber(context, 'last_key', 'raw.part');
    const earlier = await sameBytes(context, pending);
    const place = { deliveryKey, ordinal: 1, firstKey };
    const content = earlier ?? (await loadPart(context, source, { ...file, path: pending.path }, place));
    if (earlier === undefined) {
      await assertUnchanged(pending);
      await checkIdentities(connection, firstKey);
      if (source.format === 'odm') await nameItems(connection, deliveryKey, firstKey);
    }
    await insertPart(context, pending, deliveryKey, content);
    await insertDelivery(context, pending, deliveryKey, earlier === undefined ? content : undefined);
    if (mayRemove) await stopRemovals(context, pending);
    await record(context, pending, deliveryKey, content);
    const items = Number(content.columns.item_data_count ?? content.columns.file_row_count ?? 0);
    return { deliveryKey, source: source.name, name: file.name, items };
  });
  const ms = clock().getTime() - started;
  events({ event: 'step', step: file.name, state: 'end', label: `loaded ${file.name}`, ms });
  return { ...delivered, ms };
}

function loadPart(
  context: LoadContext,
  source: Source,
  file: SourceFile,
  place: { deliveryKey: number; ordinal: number; firstKey: number },
): Promise<PartContent> {
  return source.format === 'odm' ? loadOdm(context, source, file, place) : loadCsv(context, source, file, place);
}

/** Where no copy is kept, the file itself was read, after it was hashed. */
async function assertUnchanged({ file, path, sha256 }: TakenDelivery): Promise<void> {
  if (path !== file.path || (await hashOf(file)) === sha256) return;
  throw new WarehouseError({
    kind: 'data',
    code: 'SOURCE_CHANGED',
    message: 'The file changed while it was being read.',
    place: { file: file.name },
    next: 'Nothing of it was loaded. Build again when its transfer has ended.',
  });
}

/**
 * Bytes that arrived before, read in the same way, are not stored again: the part points at their rows. Not so if data
 * of a study were refused then that the project is for now.
 */
async function sameBytes(context: LoadContext, { source, sha256 }: TakenDelivery): Promise<PartContent | undefined> {
  const dialect = source.format === 'odm' ? (source.dialect ?? null) : null;
  const row = await context.connection.row<Record<string, string | number | bigint | boolean | null>>(
    `SELECT p.* FROM raw.part p JOIN raw.delivery d USING (delivery_key)
     WHERE p.sha256 = $1 AND d.system = $2 AND d.environment = $3 AND d.study = $4 AND d.policy_fingerprint = $5
       AND p.format = $6 AND ($7 IS NULL OR p.dialect = $7) AND (p.format = 'odm' OR d.source = $8)
       AND NOT EXISTS (FROM raw.refused r WHERE r.delivery_key = p.delivery_key AND r.part_ordinal = p.ordinal
         AND list_contains(from_json($9::JSON, '["VARCHAR"]'), r.study_oid))
     ORDER BY delivery_key LIMIT 1`,
    [
      sha256,
      source.system,
      context.study.environment,
      context.study.id,
      context.boundary.fingerprint,
      source.format,
      dialect,
      source.name,
      JSON.stringify(context.study.oids),
    ],
  );
  if (row === undefined) return undefined;
  const { content_sha256, content_size_bytes, first_key, last_key, ...columns } = row;
  return {
    contentSha256: String(content_sha256),
    contentSize: Number(content_size_bytes),
    firstKey: first_key === null ? null : Number(first_key),
    lastKey: last_key === null ? null : Number(last_key),
    columns,
  };
}

async function insertPart(
  { connection }: LoadContext,
  { source, file, sha256 }: TakenDelivery,
  deliveryKey: number,
  content: PartContent,
): Promise<void> {
  const counts = [
    'clinical_data_count',
    'subject_data_count',
    'study_event_data_count',
    'form_data_count',
    'item_group_data_count',
    'item_data_count',
    'audit_record_count',
    'file_row_count',
  ];
  const texts = Object.fromEntries(
    Object.entries(content.columns).map(([name, value]) => [name, value === null ? null : String(value)]),
  );
  await insertRows(connection, 'raw.part', [
    {
      ...Object.fromEntries(counts.map((name) => [name, 0])),
      ...texts,
      delivery_key: deliveryKey,
      ordinal: 1,
      name: file.name,
      format: source.format,
      sha256,
      size_bytes: file.size,
      content_sha256: content.contentSha256 ?? sha256,
      content_size_bytes: content.contentSize,
      keep: source.keep,
      first_key: content.firstKey,
      last_key: content.lastKey,
    },
  ]);
}

async function insertDelivery(
  context: LoadContext,
  { source }: TakenDelivery,
  deliveryKey: number,
  brought: PartContent | undefined,
): Promise<void> {
  await insertRows(context.connection, 'raw.delivery', [
    {
      delivery_key: deliveryKey,
      source: source.name,
      system: source.system,
      environment: context.study.environment,
      study: context.study.id,
      covers: coversOf(source),
      policy_fingerprint: context.boundary.fingerprint,
      correlation_id: context.correlationId,
      arrived_at: context.clock().toISOString().slice(0, 23),
      actor: context.actor,
      tool_version: context.toolVersion,
      part_count: 1,
      first_key: brought?.firstKey ?? null,
      last_key: brought?.lastKey ?? null,
    },
  ]);
}

/** No dialect of today knows that what it sends is complete: without a declaration, ODM covers nothing. */
function coversOf(source: Source): Covers {
  return source.covers ?? 'increment';
}

/** How many live item groups a delivery of this source might remove, unasked, by its absence of them. */
async function countLive({ connection, acceptRemovals }: LoadContext, source: Source): Promise<number> {
  if (source.format !== 'odm' || coversOf(source) === 'increment' || acceptRemovals) return 0;
  if (await stateIsStale(connection)) await rebuildState(connection);
  return liveBefore(connection, source.name);
}

/**
 * A delivery that may remove by absence is tried out on state before it is committed. All others leave state to be
 * worked out once, after the last delivery.
 */
async function stopRemovals(context: LoadContext, { file }: TakenDelivery): Promise<void> {
  const { connection, removalThreshold } = context;
  await rebuildState(connection);
  const finding = await checkRemovals(connection, removalThreshold);
  if (finding === undefined) return;
  throw new WarehouseError({
    kind: 'data',
    code: 'REMOVAL_THRESHOLD',
    message: finding,
    place: { file: file.name },
    next: 'Nothing was loaded. Check that the file is complete; if the removals are meant, build again with --accept-removals.',
  });
}

async function record(
  context: LoadContext,
  { source, file, sha256 }: TakenDelivery,
  deliveryKey: number,
  content: PartContent,
): Promise<void> {
  await context.ledger.append([
    {
      action: 'delivery.load',
      object: `delivery/${deliveryKey}`,
      correlationId: context.correlationId,
      after: content.contentSha256 ?? sha256,
      meta: { source: source.name, part: file.name, sha256, size: file.size, covers: coversOf(source) },
    },
  ]);
}

async function nextNumber({ connection }: LoadContext, column: string, table: string): Promise<number> {
  const row = await connection.row<{ next: bigint }>(`SELECT coalesce(max(${column}), 0) + 1 AS next FROM ${table}`);
  return Number(row?.next);
}
