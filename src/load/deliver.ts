import type { LedgerEntry } from '../audit/ledger.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { WarehouseEvent } from '../lib/events.ts';
import { sha256Hex } from '../lib/hash.ts';
import { listed } from '../lib/listed.ts';
import type { Damage } from '../odm/recover/damage.ts';
import type { Covers } from '../project/source.ts';
import type { Connection } from '../store/connection.ts';
import { changedColumns } from './check/absent-columns.ts';
import { absentItems, valuesBefore } from './check/absent-items.ts';
import { countsDiffer } from './check/count-check.ts';
import { sameTime, withoutTime } from './check/document-times.ts';
import { checkIdentities, checkRowIdentities } from './check/identity-check.ts';
import { quarantined } from './check/quarantined.ts';
import { repeatedKeys } from './check/repeated-keys.ts';
import { replacedFiles } from './check/replaced-files.ts';
import { saidTwice } from './check/said-twice.ts';
import { loadCsv } from './csv/source.ts';
import { insertDelivery, insertParts } from './delivery-rows.ts';
import type { LoadContext, PartContent } from './load-context.ts';
import { nameItems } from './naming.ts';
import { recovering } from './odm/recover.ts';
import { loadOdm } from './odm/source.ts';
import { isOfFormerBytes, type TakenDelivery, type TakenPart } from './pending-delivery.ts';
import { deliveryCovers } from './removal/delivery-covers.ts';
import { liveBefore, type Removal } from './removal/item-group-removals.ts';
import { removalWithin } from './removal/removal-within.ts';
import type { AmongOthers } from './removal/standing-after.ts';
import { sameBytes } from './same-bytes.ts';
import { coversOf, replacesAll } from './source-delivery.ts';
import { hashOf } from './source-file.ts';
import { replacedBy } from './standing-parts.ts';
import { rebuildState, stateIsStale } from './state.ts';

export interface Delivered {
  readonly deliveryKey: number;
  readonly source: string;
  /** The files. */
  readonly name: string;
  /** Items of an ODM document, rows of a CSV file. */
  readonly items: number;
  readonly ms: number;
}

interface Numbers {
  readonly deliveryKey: number;
  readonly firstKey: number;
}

/**
 * What is to be recorded of a delivery beside itself, once all of it but its record has landed. Where it throws, nothing
 * of the delivery lands.
 */
export type AlsoRecorded = (deliveryKey: number) => Promise<readonly LedgerEntry[]>;

/**
 * Loads one delivery in one transaction: its rows, definitions, names, part and delivery rows, and its record in the
 * ledger. Either all of it is there afterwards or nothing.
 */
export async function deliver(
  context: LoadContext,
  pending: TakenDelivery,
  among: AmongOthers,
  alsoRecorded: AlsoRecorded = async () => [],
): Promise<Delivered> {
  const { connection, events, clock } = context;
  const started = clock().getTime();
  const names = pending.parts.map(({ file }) => file.name);
  for (const name of names) events({ event: 'step', step: name, state: 'start', label: `load ${name}` });
  const notices: WarehouseEvent[] = [];
  const [{ file, path }] = pending.parts;
  const delivered = await recovering(context, pending.source, { ...file, path }, (damages) =>
    connection.transaction(async () => {
      const mayRemove = await noteLive(context, pending);
      const numbers = {
        deliveryKey: await nextNumber(context, 'delivery_key', 'raw.delivery'),
        firstKey: await nextNumber(context, 'last_key', 'raw.part'),
      };
      const earlier = await sameBytes(context, pending);
      const contents = earlier ?? (await loadParts(context, pending, numbers, damages));
      const { deliveryKey } = numbers;
      const before = await replacedBy(connection, pending.source, deliveryKey);
      const delivery = { deliveryKey, covers: await deliveryCovers(context, pending, deliveryKey, before, contents) };
      await insertParts(context, pending, deliveryKey, contents);
      await insertDelivery(context, pending, delivery, earlier === undefined ? contents : []);
      const removes = delivery.covers !== 'increment';
      const guarded = mayRemove && removes;
      const { removal, stays, stood } = await removalWithin(context, pending, among, { before, contents, guarded });
      notices.push(
        ...(removes && stays && !isOfFormerBytes(pending) ? replacedFiles(pending, stood) : []),
        ...(await absences(context, pending, among, { deliveryKey, guarded })),
        ...(earlier === undefined ? await contradictions(connection, pending, deliveryKey, contents) : []),
        ...(await quarantined(context, pending, delivery, before, contents)),
        ...(await sameTime(connection, pending, deliveryKey)),
        ...(await withoutTime(connection, pending, deliveryKey)),
      );
      const also = await alsoRecorded(deliveryKey);
      await record(context, pending, delivery, contents, removal, also);
      return { deliveryKey, items: contents.reduce((sum, content) => sum + itemsOf(content), 0) };
    }),
  );
  const ms = clock().getTime() - started;
  for (const name of names) events({ event: 'step', step: name, state: 'end', label: `loaded ${name}`, ms });
  for (const notice of notices) events(notice);
  return { ...delivered, source: pending.source.name, name: listed(names), ms };
}

function itemsOf({ columns }: PartContent): number {
  return Number(columns.item_data_count ?? 0) + Number(columns.file_row_count ?? 0);
}

/**
 * What DuckDB may hold while documents land: rows are written, and then read once, in order and column by column. What
 * is sorted or joined goes to disk beyond that.
 */
const LANDING_MEMORY = '128MB';

function loadParts(
  context: LoadContext,
  delivery: TakenDelivery,
  numbers: Numbers,
  damages: readonly Damage[],
): Promise<PartContent[]> {
  const land = () => landParts(context, delivery, numbers, damages);
  return delivery.source.format === 'odm'
    ? context.connection.withSetting('memory_limit', LANDING_MEMORY, land)
    : land();
}

async function landParts(
  context: LoadContext,
  { source, parts }: TakenDelivery,
  { deliveryKey, firstKey }: Numbers,
  damages: readonly Damage[],
): Promise<PartContent[]> {
  const { connection } = context;
  const earlier = new Map<string, number>();
  const contents: PartContent[] = [];
  let next = firstKey;
  for (const part of parts) {
    const file = { ...part.file, path: part.path };
    const place = { deliveryKey, ordinal: contents.length + 1, firstKey: next };
    const content =
      source.format === 'odm'
        ? await loadOdm(context, source, file, place, damages)
        : await loadCsv(context, source, file, place, earlier);
    await assertUnchanged(part);
    contents.push(content);
    next = (content.lastKey ?? next - 1) + 1;
  }
  if (source.format === 'csv') await checkRowIdentities(connection, source, firstKey);
  else {
    await checkIdentities(connection, firstKey);
    await nameItems(connection, deliveryKey, firstKey);
  }
  return contents;
}

/** Where no copy is kept, the file itself was read, after it was hashed. What is in the vault does not change. */
async function assertUnchanged({ file, path, sha256, reason }: TakenPart): Promise<void> {
  if (path !== file.path || reason === 'former bytes' || (await hashOf(file)) === sha256) return;
  throw new WarehouseError({
    kind: 'data',
    code: 'SOURCE_CHANGED',
    message: 'The file changed while it was being read.',
    place: { file: file.name },
    next: 'Nothing of it was loaded. Build again when its transfer has ended.',
  });
}

/**
 * Whether the delivery might remove something, unasked, by its absence; what is live of ODM is noted for comparison. What
 * former bytes do not hold was absent when they came first.
 */
async function noteLive({ connection, removalThreshold }: LoadContext, pending: TakenDelivery): Promise<boolean> {
  const { source } = pending;
  if (removalThreshold >= 1 || isOfFormerBytes(pending)) return false;
  if (source.format === 'csv') return replacesAll(source);
  if (coversOf(source) === 'increment') return false;
  if (await stateIsStale(connection)) await rebuildState(connection);
  if ((await liveBefore(connection, source.name)) === 0) return false;
  await valuesBefore(connection, source.name);
  return true;
}

/** What of new bytes does not agree with the rest of them, or with what landed. */
async function contradictions(
  connection: Connection,
  pending: TakenDelivery,
  deliveryKey: number,
  contents: readonly PartContent[],
): Promise<WarehouseEvent[]> {
  return [
    ...(await repeatedKeys(connection, pending, contents)),
    ...(await countsDiffer(connection, pending, deliveryKey)),
    ...(await saidTwice(connection, pending, deliveryKey)),
  ];
}

/** What of items or columns the delivery does not hold, although those before did. */
async function absences(
  { connection }: LoadContext,
  pending: TakenDelivery,
  { formerBytes }: AmongOthers,
  { deliveryKey, guarded }: { readonly deliveryKey: number; readonly guarded: boolean },
): Promise<WarehouseEvent[]> {
  if (isOfFormerBytes(pending)) return [];
  if (pending.source.format === 'csv') return changedColumns(connection, pending, deliveryKey, formerBytes);
  return guarded ? absentItems(connection, pending, deliveryKey) : [];
}

/** @param removal what was accepted although it is more than the threshold */
async function record(
  { ledger, correlationId }: LoadContext,
  { source, parts }: TakenDelivery,
  { deliveryKey, covers }: { readonly deliveryKey: number; readonly covers: Covers },
  contents: readonly PartContent[],
  removal: Removal | undefined,
  also: readonly LedgerEntry[],
): Promise<void> {
  const hashes = parts.map(({ sha256 }, index) => contents[index].contentSha256 ?? sha256);
  await ledger.append([
    {
      action: 'delivery.load',
      object: `delivery/${deliveryKey}`,
      correlationId,
      after: hashes.length === 1 ? hashes[0] : sha256Hex(canonicalJson(hashes)),
      meta: {
        source: source.name,
        covers,
        parts: parts.map(({ file, sha256, reason }) => ({ name: file.name, sha256, size: file.size, reason })),
        ...(removal && { removalsAccepted: { removed: removal.removed, live: removal.live } }),
      },
    },
    ...also,
  ]);
}

async function nextNumber({ connection }: LoadContext, column: string, table: string): Promise<number> {
  const row = await connection.row<{ next: bigint }>(`SELECT coalesce(max(${column}), 0) + 1 AS next FROM ${table}`);
  return Number(row?.next);
}
