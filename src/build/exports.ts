import { join } from 'node:path';
import type { DatasetExport } from '../export/dataset.ts';
import { exportDatasets } from '../export/export.ts';
import type { ExportedFile } from '../export/exported-file.ts';
import { writeManifest } from '../export/manifest.ts';
import { matches } from '../project/glob.ts';
import type { ModelSource } from '../project/project.ts';
import { DUCKDB_VERSION } from '../store/warehouse-file.ts';
import { toolVersion, type Warehouse } from './warehouse.ts';

/** Writes the datasets that `exports:` names, and the manifest that says where they come from. */
export async function writeExports(warehouse: Warehouse, select: readonly string[] = []): Promise<ExportedFile[]> {
  const { project, connection, context, ledger, correlationId } = warehouse;
  const { datasets, formats, directory } = project.exports;
  const isSelected = ({ name }: ModelSource) =>
    select.length === 0 || select.some((one) => matches(one, name) || matches(one, name.slice(name.indexOf('.') + 1)));
  const chosen = project.models.filter(
    (model) => datasets.some((pattern) => matches(pattern, model.name)) && isSelected(model),
  );
  if (chosen.length === 0) return [];
  const folder = join(project.root, directory);
  const files = await exportDatasets(connection, chosen.map(toDataset), {
    directory: folder,
    formats,
    stamp: stampOf(process.env.SOURCE_DATE_EPOCH),
    events: context.events,
  });
  const fingerprints = await connection.rows<{ name: string; fingerprint: string }>(
    'SELECT model AS name, fingerprint FROM run.current_model ORDER BY model',
  );
  const names = new Set(chosen.map((model) => model.name));
  const sources = await connection.rows<{ source: string; name: string; sha256: string; bytes: bigint }>(
    `SELECT DISTINCT d.source, p.name, p.sha256, p.size_bytes AS bytes
     FROM raw.part p JOIN raw.delivery d USING (delivery_key) ORDER BY ALL`,
  );
  await writeManifest(folder, {
    files,
    models: Object.fromEntries(
      fingerprints.filter((row) => names.has(row.name)).map((row) => [row.name, row.fingerprint]),
    ),
    sources: sources.map((source) => ({ ...source, bytes: Number(source.bytes) })),
    versions: { warehouse: toolVersion(), duckdb: DUCKDB_VERSION },
  });
  await ledger.append(
    files.map((file) => ({
      action: 'export.write',
      object: `${directory}/${file.path}`,
      correlationId,
      after: file.sha256,
      meta: { rows: file.rows, bytes: file.bytes },
      effect: 'done' as const,
    })),
  );
  return files;
}

function toDataset(model: ModelSource): DatasetExport {
  const { properties } = model;
  return {
    table: model.name,
    name: model.name.slice(model.name.indexOf('.') + 1).toUpperCase(),
    label: properties.label,
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
