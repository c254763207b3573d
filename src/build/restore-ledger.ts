import { rebuildFiles, rebuildRows } from '../audit/rebuild.ts';
import type { Project } from '../project/project.ts';
import { type CheckpointOptions, readCheckpoints } from './checkpoint.ts';
import {
  assertSameStudy,
  type Context,
  hasSchemas,
  isBuilt,
  ledgerDirectory,
  newCorrelationId,
  notBuilt,
  type OpenOptions,
  openLedger,
  withWorkingFile,
} from './warehouse.ts';

interface RestoreOptions extends CheckpointOptions {
  /** What is made anew: the files from the rows, or the rows from the files. */
  readonly side: 'files' | 'rows';
  readonly reason: string;
}

/**
 * Makes one side of the ledger anew from the other, which must be a whole chain and agree with the checkpoints, keeps
 * what was there aside, and records that it was done and why.
 * @throws usage NOT_BUILT, WAREHOUSE_OTHER_STUDY, CHECKPOINT_FILE, KEY_*; fault LEDGER_DAMAGED, and nothing is changed
 */
export async function restoreLedger(
  project: Project,
  options: OpenOptions & RestoreOptions,
  context: Context,
): Promise<{ records: number; replaced: readonly string[] }> {
  const { side, reason } = options;
  if (!isBuilt(project)) throw notBuilt(project);
  const kept = await readCheckpoints(options);
  const directory = ledgerDirectory(project);
  return withWorkingFile(project, options, async (connection) => {
    if (!(await hasSchemas(connection))) throw notBuilt(project);
    await assertSameStudy(connection, project);
    const rebuild = side === 'files' ? rebuildFiles : rebuildRows;
    const replaced = await rebuild(connection, directory, kept);
    const ledger = await openLedger(project, connection, context);
    await ledger.restored(side, replaced, reason, newCorrelationId());
    return { records: ledger.head().size, replaced };
  });
}
