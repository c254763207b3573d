import { constants, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { WarehouseError } from '../lib/errors.ts';
import type { Source } from '../project/source.ts';
import type { LoadContext } from './load-context.ts';
import type { PendingDelivery, PendingPart, TakenDelivery, TakenPart } from './pending-delivery.ts';
import { hashOf, type SourceFile, unreadable } from './source-file.ts';

/**
 * Takes in the bytes of a delivery, so that they are known and will not change while they are read.
 * @throws data SOURCE_UNREADABLE, VAULT_CHANGED; fault VAULT_NO_ROOM
 */
export async function takeIn(context: LoadContext, { source, parts }: PendingDelivery): Promise<TakenDelivery> {
  const taken: TakenPart[] = [];
  for (const part of parts) {
    taken.push(part.reason === 'former bytes' ? await takeFormer(part) : await takePart(context, source, part));
  }
  return { source, parts: taken };
}

/**
 * Takes the bytes in: a copy goes into the vault, where the source says so, and what is loaded is that copy, so that a
 * file which changes meanwhile cannot be half old and half new.
 */
async function takePart({ vault }: LoadContext, { keep }: Source, pending: PendingPart): Promise<TakenPart> {
  const { file } = pending;
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
    next: 'Nothing of it was loaded. Run warehouse verify, restore .warehouse/vault from a backup, and build again.',
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
