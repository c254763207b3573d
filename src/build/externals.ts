import { EXTERNALS } from '../audit/recorded-files.ts';
import { externalFile, isExternal } from '../project/external.ts';
import type { ModelSource } from '../project/project.ts';
import { type HandedOverFile, toDataset } from './exports.ts';
import { formerFiles } from './former-files.ts';
import { type Outgoing, putInPlace } from './put-in-place.ts';
import { tellRetired } from './tell-retired.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * Writes the rows of external models to their Parquet files, as exports are written: in the order of their keys and
 * without the columns that begin with `_`, read back, and put in place when all are whole. A file that is there already,
 * byte for byte, is left where it is. The file of a model that is external no more goes, unless somebody has changed it.
 *
 * @param models those to write; the files of other external models of the project stay as they are.
 * @throws as `exportFiles` and `putInPlace`
 */
export async function writeExternals(warehouse: Warehouse, models: readonly ModelSource[]): Promise<HandedOverFile[]> {
  const { project, connection, context } = warehouse;
  const fileOf = (model: ModelSource) => externalFile(model, project.target.name);
  const written = new Set(models.map(fileOf));
  const others = new Set(project.models.filter(isExternal).map(fileOf));
  const former = (await formerFiles(connection, EXTERNALS)).filter(
    ({ path }) => written.has(path) || !others.has(path),
  );
  if (models.length === 0 && former.length === 0) return [];
  const files = models.map((model) => {
    const dataset = toDataset(model);
    const keys = dataset.keys.filter((key) => !key.startsWith('_'));
    return { dataset: { ...dataset, keys }, format: 'parquet', path: fileOf(model) } as const;
  });
  let unchanged: ReadonlySet<string> = new Set();
  // Imported when there is something to write.
  const { exportFiles } = await import('../export/export.ts');
  const options = { directory: project.root, events: context.events };
  const done = await exportFiles(connection, files, options, async (whole) => {
    const outgoing = whole.map(({ file: { path, rows, bytes, sha256 }, temporary }, i): Outgoing => {
      return { path, temporary, bytes, sha256, meta: { model: models[i].name, rows } };
    });
    const placed = await putInPlace(warehouse, EXTERNALS, outgoing, former);
    unchanged = placed.unchanged;
    tellRetired(context.events, placed.retired, WRITTEN_NO_MORE);
  });
  return done.map(({ path, rows }) => ({ path, rows, unchanged: unchanged.has(path) }));
}

const WRITTEN_NO_MORE = {
  said: (path: string) => `No model writes ${path} any more`,
  removed: 'EXTERNAL_REMOVED',
  left: 'EXTERNAL_LEFT',
  next: 'Take it away: verify tells of it as long as it is there.',
} as const;
