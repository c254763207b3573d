import type { LedgerEntry } from '../audit/ledger.ts';
import { WarehouseError } from '../lib/errors.ts';
import { silent } from '../lib/events.ts';
import { recordClassifications } from '../load/classification.ts';
import { completeState, loadOne } from '../load/load.ts';
import { pendingDeliveries } from '../load/pending/pending.ts';
import type { PendingDelivery } from '../load/pending-delivery.ts';
import { readerFingerprint } from '../load/reader-fingerprint.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import type { LoadOptions } from './build.ts';
import { assertOpen, type Fragment, fragmentOf, fragmentText, particularsOf } from './fragment.ts';
import { defineReconciliation } from './reconcile.ts';
import {
  type Context,
  commandFor,
  isBuilt,
  loadContext,
  notBuilt,
  vaultOf,
  type Warehouse,
  withWarehouse,
} from './warehouse.ts';

/** How often a fragment may be tried. */
const MOST_ATTEMPTS = 3;

export interface Retried {
  /** As it is now. */
  readonly fragment: Fragment;
  /** The delivery by which it landed. */
  readonly delivery: number;
  /** Fragments of the same bytes that are put aside still, under numbers of that delivery. */
  readonly still: number;
}

/**
 * Reads the file of a fragment again, as the next build would: with the settings and the reader of now, from where it is
 * or from the vault, in the place of its earlier reading. It lands if this fragment can be used now; else nothing does,
 * and the attempt is in the ledger all the same.
 * @throws usage NOT_BUILT, WAREHOUSE_OTHER_STUDY, QUARANTINE_UNKNOWN, QUARANTINE_DECIDED, QUARANTINE_ATTEMPTS, and what
 * stops a build before it loads; data QUARANTINE_UNCHANGED, QUARANTINE_NO_BYTES, QUARANTINE_AGAIN, and what stops a file
 * from landing; fault STORE_LOCKED, LEDGER_*
 */
export async function quarantineRetry(
  project: Project,
  options: LoadOptions & { readonly number: number },
  context: Context,
): Promise<Retried> {
  if (!isBuilt(project)) throw notBuilt(project);
  return withWarehouse(project, { ...options, landing: true }, context, async (warehouse) => {
    const { connection } = warehouse;
    await completeState(connection);
    await defineReconciliation(connection, project);
    const fragment = await fragmentOf(connection, project, options.number);
    assertOpen(fragment, project);
    if (fragment.attempts >= MOST_ATTEMPTS) throw noMoreAttempts(fragment, project);
    const delivery = await attempt(warehouse, options, fragment).catch(async (error: unknown) => {
      if (!(error instanceof WarehouseError) || error.kind !== 'data') throw error;
      await warehouse.ledger.append([{ ...attemptOf(warehouse, fragment, error.code), effect: 'done' }]);
      throw withAttempts(error, fragment, project);
    });
    await warehouse.landed();
    await defineReconciliation(connection, project);
    const still = await connection.row<{ still: number }>(
      'SELECT count(*)::DOUBLE AS still FROM raw.quarantine WHERE delivery_key = $1',
      [delivery],
    );
    return { fragment: await fragmentOf(connection, project, options.number), delivery, still: still?.still ?? 0 };
  });
}

async function attempt(warehouse: Warehouse, options: LoadOptions, fragment: Fragment): Promise<number> {
  const { connection, project } = warehouse;
  const pending = await pendingOf(connection, project, fragment);
  const { parser, acceptRemovals = false } = options;
  const loading = loadContext(warehouse, { parser, acceptRemovals });
  await recordClassifications(loading, project.sources);
  const { deliveryKey } = await loadOne(loading, pending, async (delivery) => {
    await assertUsed(connection, fragment, delivery);
    return [attemptOf(warehouse, fragment, 'used', delivery)];
  });
  return deliveryKey;
}

/** What the next build would deliver of the bytes that the fragment stands in. */
async function pendingOf(connection: Connection, project: Project, fragment: Fragment): Promise<PendingDelivery> {
  const parts = await connection.rows<{ sha256: string; reader: string }>(
    'SELECT sha256, reader_fingerprint AS reader FROM raw.part WHERE delivery_key = $1 ORDER BY ordinal',
    [fragment.standsAs],
  );
  const all = await pendingDeliveries(connection, project, vaultOf(project), silent);
  const isOfThese = ({ source, parts: pending }: PendingDelivery) =>
    source.name === fragment.source &&
    pending.length === parts.length &&
    pending.every(({ sha256 }, index) => sha256 === parts[index].sha256);
  const found = all.find(isOfThese);
  if (found !== undefined) return found;
  const source = project.sources.find(({ name }) => name === fragment.source)!;
  throw parts[0].reader === readerFingerprint(source) ? unchanged(fragment) : noBytes(fragment);
}

/**
 * Whether the fragment is not put aside in a delivery that has landed and is not committed.
 * @throws data QUARANTINE_AGAIN
 */
async function assertUsed(connection: Connection, fragment: Fragment, delivery: number): Promise<void> {
  const again = await connection.row<{ code: string; reason: string }>(
    `SELECT o.code, o.reason
     FROM recon._fragments_of n
     JOIN recon._fragments_of f ON f.delivery_key = $1 AND f.ordinal = $2 AND n.content_sha256 = f.content_sha256
     JOIN raw.quarantine o ON o.delivery_key = n.kept_by AND o.part_ordinal = n.ordinal
     WHERE n.delivery_key = $3 AND o.place < $4 AND o.place + o.length > $5
     ORDER BY o.place LIMIT 1`,
    [fragment.delivery, fragment.part, delivery, fragment.byte + fragment.length, fragment.byte],
  );
  if (again === undefined) return;
  throw new WarehouseError({
    kind: 'data',
    code: 'QUARANTINE_AGAIN',
    message: `Read again, it cannot be used either: ${again.reason} (${again.code})`,
    place: placeOf(fragment),
  });
}

function attemptOf({ correlationId }: Warehouse, fragment: Fragment, outcome: string, landedAs?: number): LedgerEntry {
  return {
    action: 'quarantine.retry',
    object: `quarantine/${fragment.number}`,
    correlationId,
    meta: {
      ...particularsOf(fragment),
      attempt: fragment.attempts + 1,
      outcome,
      ...(landedAs !== undefined && { landedAs }),
    },
  };
}

const placeOf = ({ file, line, byte }: Fragment) => ({ file, ...(line === null ? { byte } : { line }) });

const unchanged = (fragment: Fragment) =>
  new WarehouseError({
    kind: 'data',
    code: 'QUARANTINE_UNCHANGED',
    message: `It would be read as it was: neither the settings of source ${fragment.source} nor its reader are others than then.`,
    place: placeOf(fragment),
  });

const noBytes = (fragment: Fragment) =>
  new WarehouseError({
    kind: 'data',
    code: 'QUARANTINE_NO_BYTES',
    message: `The file with these bytes is not among those of source ${fragment.source}, and no copy of it is in the vault.`,
    place: placeOf(fragment),
  });

const OTHERWISE = 'a file in which it is corrected replaces this one, or';

/** The error of an attempt, with how many are left and what else there is to do. */
function withAttempts(error: WarehouseError, { number, attempts }: Fragment, { target }: Project): WarehouseError {
  const { kind, code, message, place, next } = error;
  const left = MOST_ATTEMPTS - attempts - 1;
  const discard = commandFor(target, `quarantine discard ${number} --reason TEXT`);
  const said = next === undefined ? '' : `${next} `;
  return new WarehouseError({
    kind,
    code,
    message,
    place,
    next: `${said}Nothing landed. This was attempt ${attempts + 1} of ${MOST_ATTEMPTS}${left === 0 ? ', the last' : ''}; ${OTHERWISE} ${discard} if it holds nothing that is to land.`,
    cause: error,
  });
}

function noMoreAttempts(fragment: Fragment, { target }: Project): WarehouseError {
  const discard = commandFor(target, `quarantine discard ${fragment.number} --reason TEXT`);
  return new WarehouseError({
    kind: 'usage',
    code: 'QUARANTINE_ATTEMPTS',
    message: `All ${MOST_ATTEMPTS} attempts at ${fragmentText(fragment)} are used up.`,
    next: `A build reads its file anew where settings of source ${fragment.source} or the reader have changed; else ${OTHERWISE} ${discard} if it holds nothing that is to land.`,
  });
}
