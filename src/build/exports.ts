import { join } from 'node:path';
import type { DatasetExport } from '../export/dataset.ts';
import { exportDatasets } from '../export/export.ts';
import type { ExportedFile } from '../export/exported-file.ts';
import {
  type ExportManifest,
  MANIFEST,
  type ManifestSeed,
  type ManifestSource,
  mergeManifest,
  readManifest,
  writeManifest,
} from '../export/manifest.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { WarehouseEvent } from '../lib/events.ts';
import { matchesModel } from '../project/model-pattern.ts';
import type { ModelSource, Project } from '../project/project.ts';
import { DUCKDB_VERSION } from '../store/warehouse-file.ts';
import { type FormerExport, formerExports, type Retired, retireExports } from './former-exports.ts';
import { unlabelled } from './unlabelled.ts';
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
 * @throws as `exportDatasets` and `givenStamp`; data EXPORT_MANIFEST where the others are to be kept and the manifest does not tell them.
 */
export async function writeExports(
  warehouse: Warehouse,
  models: readonly ModelSource[],
  others: 'keep' | 'remove',
): Promise<ExportedFile[]> {
  const { project, connection, context } = warehouse;
  const { formats, directory } = project.exports;
  const folder = join(project.root, directory);
  const recorded = await formerExports(connection);
  const before = others === 'keep' ? await readOwnManifest(folder, directory, recorded) : undefined;
  const former = others === 'remove' ? [...(await listedIn(folder, directory)), ...recorded] : [];
  if (models.length === 0 && former.length === 0 && before === undefined) return [];
  unlabelled(project, models).forEach(context.events);
  const described = await describeExport(warehouse, models);
  const complete = (files: ExportedFile[]): ExportManifest => {
    const manifest = { ...described, files };
    return before === undefined ? manifest : mergeManifest(before, manifest);
  };
  complete([]);
  const files = await exportDatasets(connection, models.map(toDataset), {
    directory: folder,
    formats,
    stamp: givenStamp(),
    events: context.events,
  });
  const manifest = complete(files);
  const written = [...files, { path: MANIFEST, ...(await writeManifest(folder, manifest)) }];
  const paths = written.map(({ path }) => `${directory}/${path}`);
  const retired = await retireExports(project.root, distinct(former), paths);
  await recordExport(warehouse, written, retired);
  for (const { path } of retired.filter(({ now }) => now === 'changed')) context.events(leftBehind(path));
  return files;
}

/** @throws data EXPORT_MANIFEST where it is not the one that the last export wrote. */
async function readOwnManifest(folder: string, directory: string, recorded: readonly FormerExport[]) {
  const last = recorded.find(({ path }) => path === `${directory}/${MANIFEST}`);
  return readManifest(folder, last?.sha256 ?? NOBODY_S);
}

/** The hash of no file, for a manifest that the ledger does not know. */
const NOBODY_S = '';

/** What the export before left, where its manifest still tells: the ledger may be younger. */
async function listedIn(folder: string, directory: string): Promise<FormerExport[]> {
  const manifest = await readManifest(folder).catch((error: unknown) => {
    if (!(error instanceof WarehouseError)) throw error;
    return undefined;
  });
  return (manifest?.files ?? []).map(({ path, sha256 }) => ({ path: `${directory}/${path}`, sha256 }));
}

/** Each file once; what is said of it last counts. */
function distinct(files: readonly FormerExport[]): FormerExport[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function leftBehind(path: string): WarehouseEvent {
  return {
    event: 'notice',
    code: 'EXPORT_LEFT',
    message: `${path} is exported no more, but somebody has changed it, so it was left where it is.`,
    next: 'Take it away: verify tells of it as long as it is there.',
  };
}

/** Of a document that was superseded as a whole, the definitions may still be in force. */
const SOURCES = `
  WITH standing AS (FROM state.part WHERE superseded_by IS NULL),
  defining AS (
    FROM state.part
    SEMI JOIN meta.version_in_force v ON v.metadata_version_key BETWEEN part.first_key AND part.last_key
    ANTI JOIN standing s ON s.first_key = part.first_key
    QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank DESC) = 1
  )
  SELECT DISTINCT s.source, p.name, p.sha256, p.size_bytes AS bytes
  FROM (FROM standing UNION ALL FROM defining) s JOIN raw.part p USING (delivery_key, ordinal) ORDER BY ALL`;

/** Among what a model read, only the names of seeds begin so. */
const SEEDS = `
  SELECT DISTINCT r.key AS name, r.value->>'$' AS sha256 FROM run.current_model m, json_each(m.reads) r
  WHERE r.key LIKE 'data/%' ORDER BY ALL`;

async function describeExport(
  { connection }: Warehouse,
  models: readonly ModelSource[],
): Promise<Omit<ExportManifest, 'files'>> {
  const fingerprints = await connection.rows<{ name: string; fingerprint: string }>(
    'SELECT model AS name, fingerprint FROM run.current_model ORDER BY model',
  );
  const names = new Set(models.map(({ name }) => name));
  const sources = await connection.rows<Omit<ManifestSource, 'bytes'> & { bytes: bigint }>(SOURCES);
  const seeds = await connection.rows<ManifestSeed>(SEEDS);
  return {
    models: Object.fromEntries(
      fingerprints.filter(({ name }) => names.has(name)).map(({ name, fingerprint }) => [name, fingerprint]),
    ),
    sources: sources.map((source) => ({ ...source, bytes: Number(source.bytes) })),
    seeds,
    versions: { warehouse: toolVersion(), duckdb: DUCKDB_VERSION },
  };
}

async function recordExport(
  { ledger, correlationId, project }: Warehouse,
  written: readonly (Pick<ExportedFile, 'path' | 'bytes' | 'sha256'> & { rows?: number })[],
  retired: readonly Retired[],
): Promise<void> {
  const common = { correlationId, effect: 'done' } as const;
  await ledger.append([
    ...written.map(({ path, rows, bytes, sha256 }) => {
      const object = `${project.exports.directory}/${path}`;
      return {
        ...common,
        action: 'export.write',
        object,
        after: sha256,
        meta: { ...(rows !== undefined && { rows }), bytes },
      };
    }),
    ...retired
      .filter(({ now }) => now !== 'changed')
      .map(({ path, sha256, now }) => {
        return { ...common, action: 'export.remove', object: path, before: sha256, meta: { found: now === 'removed' } };
      }),
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

/** The last second of the year 9999. */
const LAST_STAMP = 253_402_300_799;

/**
 * The time for the stamps of exports that the environment gives in SOURCE_DATE_EPOCH (reproducible-builds.org), if any.
 * @throws usage SOURCE_DATE_EPOCH where it is not what it has to be: whole seconds since 1970-01-01, UTC.
 */
export function givenStamp(): Date | undefined {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given === undefined || given === '') return undefined;
  if (/^\d+$/.test(given) && Number(given) <= LAST_STAMP) return new Date(Number(given) * 1000);
  throw new WarehouseError({
    kind: 'usage',
    code: 'SOURCE_DATE_EPOCH',
    message: 'The environment variable SOURCE_DATE_EPOCH is no number of whole seconds since 1970-01-01, UTC.',
    next: 'Write digits only, like 1767225600 for 2026-01-01, or leave it out: then stamps are 1960-01-01.',
  });
}
