import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Connection } from '../../src/store/connection.ts';
import { LOCK } from '../../src/store/warehouse-file.ts';

/** A connection to a fresh database in memory. */
export async function memory(): Promise<Connection> {
  return new Connection(await (await DuckDBInstance.create(':memory:')).connect());
}

export interface TemporaryFile {
  readonly connection: Connection;
  /** Another connection to it. */
  connect(): Promise<Connection>;
  /** A folder that the locked instance may write to. */
  readonly failures: string;
  /** Closes the file and opens it again. */
  reopen(): Promise<TemporaryFile>;
  remove(): void;
}

/** A temporary DuckDB file, opened as the store opens the working file: no external access, configuration locked. */
export async function temporaryFile(threads = 2): Promise<TemporaryFile> {
  return open(mkdtempSync(join(tmpdir(), 'model-')), threads);
}

async function open(folder: string, threads: number): Promise<TemporaryFile> {
  const instance = await DuckDBInstance.create(join(folder, 'w.duckdb'), { threads: String(threads) });
  const connection = new Connection(await instance.connect());
  await connection.run(`SET allowed_directories = ['${folder}']`);
  await connection.run('SET enable_external_access = false');
  await connection.run(LOCK);
  const close = () => {
    connection.close();
    instance.closeSync();
  };
  return {
    connection,
    connect: async () => new Connection(await instance.connect()),
    failures: join(folder, 'failures'),
    reopen: async () => {
      close();
      return open(folder, threads);
    },
    remove: () => {
      close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
