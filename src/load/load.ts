import { constants, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { WarehouseError } from '../lib/errors.ts';
import type { Source } from '../project/source.ts';
import { seriesGaps } from './check/series.ts';
import { type Delivered, deliver } from './deliver.ts';
import type { LoadContext } from './load-context.ts';
import { cameBack } from './pending/came-back.ts';
import { comesAgain } from './pending/comes-again.ts';
import { doesNotFit, isOfFormerBytes } from './pending/former-bytes.ts';
import type { PendingDelivery, PendingPart, TakenDelivery, TakenPart } from './pending/pending-delivery.ts';
import { replacesAll } from './source-delivery.ts';
import { hashOf, type SourceFile, unreadable } from './source-file.ts';
import { rebuildState, stateIsStale } from './state.ts';

/**
 * Loads what is pending, one delivery after the other, and works out what is live. A delivery that fails lands nothing
 * and stops the load; those before it stay. Former bytes that do not fit the settings of today stop nothing: nobody can
 * correct them, and they stand as they were read.
 */
export async function loadDeliveries(context: LoadContext, pending: readonly PendingDelivery[]): Promise<Delivered[]> {
  const delivered: Delivered[] = [];
  context.vault.sweep();
  try {
    await deliverAll(context, pending, delivered);
    if (pending.some(({ among }) => among !== undefined)) {
      await deliverAll(context, await cameBack(context, pending), delivered);
    }
  } catch (error) {
    // What stopped the load is what a person has to know; state that could not be worked out now is stale the next time.
    await workOutState(context, delivered).catch(() => {});
    throw error;
  }
  await workOutState(context, delivered);
  const keys = delivered.map(({ deliveryKey }) => deliveryKey);
  for (const gap of await seriesGaps(context.connection, keys)) context.events(gap);
  return delivered;
}

/** @param delivered what was in this load, to which these are added */
async function deliverAll(
  context: LoadContext,
  pending: readonly PendingDelivery[],
  delivered: Delivered[],
): Promise<void> {
  for (const [index, one] of pending.entries()) {
    const isAgain = (next: PendingDelivery) => comesAgain(next) && next.source.name === one.source.name;
    const following = replacesAll(one.source) ? pending.slice(index + 1).filter(isAgain) : [];
    const among = { firstDelivery: delivered[0]?.deliveryKey, following };
    try {
      delivered.push(await deliver(context, await takeIn(context, one), among));
    } catch (error) {
      if (!isOfFormerBytes(one) || !(error instanceof WarehouseError) || error.kind !== 'data') throw error;
      for (const { file } of one.parts) {
        context.events({ event: 'step', step: file.name, state: 'end', label: `left ${file.name} as it was read` });
      }
      context.events(doesNotFit(one, error));
    }
  }
}

async function workOutState({ connection }: LoadContext, delivered: readonly Delivered[]): Promise<void> {
  if (delivered.length === 0 && !(await stateIsStale(connection))) return;
  await connection.transaction(() => rebuildState(connection));
}

async function takeIn(context: LoadContext, { source, parts }: PendingDelivery): Promise<TakenDelivery> {
  const taken: TakenPart[] = [];
  for (const part of parts) taken.push(await takePart(context, source, part));
  return { source, parts: taken };
}

/**
 * Takes the bytes in: a copy goes into the vault, where the source says so, and what is loaded is that copy, so that a
 * file which changes meanwhile cannot be half old and half new.
 */
async function takePart({ vault }: LoadContext, { keep }: Source, pending: PendingPart): Promise<TakenPart> {
  const { file } = pending;
  if (pending.reason === 'former bytes') return takeFormer(pending);
  if (keep !== 'sealed') {
    return { ...pending, sha256: pending.sha256 ?? (await hashOf(file)), path: file.path };
  }
  const incoming = vault.incoming();
  try {
    await copyFile(file.path, incoming, constants.COPYFILE_FICLONE);
    const { size } = statSync(incoming);
    const sha256 = await hashOf({ ...file, path: incoming });
    vault.seal(incoming, sha256);
    return { ...pending, file: { ...file, size }, sha256, path: vault.path(sha256) };
  } catch (error) {
    throw NO_ROOM.has((error as NodeJS.ErrnoException).code ?? '') ? vaultFull(file, error) : unreadable(file, error);
  } finally {
    vault.discard(incoming);
  }
}

/** Takes bytes out of the vault again. */
async function takeFormer({ file, sha256, ...pending }: PendingPart): Promise<TakenPart> {
  const found = await hashOf(file);
  if (found === sha256) return { ...pending, file, sha256, path: file.path };
  throw new WarehouseError({
    kind: 'data',
    code: 'VAULT_CHANGED',
    message: 'The copy in .warehouse/vault does not have the hash of what was delivered.',
    place: { file: file.name },
    next: 'Run warehouse verify, and restore .warehouse/vault from a backup.',
  });
}

/** What copying a file fails with where it is the copy that cannot be written. */
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS']);

function vaultFull({ name }: SourceFile, error: unknown): WarehouseError {
  return new WarehouseError({
    kind: 'fault',
    code: 'VAULT_NO_ROOM',
    message: `There is no room for a copy of the file in .warehouse/vault (${(error as NodeJS.ErrnoException).code}).`,
    place: { file: name },
    next: 'Nothing of it was loaded. Make room on the disk and build again.',
    cause: error,
  });
}
