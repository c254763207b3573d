import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance, version } from '@duckdb/node-api';
import { WarehouseError } from '../lib/errors.ts';
import { Connection } from './connection.ts';

/** The packer writes DuckDB's in-memory string layout, which only this version is known to have. */
export const DUCKDB_VERSION = 'v1.5.5';

/** SQL that the warehouse owns, shipped beside the code. */
export const SQL_DIRECTORY = fileURLToPath(new URL('../../sql/', import.meta.url));

export interface OpenOptions {
  readOnly?: boolean;
  threads?: number;
  memoryLimit?: string;
  /**
   * Folders that SQL may read and write (seeds, exports, failing rows). Where given, external access is off for
   * everything else and the configuration is locked; without it the file is open to ATTACH and COPY anywhere, which
   * only publishing needs.
   */
  allowedDirectories?: readonly string[];
}

/**
 * An open DuckDB file. One per file and process: DuckDB does not guard against a second one in the same process, and
 * a second one corrupts the file.
 */
export class WarehouseFile {
  static readonly #open = new Set<string>();
  readonly path: string;
  readonly #instance: DuckDBInstance;

  private constructor(path: string, instance: DuckDBInstance) {
    this.path = path;
    this.#instance = instance;
  }

  /**
   * Opens or creates the file.
   * @throws fault STORE_VERSION if the DuckDB library is not the pinned one; STORE_OPEN_TWICE; STORE_LOCKED if another
   * process has it open; STORE_NEWER if a newer DuckDB wrote it.
   */
  static async open(path: string, options: OpenOptions = {}): Promise<WarehouseFile> {
    assertVersion();
    if (WarehouseFile.#open.has(path)) {
      throw new WarehouseError({ kind: 'fault', code: 'STORE_OPEN_TWICE', message: `${path} is open already.` });
    }
    mkdirSync(dirname(path), { recursive: true });
    const config: Record<string, string> = {
      storage_compatibility_version: 'v1.4.0',
      threads: String(options.threads ?? 2),
      access_mode: options.readOnly ? 'READ_ONLY' : 'READ_WRITE',
    };
    if (options.memoryLimit !== undefined) config.memory_limit = options.memoryLimit;
    const instance = await DuckDBInstance.create(path, config).catch((error: unknown) => {
      throw openError(path, error);
    });
    WarehouseFile.#open.add(path);
    const file = new WarehouseFile(path, instance);
    await file.#configure(options.allowedDirectories);
    return file;
  }

  async connect(): Promise<Connection> {
    return new Connection(await this.#instance.connect());
  }

  close(): void {
    this.#instance.closeSync();
    WarehouseFile.#open.delete(this.path);
  }

  async #configure(directories: readonly string[] | undefined): Promise<void> {
    const connection = await this.connect();
    try {
      await connection.run("SET GLOBAL TimeZone = 'UTC'");
      if (directories === undefined) return;
      const list = directories.map((directory) => `'${directory.replaceAll("'", "''")}'`).join(', ');
      await connection.run(`SET allowed_directories = [${list}]`);
      await connection.run('SET enable_external_access = false');
      await connection.run('SET lock_configuration = true');
    } finally {
      connection.close();
    }
  }
}

/** Runs every statement of a file of sql/, in one call. */
export async function runSqlFile(connection: Connection, name: string): Promise<void> {
  await connection.run(readFileSync(join(SQL_DIRECTORY, name), 'utf8'));
}

/** Names of the .sql files of a folder of sql/, in order. */
export function sqlFiles(folder: string): string[] {
  return readdirSync(join(SQL_DIRECTORY, folder))
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function assertVersion(): void {
  const found = version();
  if (found === DUCKDB_VERSION) return;
  throw new WarehouseError({
    kind: 'fault',
    code: 'STORE_VERSION',
    message: `DuckDB ${DUCKDB_VERSION} is needed, but ${found} is installed.`,
    next: 'Install exactly what package-lock.json says: npm ci.',
  });
}

function openError(path: string, error: unknown): WarehouseError {
  const message = error instanceof Error ? error.message : String(error);
  if (/lock/i.test(message)) {
    return new WarehouseError({
      kind: 'fault',
      code: 'STORE_LOCKED',
      message: `Another process has ${path} open.`,
      next: 'Wait for the other build, or close the client that opened the working file. Read target/ instead.',
      cause: error,
    });
  }
  if (/newer|version number|storage version/i.test(message)) {
    return new WarehouseError({
      kind: 'fault',
      code: 'STORE_NEWER',
      message: `${path} was written by a newer DuckDB than ${DUCKDB_VERSION}.`,
      next: 'Open it with the newer version, or build it again from the sources.',
      cause: error,
    });
  }
  return new WarehouseError({
    kind: 'fault',
    code: 'STORE_OPEN',
    message: `${path} cannot be opened: ${message.split('\n')[0]}`,
    cause: error,
  });
}
