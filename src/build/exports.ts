import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXPORTS } from '../audit/recorded-files.ts';
import type { DatasetExport } from '../export/dataset.ts';
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
import { listed } from '../lib/listed.ts';
import { datasetName } from '../project/model-name.ts';
import { matchesModel } from '../project/model-pattern.ts';
import type { ModelSource, Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { DUCKDB_VERSION } from '../store/warehouse-file.ts';
import { type FormerFile, formerFiles, type Retired } from './former-files.ts';
import { assertNothingOpen } from './open-quarantine.ts';
import { type Outgoing, putInPlace, type Staying } from './put-in-place.ts';
import { givenStamp } from './stamp.ts';
import { tellRetired } from './tell-retired.ts';
import { toolVersion } from './tool-version.ts';
import { unlabelled } from './unlabelled.ts';
import { commandFor, type Warehouse } from './warehouse.ts';

/** A file of the exports, as the result of a command tells of it. */
export interface HandedOverFile {
  /** Relative to the project. */
  readonly path: string;
  readonly rows: number;
  /** Whether it was there already, byte for byte. */
  readonly unchanged: boolean;
}

/** The models that `exports:` names. */
export function exportedModels({ exports }: Project, models: readonly ModelSource[]): ModelSource[] {
  return models.filter(({ name }) => exports.datasets.some((pattern) => matchesModel(pattern, name)));
}

/**
 * Writes datasets, and the manifest that says where they come from. A file that is there already with the same bytes is
 * left where it is: made anew and compared, so that every setting and version counts. Of what was exported before only
 * that stays which an export of it would write again: all else is removed, unless somebody has changed it.
 *
 * @param others datasets that are up to date and stay where nothing of them has changed since their export. Without
 * them the export is one of all that there is.
 * @throws as `exportDatasets`, `givenStamp` and `putInPlace`; data EXPORT_MANIFEST where others are to be kept and the
 * manifest does not tell them, QUARANTINE_OPEN.
 */
export async function writeExports(
  warehouse: Warehouse,
  models: readonly ModelSource[],
  others?: readonly ModelSource[],
): Promise<HandedOverFile[]> {
  const { project, connection, context } = warehouse;
  const { formats, directory } = project.exports;
  await assertNothingOpen(connection, project);
  const folder = join(project.root, directory);
  const recorded = await formerFiles(connection, EXPORTS);
  const before = others && (await readOwnManifest(folder, directory, recorded));
  const former = distinct([...(await listedIn(folder, directory)), ...recorded]);
  if (models.length === 0 && former.length === 0) return [];
  unlabelled(project, models).forEach(context.events);
  const kept = before === undefined ? [] : keptFiles(before, await fingerprintsOf(connection, others ?? []), formats);
  const described = await describeExport(warehouse, [...models, ...modelsOf(kept, others ?? [])]);
  const complete = (files: readonly ExportedFile[]): ExportManifest => {
    const manifest = { ...described, files };
    return before === undefined ? manifest : mergeManifest(before, manifest, kept);
  };
  complete([]);
  const options = { directory: folder, formats, stamp: givenStamp(), events: context.events };
  let unchanged: ReadonlySet<string> = new Set();
  // Imported when there is something to export.
  const { exportDatasets } = await import('../export/export.ts');
  const files = await exportDatasets(connection, models.map(toDataset), options, async (written) => {
    const manifest = await writeManifest(folder, complete(written.map(({ file }) => file)));
    const outgoing = [
      ...written.map(({ file: { path, rows, bytes, sha256 }, temporary }): Outgoing => {
        return { path: `${directory}/${path}`, temporary, bytes, sha256, meta: { rows } };
      }),
      { path: `${directory}/${MANIFEST}`, ...manifest },
    ];
    try {
      const staying = kept.map(({ path, rows, bytes, sha256 }): Staying => {
        return { path: `${directory}/${path}`, bytes, sha256, meta: { rows } };
      });
      const placed = await putInPlace(warehouse, EXPORTS, outgoing, former, staying);
      const { retired } = placed;
      unchanged = placed.unchanged;
      if (others !== undefined) withdrawn(project, retired).forEach(context.events);
      tellRetired(context.events, retired, EXPORTED_NO_MORE);
    } finally {
      rmSync(manifest.temporary, { force: true });
    }
  });
  return files.map(({ path, rows }) => {
    const place = `${directory}/${path}`;
    return { path: place, rows, unchanged: unchanged.has(place) };
  });
}

/** @throws data EXPORT_MANIFEST where it is not the one that the last export wrote. */
async function readOwnManifest(folder: string, directory: string, recorded: readonly FormerFile[]) {
  const last = recorded.find(({ path }) => path === `${directory}/${MANIFEST}`);
  return readManifest(folder, last?.hashes ?? []);
}

/** What the export before left, where its manifest still tells: the ledger may be younger. */
async function listedIn(folder: string, directory: string): Promise<FormerFile[]> {
  const manifest = await readManifest(folder).catch((error: unknown) => {
    if (!(error instanceof WarehouseError)) throw error;
    return undefined;
  });
  return (manifest?.files ?? []).map(({ path, sha256 }) => {
    return { path: `${directory}/${path}`, hashes: [sha256], known: 'by its manifest' };
  });
}

/** Each file once; what is said of it last counts. */
function distinct(files: readonly FormerFile[]): FormerFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** The files that an export of others would write again: in a format that is asked for, of a model that is the same. */
function keptFiles(
  before: ExportManifest,
  others: ReadonlyMap<string, string>,
  formats: readonly string[],
): ExportedFile[] {
  const same = [...others].filter(([name, fingerprint]) => before.models[name] === fingerprint);
  const names = new Set(same.map(([name]) => datasetName(name)));
  return before.files.filter(({ format, dataset }) => formats.includes(format) && names.has(dataset));
}

function modelsOf(files: readonly ExportedFile[], models: readonly ModelSource[]): ModelSource[] {
  return models.filter(({ name }) => files.some(({ dataset }) => dataset === datasetName(name)));
}

/** The files of datasets that were not selected, and that an export would not write again. */
function withdrawn({ target }: Project, retired: readonly Retired[]): WarehouseEvent[] {
  const paths = retired.filter(({ now }) => now === 'removed').map(({ path }) => path);
  if (paths.length === 0) return [];
  return [
    {
      event: 'notice',
      code: 'EXPORT_WITHDRAWN',
      message: `Removed, because they are not what would be exported now: ${listed(paths)}.`,
      next: `Run ${commandFor(target, 'export')} without --select to export all that is up to date.`,
    },
  ];
}

const EXPORTED_NO_MORE = {
  said: (path: string) => `${path} is exported no more`,
  left: 'EXPORT_LEFT',
  next: 'Take it away: verify tells of it as long as it is there.',
} as const;

/** Of a document that was superseded as a whole, the definitions may still be in force. */
const SOURCES = `
  WITH standing AS (FROM state.part WHERE superseded_by IS NULL),
  defining AS (
    FROM state.part
    SEMI JOIN (
      SELECT metadata_version_key FROM meta.version_in_force
      UNION
      SELECT metadata_version_key FROM meta.definition_in_force
    ) v ON v.metadata_version_key BETWEEN part.first_key AND part.last_key
    ANTI JOIN standing s ON s.first_key = part.first_key
    QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank DESC) = 1
  )
  SELECT DISTINCT s.source, p.name, p.sha256, p.size_bytes AS bytes
  FROM (FROM standing UNION ALL FROM defining) s JOIN raw.part p USING (delivery_key, ordinal) ORDER BY ALL`;

/** Among what a model read, only the names of seeds begin so. */
const SEEDS = `
  SELECT DISTINCT r.key AS name, r.value->>'$' AS sha256 FROM run.current_model m, json_each(m.reads) r
  WHERE r.key LIKE 'data/%' OR r.key LIKE 'seeds/%' ORDER BY ALL`;

async function describeExport(
  { connection }: Warehouse,
  models: readonly ModelSource[],
): Promise<Omit<ExportManifest, 'files'>> {
  const sources = await connection.rows<Omit<ManifestSource, 'bytes'> & { bytes: bigint }>(SOURCES);
  const seeds = await connection.rows<ManifestSeed>(SEEDS);
  return {
    models: Object.fromEntries(await fingerprintsOf(connection, models)),
    sources: sources.map((source) => ({ ...source, bytes: Number(source.bytes) })),
    seeds,
    versions: { warehouse: toolVersion(), duckdb: DUCKDB_VERSION },
  };
}

async function fingerprintsOf(connection: Connection, models: readonly ModelSource[]): Promise<Map<string, string>> {
  const rows = await connection.rows<{ name: string; fingerprint: string }>(
    'SELECT model AS name, fingerprint FROM run.current_model ORDER BY model',
  );
  const names = new Set(models.map(({ name }) => name));
  return new Map(rows.filter(({ name }) => names.has(name)).map(({ name, fingerprint }) => [name, fingerprint]));
}

/** A dataset as the properties of its model describe it. */
export function toDataset(model: ModelSource): DatasetExport {
  const { properties } = model;
  return {
    table: model.name,
    name: datasetName(model.name),
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
