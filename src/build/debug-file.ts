import { existsSync, statSync } from 'node:fs';
import type { Project } from '../project/project.ts';
import { bytes } from '../report/figures.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';
import type { DebugCheck } from './check.ts';
import { assertSameStudy, connected, emptiness, hasSchemas, isBuilt, workingFile } from './warehouse.ts';

interface Found {
  readonly check: DebugCheck;
  /** The sources that have delivered something. */
  readonly delivered: ReadonlySet<string>;
}

/**
 * Whether a build could open the working file, and that it is one of this study. It is opened as a build would, so that
 * readers of it are met too; for reading only where a run was killed, since the next to write to it would mend it.
 * @throws fault STORE_LOCKED, STORE_NEWER, STORE_OPEN, FILE_ACCESS; usage WAREHOUSE_OTHER_STUDY
 */
export async function workingFileCheck(project: Project): Promise<Found> {
  const name = 'working file';
  const path = workingFile(project);
  const shown = project.target.workingFile;
  if (!isBuilt(project)) {
    const detail = `nothing has been built yet: ${emptiness(project)}`;
    return { check: { name, ok: true, detail }, delivered: new Set() };
  }
  const wasKilled = existsSync(`${path}.wal`);
  const file = await WarehouseFile.open(path, { readOnly: wasKilled, allowedDirectories: [] });
  return connected(file, async (connection) => {
    const isBegun = await hasSchemas(connection);
    if (isBegun) await assertSameStudy(connection, project);
    const rows = isBegun ? await connection.rows<{ source: string }>('SELECT DISTINCT source FROM raw.delivery') : [];
    const detail = `${shown}, ${bytes(statSync(path).size)}: nobody else has it open`;
    const next = wasKilled ? 'A run was cut short: the next one takes up what it had committed.' : undefined;
    return { check: { name, ok: true, detail, next }, delivered: new Set(rows.map(({ source }) => source)) };
  });
}
