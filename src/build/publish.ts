import { constants, copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Head, rowsHead } from '../audit/ledger-rows.ts';
import { WarehouseError } from '../lib/errors.ts';
import { sha256OfFile } from '../lib/hash.ts';
import { PARTIAL } from '../project/output-places.ts';
import type { Project, Publication } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';
import { mayHoldAbove } from './classification/held.ts';
import { copyAnew } from './copy-anew.ts';
import { projectInto } from './projection.ts';
import { isWhole } from './publication.ts';
import type { Outgoing } from './put-in-place.ts';
import { connected, workingFile } from './warehouse.ts';

/**
 * Makes a file for every publication from the closed working file, beside its place, and when all are whole has them put
 * in their places: by renaming, so that readers keep the file they have open and new ones see the new one.
 *
 * A publication of everything is a copy. One that leaves something out is built anew, because a copied file still holds
 * the bytes of what was dropped from it; and so is one of everything where that may be above its level.
 *
 * @param head how far the ledger went when the build was done: whoever has written to the file since has added to it.
 * @param place renames them from where they lie; what it leaves there is removed.
 * @throws fault PUBLISH_CHANGED; STORE_LOCKED while another process has the working file open for writing; those of
 * `projectInto`, of `copyAnew` and of `place`.
 */
export async function publish(
  project: Project,
  head: Head,
  place: (files: readonly Outgoing[]) => Promise<void>,
): Promise<void> {
  const working = workingFile(project);
  const check = (connection: Connection) => assertUntouched(connection, working, head);
  const temporaryOf = ({ file }: Publication) => join(project.root, `${file}${PARTIAL}`);
  try {
    const files: Outgoing[] = [];
    for (const publication of project.publications) {
      const { name, file } = publication;
      const temporary = temporaryOf(publication);
      remove(temporary);
      mkdirSync(dirname(temporary), { recursive: true });
      if (!isWhole(publication)) await projectInto(project, working, temporary, publication, check);
      else if (!(await copyWhole(working, temporary, publication, check))) await copyAnew(working, temporary, check);
      const { size: bytes } = statSync(temporary);
      files.push({ path: file, temporary, bytes, sha256: await sha256OfFile(temporary), meta: { name } });
    }
    await place(files);
  } finally {
    for (const publication of project.publications) remove(temporaryOf(publication));
  }
}

/**
 * Copies the working file while it is open for reading here: other processes may then read it too, and none may write.
 * It is closed right after the copy, whose end takes the lock away: on POSIX a process loses its locks on a file
 * when it closes any descriptor of it.
 * @returns false, and copies nothing, where its bytes may hold what is above the level of the publication.
 */
async function copyWhole(
  working: string,
  temporary: string,
  { level }: Publication,
  check: (connection: Connection) => Promise<void>,
): Promise<boolean> {
  const file = await WarehouseFile.open(working, { readOnly: true, allowedDirectories: [] });
  return connected(file, async (connection) => {
    await check(connection);
    if (await mayHoldAbove(connection, level)) return false;
    copyFileSync(working, temporary, constants.COPYFILE_FICLONE);
    return true;
  });
}

/** The file holds what the build left: nothing more, and all of it, not the rest of it in a write-ahead log. */
async function assertUntouched(connection: Connection, working: string, { size, hash }: Head): Promise<void> {
  const last = await rowsHead(connection);
  if (last.size === size && last.hash === hash && !existsSync(`${working}.wal`)) return;
  throw new WarehouseError({
    kind: 'fault',
    code: 'PUBLISH_CHANGED',
    message: 'Another process has written to the working file since it was built.',
    next: 'Nothing was published. Build again, and let nothing else write to .warehouse/.',
  });
}

function remove(path: string): void {
  for (const one of [path, `${path}.wal`]) rmSync(one, { force: true });
}
