import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { DuckDBInstance as Instance } from '@duckdb/node-api';
import { WarehouseError } from '../lib/errors.ts';
import { Connection, identifier, literal } from './connection.ts';
import { DuckDBInstance, version } from './duckdb.ts';
import { isElsewhere } from './elsewhere.ts';
import { fileAccess } from './file-access.ts';

/** The packer writes DuckDB's in-memory string layout, which only this version is known to have. */
export const DUCKDB_VERSION = 'v1.5.5';

/** What older DuckDB can read; syntax trees, and so the hashes of models, are written in the same version. */
const STORAGE_VERSION = 'v1.4.0';

/**
 * No setting can be changed from here on, but what a transaction does after an error: a PIVOT that finds its columns in
 * the data changes that for as long as it lasts.
 */
export const LOCK = `SET allowed_configs = ['current_transaction_invalidation_policy']; SET lock_configuration = true`;

/** The name of the database that a new one begins with, as long as it is open. */
const BLANK = '_warehouse_blank';

/** The three headers that every DuckDB file begins with: one that is shorter was never finished and holds nothing. */
const HEADER_BYTES = 3 * 4096;

interface FileOptions {
  readOnly?: boolean;
  /** As many as there are cores for this process, where it is left out; no output depends on it. */
  threads?: number;
  /**
   * Folders that SQL may read and write (exports, failing rows). Where given, external access is off for everything
   * else and the configuration is locked; without it the file is open to ATTACH and COPY anywhere.
   */
  allowedDirectories?: readonly string[];
  /** Files that SQL may read beside these, by their path from `root`, wherever the process was started. */
  allowedFiles?: { readonly root: string; readonly paths: readonly string[] };
  /**
   * Deliveries land first, until `landed`: on one thread, since what DuckDB's threads spend on waiting for one another
   * while rows are appended is a twentieth of a load.
   */
  landing?: boolean;
  /**
   * What a new database begins with: all that is in the file of this path, or nothing, where it is left out or cannot be
   * read. Of a file that is there nothing changes, and it is not asked for.
   */
  blank?: () => string;
  /** Another file to read from, under this name. */
  attach?: { readonly path: string; readonly name: string };
}

/**
 * An open DuckDB file. One per file and process: DuckDB does not guard against a second one in the same process, and
 * a second one corrupts the file.
 */
export class WarehouseFile {
  static readonly #open = new Set<string>();
  readonly path: string;
  readonly #instance: Instance;
  readonly #options: FileOptions;
  /** The database in use, where it is not the first. */
  readonly #database: string | undefined;

  private constructor(path: string, instance: Instance, options: FileOptions, database?: string) {
    this.path = path;
    this.#instance = instance;
    this.#options = options;
    this.#database = database;
  }

  /** Whether there is such a file, and not only the beginning of one: what a process leaves that was killed making it. */
  static exists(path: string): boolean {
    return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= HEADER_BYTES;
  }

  /**
   * Opens or creates the file.
   * @throws fault STORE_VERSION if the DuckDB library is not the pinned one; STORE_OPEN_TWICE; STORE_LOCKED if another
   * process has it open; STORE_NEWER if a newer DuckDB wrote it; FILE_ACCESS if it may not be read or written.
   */
  static async open(path: string, options: FileOptions = {}): Promise<WarehouseFile> {
    assertVersion();
    assertClosed(path, WarehouseFile.#open);
    mkdirSync(dirname(path), { recursive: true });
    if (!options.readOnly && isStump(path)) rmSync(path);
    const isNew = !existsSync(path);
    const config: Record<string, string> = {
      storage_compatibility_version: STORAGE_VERSION,
      threads: options.landing ? '1' : threadsOf(options),
      access_mode: options.readOnly ? 'READ_ONLY' : 'READ_WRITE',
    };
    const instance = await DuckDBInstance.create(path, config).catch((error: unknown) => {
      throw openError(path, error);
    });
    WarehouseFile.#open.add(path);
    const file = new WarehouseFile(path, instance, options);
    await file.#configure({ ...options, isNew }).catch((error: unknown) => {
      file.close();
      throw openError(options.attach?.path ?? path, error);
    });
    return file;
  }

  /**
   * An empty database in memory that goes by the name that the file's has, and the file itself, if it is there, attached
   * read-only as `working`: for what has to be tried out without a trace.
   * @throws as `open`
   */
  static async standIn(path: string, options: FileOptions = {}): Promise<WarehouseFile> {
    assertVersion();
    assertClosed(path, WarehouseFile.#open);
    const config = {
      storage_compatibility_version: STORAGE_VERSION,
      threads: threadsOf(options),
      temp_directory: `${path}.standin.tmp`,
    };
    const name = databaseName(path);
    const file = new WarehouseFile(path, await DuckDBInstance.create(':memory:', config), options, name);
    WarehouseFile.#open.add(path);
    try {
      const attach = WarehouseFile.exists(path) ? { path, name: 'working' } : undefined;
      await file.#configure({ ...options, memory: name, attach, isNew: attach === undefined });
      return file;
    } catch (error) {
      file.close();
      throw openError(path, error);
    }
  }

  /** Ends the landing: as many threads as were asked for, and no setting can be changed from here on. */
  async landed(): Promise<void> {
    const connection = new Connection(await this.#instance.connect());
    try {
      await connection.run(`SET GLOBAL threads = ${threadsOf(this.#options)}`);
      await connection.run(LOCK);
    } finally {
      connection.close();
    }
  }

  async connect(): Promise<Connection> {
    const connection = new Connection(await this.#instance.connect());
    if (this.#database !== undefined) await connection.run(`USE ${identifier(this.#database)}.main`);
    return connection;
  }

  close(): void {
    this.#instance.closeSync();
    WarehouseFile.#open.delete(this.path);
  }

  async #configure(options: FileOptions & { memory?: string; isNew: boolean }): Promise<void> {
    const { allowedDirectories, allowedFiles, attach, memory, blank, isNew } = options;
    const connection = new Connection(await this.#instance.connect());
    try {
      if (memory !== undefined) await connection.run(`ATTACH ':memory:' AS ${identifier(memory)}`);
      await connection.run("SET GLOBAL TimeZone = 'UTC'");
      if (isNew && blank !== undefined) await beginWith(connection, blank(), memory);
      if (attach) await connection.run(`ATTACH ${literal(attach.path)} AS ${identifier(attach.name)} (READ_ONLY)`);
      if (allowedDirectories === undefined) return;
      await connection.run(`SET allowed_directories = ${list(allowedDirectories)}`);
      if (allowedFiles !== undefined) await allowFiles(connection, allowedFiles);
      await connection.run('SET enable_external_access = false');
      if (!options.landing) await connection.run(LOCK);
    } finally {
      connection.close();
    }
  }
}

/** Copies all that is in a file into a database that is empty, in one statement: all of it, or nothing. */
async function beginWith(connection: Connection, blank: string, database: string | undefined): Promise<void> {
  if (!existsSync(blank)) return;
  const here = database ?? (await connection.row<{ name: string }>('SELECT current_database() AS name'))!.name;
  try {
    await connection.run(`ATTACH ${literal(blank)} AS ${BLANK} (READ_ONLY)`);
  } catch {
    return;
  }
  // What is wrong with the place of the database, its first own statement meets too.
  await connection.run(`COPY FROM DATABASE ${BLANK} TO ${identifier(here)}`).catch(() => {});
  await connection.run(`DETACH ${BLANK}`);
}

/** As DuckDB takes it. */
const threadsOf = ({ threads = availableParallelism() }: FileOptions) => String(threads);

function assertClosed(path: string, open: ReadonlySet<string>): void {
  if (!open.has(path)) return;
  throw new WarehouseError({
    kind: 'fault',
    code: 'STORE_OPEN_TWICE',
    message: `${path} is open already.`,
    next: 'Close it first: opened twice by one process, it would be corrupted.',
  });
}

/** What DuckDB calls the database of a file: the file's name without its ending, which must not be a name of its own. */
function databaseName(path: string): string {
  const stem = basename(path, '.duckdb');
  return ['main', 'memory', 'temp', 'system', 'working'].includes(stem) ? `${stem}_db` : stem;
}

/** Whether a process was killed while it made the file: nothing, or less than its headers, is there. */
function isStump(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined || size >= HEADER_BYTES) return false;
  return size === 0 || readFileSync(path).toString('latin1', 8, 12) === 'DUCK';
}

/**
 * DuckDB looks for a relative path in the folder of the process first, then in its search path, and asks whether the
 * path in the first is allowed. A file of the same relative path in that folder is another one, and is not.
 */
async function allowFiles(connection: Connection, { root, paths }: Required<FileOptions>['allowedFiles']) {
  const relative = process.cwd() === root ? [] : paths.filter((path) => !isElsewhere(root, path));
  await connection.run(`SET allowed_paths = ${list([...paths.map((path) => join(root, path)), ...relative])}`);
  await connection.run(`SET GLOBAL file_search_path = ${literal(root)}`);
}

/** A list of texts as DuckDB takes it for a setting. */
const list = (texts: readonly string[]) => `[${texts.map(literal).join(', ')}]`;

/** @throws fault STORE_VERSION */
export function assertVersion(): void {
  const found = version();
  if (found === DUCKDB_VERSION) return;
  throw new WarehouseError({
    kind: 'fault',
    code: 'STORE_VERSION',
    message: `DuckDB ${DUCKDB_VERSION} is needed, but ${found} is installed.`,
    next: 'Install exactly what package-lock.json says: npm ci.',
  });
}

/** What DuckDB says where another process has the file: of a lock, and on Windows in the system's own words. */
const LOCKED = /Could not set lock on file|being used by another process/;

/** Which process that is, where DuckDB knows: `/usr/bin/R (PID 4081) by user somebody`. */
const HOLDER = /Conflicting lock is held in (.+?)\. (?:See also|However)/;

/** What DuckDB says of a file of a later version, by its first header or by what it was written with. */
const VERSIONS = /with version number (\d+), but we can only read versions between \d+ and (\d+)/;
const GREATER = /written with a storage version greater than|which is lower than what the database itself uses/;

function isOfNewer(message: string): boolean {
  const [, found, last] = VERSIONS.exec(message) ?? [];
  return GREATER.test(message) || (found !== undefined && BigInt(found) > BigInt(last));
}

/** What DuckDB says of a file that it cannot open, in our words. */
export function openError(path: string, error: unknown): WarehouseError {
  const said = error instanceof Error ? error.message : String(error);
  // A path may say anything.
  const message = said.replaceAll(path, '…');
  if (LOCKED.test(message)) {
    const holder = HOLDER.exec(message)?.[1];
    return new WarehouseError({
      kind: 'fault',
      code: 'STORE_LOCKED',
      message: `Another process has ${path} open${holder === undefined ? '' : `: ${holder}`}.`,
      next: 'Wait for the other build, or close the client that opened the working file. Read target/ instead.',
      cause: error,
    });
  }
  if (isOfNewer(message)) {
    return new WarehouseError({
      kind: 'fault',
      code: 'STORE_NEWER',
      message: `${path} was written by a newer DuckDB than ${DUCKDB_VERSION}.`,
      next: 'Open it with the newer version, or build it again from the sources.',
      cause: error,
    });
  }
  const refused = fileAccess(error);
  if (refused !== undefined) return refused;
  return new WarehouseError({
    kind: 'fault',
    code: 'STORE_OPEN',
    message: `${path} cannot be opened: ${said.split('\n')[0]}`,
    next: 'Check that it is a DuckDB file and that you may read it. If it is damaged, restore it from a backup, or move it aside and build again.',
    cause: error,
  });
}
