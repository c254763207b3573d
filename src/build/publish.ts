import { constants, copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Project, Publication } from '../project/project.ts';
import { projectInto } from './projection.ts';
import { type Context, type OpenOptions, withWarehouse } from './warehouse.ts';

export interface Published {
  readonly name: string;
  /** Relative to the project. */
  readonly path: string;
}

/** Publishes, and then says so in the ledger: the record of what is outside the file follows it. */
export async function publishAndRecord(project: Project, options: OpenOptions, context: Context): Promise<Published[]> {
  const published = await publish(project);
  await withWarehouse(project, options, context, ({ ledger, correlationId }) =>
    ledger.append(
      published.map(({ name, path }) => ({
        action: 'publication',
        object: path,
        correlationId,
        meta: { name },
        effect: 'done',
      })),
    ),
  );
  return published;
}

/**
 * Publishes the closed working file under every name that `publications:` gives: written beside the target and renamed
 * over it, so that readers keep the file they have open and new ones see the new one.
 *
 * A publication of everything is a copy. One that leaves something out is built anew, because a copied file still holds
 * the bytes of what was dropped from it.
 */
async function publish(project: Project): Promise<Published[]> {
  const working = join(project.root, project.target.workingFile);
  const published: Published[] = [];
  for (const publication of project.publications) {
    const path = join(project.root, publication.file);
    const temporary = `${path}.partial`;
    mkdirSync(dirname(path), { recursive: true });
    rmSync(temporary, { force: true });
    rmSync(`${temporary}.wal`, { force: true });
    if (isWhole(publication)) copyFileSync(working, temporary, constants.COPYFILE_FICLONE);
    else await projectInto(working, temporary, publication);
    renameSync(temporary, path);
    published.push({ name: publication.name, path: publication.file });
  }
  return published;
}

function isWhole({ schemas, models, columns, where }: Publication): boolean {
  return schemas === undefined && models === undefined && columns === undefined && where === undefined;
}
