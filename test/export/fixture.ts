import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach } from 'vitest';
import type { DatasetExport } from '../../src/export/dataset.ts';
import { type ExportOptions, exportDatasets, type WrittenFile } from '../../src/export/export.ts';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { Connection } from '../../src/store/connection.ts';

export interface Fixture {
  readonly connection: Connection;
  /** A temporary folder, gone after the test. */
  readonly folder: string;
  /** Where `exportAll` puts files; not there until it does. */
  readonly directory: string;
  readonly events: WarehouseEvent[];
  exportAll(datasets: DatasetExport[], options?: Partial<ExportOptions>): ReturnType<typeof exportDatasets>;
}

const open: (() => void)[] = [];

afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A temporary DuckDB file with a schema `sdtm`, filled by the given statements. */
export async function fixture(sql: readonly string[], threads = 2): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'export-'));
  const instance = await DuckDBInstance.create(join(folder, 'study.duckdb'), { threads: String(threads) });
  const connection = new Connection(await instance.connect());
  open.push(() => {
    connection.close();
    instance.closeSync();
    rmSync(folder, { recursive: true });
  });
  await connection.run('CREATE SCHEMA sdtm');
  for (const statement of sql) await connection.run(statement);
  const events: WarehouseEvent[] = [];
  const directory = join(folder, 'export');
  return {
    connection,
    folder,
    directory,
    events,
    exportAll: (datasets, options = {}) =>
      exportDatasets(
        connection,
        datasets,
        { directory, formats: ['xpt', 'parquet', 'csv'], events: (event) => events.push(event), ...options },
        async (files) => rename(options.directory ?? directory, files),
      ),
  };
}

/** Puts files into their places, as a build does. */
export function rename(directory: string, files: readonly WrittenFile[]): void {
  for (const { file, temporary } of files) renameSync(temporary, join(directory, file.path));
}

/** A dataset without properties. */
export function dataset(name: string, properties: Partial<DatasetExport> = {}): DatasetExport {
  return { table: `sdtm.${name.toLowerCase()}`, name, keys: [], columns: {}, ...properties };
}
