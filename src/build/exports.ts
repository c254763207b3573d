import { join } from 'node:path';
import type { DatasetExport } from '../export/dataset.ts';
import { exportDatasets } from '../export/export.ts';
import type { ExportedFile } from '../export/exported-file.ts';
import {
  type ExportManifest,
  mergeManifest,
  readManifest,
  removeFormerFiles,
  writeManifest,
} from '../export/manifest.ts';
import { WarehouseError } from '../lib/errors.ts';
import { matchesModel } from '../project/model-pattern.ts';
import type { ModelSource, Project } from '../project/project.ts';
import { DUCKDB_VERSION } from '../store/warehouse-file.ts';
import { toolVersion, type Warehouse } from './warehouse.ts';

/** The models that `exports:` names. */
export function exportedModels({ exports }: Project, models: readonly ModelSource[]): ModelSource[] {
  return models.filter(({ name }) => exports.datasets.some((pattern) => matchesModel(pattern, name)));
}

/**
 * Writes datasets, and the manifest that says where they come from.
 *
 * @param others what becomes of the datasets that are not among them: they and what the manifest says of them are
 * kept, or removed because they are exported no more.
 * @throws as `exportDatasets`; data EXPORT_MANIFEST where the others are to be kept and the manifest does not tell them.
 */
export async function writeExports(
  warehouse: Warehouse,
  models: readonly ModelSource[],
  others: 'keep' | 'remove',
): Promise<ExportedFile[]> {
  const { project, connection, context } = warehouse;
  const { formats, directory } = project.exports;
  const folder = join(project.root, directory);
  const before = others === 'keep' ? await readManifest(folder) : await readFormer(warehouse, folder);
  if (models.length === 0 && before === undefined) return [];
  const described = await describeExport(warehouse, models);
  const complete = (files: ExportedFile[]): ExportManifest => {
    const manifest = { ...described, files };
    return others === 'keep' && before !== undefined ? mergeManifest(before, manifest) : manifest;
  };
  complete([]);
  const files = await exportDatasets(connection, models.map(toDataset), {
    directory: folder,
    formats,
    stamp: stampOf(process.env.SOURCE_DATE_EPOCH),
    events: context.events,
  });
  const manifest = complete(files);
  await writeManifest(folder, manifest);
  const removed = others === 'remove' && before ? await removeFormerFiles(folder, before, manifest) : [];
  await recordExport(warehouse, files, removed);
  return files;
}

/** What the export before left, where its manifest still tells. */
async function readFormer({ context }: Warehouse, folder: string): Promise<ExportManifest | undefined> {
  try {
    return await readManifest(folder);
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error;
    const message = 'The manifest of the export before could not be read: files that are exported no more stay.';
    context.events({ event: 'notice', code: error.code, message });
    return undefined;
  }
}

async function describeExport(
  { connection }: Warehouse,
  models: readonly ModelSource[],
): Promise<Omit<ExportManifest, 'files'>> {
  const fingerprints = await connection.rows<{ name: string; fingerprint: string }>(
    'SELECT model AS name, fingerprint FROM run.current_model ORDER BY model',
  );
  const names = new Set(models.map(({ name }) => name));
  const sources = await connection.rows<{ source: string; name: string; sha256: string; bytes: bigint }>(
    `SELECT DISTINCT d.source, p.name, p.sha256, p.size_bytes AS bytes
     FROM raw.part p JOIN raw.delivery d USING (delivery_key) ORDER BY ALL`,
  );
  return {
    models: Object.fromEntries(
      fingerprints.filter(({ name }) => names.has(name)).map(({ name, fingerprint }) => [name, fingerprint]),
    ),
    sources: sources.map((source) => ({ ...source, bytes: Number(source.bytes) })),
    versions: { warehouse: toolVersion(), duckdb: DUCKDB_VERSION },
  };
}

async function recordExport(
  { ledger, correlationId, project }: Warehouse,
  files: readonly ExportedFile[],
  removed: readonly ExportedFile[],
): Promise<void> {
  const objectOf = ({ path }: ExportedFile) => `${project.exports.directory}/${path}`;
  const common = { correlationId, effect: 'done' } as const;
  await ledger.append([
    ...files.map((file) => {
      const meta = { rows: file.rows, bytes: file.bytes };
      return { ...common, action: 'export.write', object: objectOf(file), after: file.sha256, meta };
    }),
    ...removed.map((file) => ({ ...common, action: 'export.remove', object: objectOf(file), before: file.sha256 })),
  ]);
}

function toDataset(model: ModelSource): DatasetExport {
  const { properties } = model;
  return {
    table: model.name,
    name: model.name.slice(model.name.indexOf('.') + 1).toUpperCase(),
    label: properties.label,
    properties: model.propertiesPath,
    keys: properties.keys,
    columns: Object.fromEntries(
      Object.entries(properties.columns)
        .filter(([name]) => !name.startsWith('_'))
        .map(([name, { label, length, display_format }]) => [name, { label, length, displayFormat: display_format }]),
    ),
  };
}

function stampOf(epoch: string | undefined): Date | undefined {
  return epoch !== undefined && /^\d{1,12}$/.test(epoch) ? new Date(Number(epoch) * 1000) : undefined;
}
