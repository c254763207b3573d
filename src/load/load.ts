import { randomUUID } from 'node:crypto';
import { constants, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { type Delivered, deliver } from './deliver.ts';
import type { LoadContext } from './load-context.ts';
import type { PendingDelivery, TakenDelivery } from './pending.ts';
import { hashOf, unreadable } from './source-file.ts';
import { rebuildState, stateIsStale } from './state.ts';

/**
 * Loads what is pending, one delivery after the other, and works out what is live. A delivery that fails lands nothing
 * and stops the load; those before it stay.
 */
export async function loadDeliveries(context: LoadContext, pending: readonly PendingDelivery[]): Promise<Delivered[]> {
  const delivered: Delivered[] = [];
  try {
    for (const one of pending) delivered.push(await deliver(context, await takeIn(context, one)));
  } finally {
    if (delivered.length > 0 || (await stateIsStale(context.connection)))
      await context.connection.transaction(() => rebuildState(context.connection));
  }
  return delivered;
}

/**
 * Takes the bytes in: a copy goes into the vault, where the source says so, and what is loaded is that copy, so that a
 * file which changes meanwhile cannot be half old and half new.
 */
async function takeIn({ vault }: LoadContext, pending: PendingDelivery): Promise<TakenDelivery> {
  const { file, source } = pending;
  if (source.keep !== 'sealed') {
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
    throw unreadable(file, error);
  } finally {
    vault.discard(incoming);
  }
}

export function newCorrelationId(): string {
  return randomUUID();
}
