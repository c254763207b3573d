import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';
import type { ExportFormatName } from '../project/configuration.ts';
import { partialOf } from '../project/output-places.ts';
import { type Connection, qualified } from '../store/connection.ts';
import { type Dataset, type DatasetExport, resolveDataset } from './dataset.ts';
import { withValuesHidden } from './duckdb-error.ts';
import { describeFile, type ExportedFile } from './exported-file.ts';
import type { ExportFormat, FilePlan, FormatContext } from './format.ts';
import { EXPORT_FORMATS } from './formats.ts';

interface WriteOptions {
  /** What the paths of files are relative to. Made if it is not there. */
  readonly directory: string;
  /** For the stamps that XPT insists on: SOURCE_DATE_EPOCH. 1960-01-01 if absent. */
  readonly stamp?: Date;
  readonly events: EventSink;
}

export interface ExportOptions extends WriteOptions {
  /** The files go to `<format>/<dataset>.<extension>`. */
  readonly formats: readonly ExportFormatName[];
}

/** A file to come: what of it is in which format where. */
export interface ToWrite {
  readonly dataset: DatasetExport;
  readonly format: ExportFormatName;
  /** Relative to the directory, with forward slashes. */
  readonly path: string;
}

/** The zero of SAS dates. */
const DEFAULT_STAMP = new Date(Date.UTC(1960, 0, 1));

/** A file on its way: planned, then written beside its place. */
interface PlannedFile {
  readonly dataset: Dataset;
  readonly format: ExportFormat;
  readonly path: string;
  readonly temporary: string;
  readonly plan: FilePlan;
}

/** A file that is written and verified, and lies beside its place. */
export interface WrittenFile {
  readonly file: ExportedFile;
  /** Where it lies, absolute. */
  readonly temporary: string;
}

/**
 * Writes every dataset in every format: `exportFiles` of all of them.
 * @returns the files, by dataset and then format, in the order given.
 */
export async function exportDatasets(
  connection: Connection,
  datasets: readonly DatasetExport[],
  options: ExportOptions,
  place: (files: readonly WrittenFile[]) => Promise<void>,
): Promise<ExportedFile[]> {
  const files = datasets.flatMap((dataset) =>
    options.formats.map((format): ToWrite => {
      return { dataset, format, path: `${format}/${dataset.name.toLowerCase()}.${EXPORT_FORMATS[format].extension}` };
    }),
  );
  return exportFiles(connection, files, options, place);
}

/**
 * Writes files, reads each back, and only when all agree with the tables has them put in
 * their places. Before that the directory is as it was. All of it reads one snapshot: the connection must not be in a
 * transaction.
 *
 * @param place renames them from where they lie; what it leaves there is removed.
 * @returns the files, in the order given.
 * @throws data: the first thing a format cannot hold (all others are told as errors), EXPORT_SQL; usage: see resolveDataset, and
 * EXPORT_TWICE where two datasets would be one file; fault EXPORT_READ_BACK; those of `place`.
 */
export async function exportFiles(
  connection: Connection,
  asked: readonly ToWrite[],
  options: WriteOptions,
  place: (files: readonly WrittenFile[]) => Promise<void>,
): Promise<ExportedFile[]> {
  const written: WrittenFile[] = [];
  const temporaries: string[] = [];
  try {
    await connection.transaction(async () => {
      const files = await planFiles(connection, asked, options);
      refuse(files, options.events);
      for (const file of files) {
        temporaries.push(file.temporary);
        written.push({
          file: await writeFile(connection, file, options.events),
          temporary: file.temporary,
        });
      }
    });
    await place(written);
    return written.map(({ file }) => file);
  } finally {
    for (const temporary of temporaries) await rm(temporary, { force: true });
  }
}

async function planFiles(
  connection: Connection,
  asked: readonly ToWrite[],
  options: WriteOptions,
): Promise<PlannedFile[]> {
  const context: FormatContext = { connection, stamp: options.stamp ?? DEFAULT_STAMP, events: options.events };
  const files: PlannedFile[] = [];
  const paths = new Set<string>();
  const resolved = new Map<DatasetExport, Dataset>();
  for (const { dataset: declared, format: name, path } of asked) {
    const dataset = resolved.get(declared) ?? (await resolveDataset(connection, declared));
    resolved.set(declared, dataset);
    const format = EXPORT_FORMATS[name];
    if (paths.has(path)) throw twice(dataset, path);
    paths.add(path);
    const temporary = join(resolve(options.directory), partialOf(path));
    const plan = await withValuesHidden(dataset, 'read', () => format.plan(dataset, context));
    files.push({ dataset, format, path, temporary, plan });
  }
  return files;
}

function refuse(files: readonly PlannedFile[], events: EventSink): void {
  const [first, ...others] = files.flatMap((file) => file.plan.refusals);
  if (first === undefined) return;
  for (const error of others) events({ event: 'error', error });
  throw first;
}

async function writeFile(connection: Connection, file: PlannedFile, events: EventSink): Promise<ExportedFile> {
  const step = `export ${file.path}`;
  events({ event: 'step', step, state: 'start', label: file.path });
  await mkdir(dirname(file.temporary), { recursive: true });
  await rm(file.temporary, { force: true });
  await withValuesHidden(file.dataset, 'read', () => file.plan.write(file.temporary));
  await withValuesHidden(file.dataset, 'read back', () => file.plan.verify(file.temporary));
  const rows = await countRows(connection, file.dataset);
  const exported = await describeFile(
    file.temporary,
    { path: file.path, format: file.format.name, rows },
    file.dataset,
  );
  events({ event: 'step', step, state: 'end', label: file.path });
  return exported;
}

async function countRows(connection: Connection, { table }: Dataset): Promise<number> {
  const row = await connection.row<{ rows: bigint }>(`SELECT count(*) AS rows FROM ${qualified(table)}`);
  return Number(row?.rows);
}

function twice(dataset: Dataset, path: string): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'EXPORT_TWICE',
    message: `${dataset.name}: ${path} would be written twice.`,
    place: { model: dataset.table },
    next: 'Give each dataset a name of its own, whatever the case of its letters, and list each format once.',
  });
}
