import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, literal } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import { insertRows } from '../store/insert-rows.ts';
import { runSqlFile } from '../store/sql-files.ts';
import { hashOf, type SourceFile, unreadable } from './source-file.ts';

/** What the file system says of a file. */
interface Seen {
  readonly size_bytes: bigint;
  readonly modified_ns: bigint;
  readonly changed_ns: bigint;
  readonly inode: string;
}

interface KnownFile extends Seen {
  readonly name: string;
  readonly seen_ns: bigint;
  readonly sha256: string;
}

/** A change of the same moment may leave the times as they were: the coarsest of file systems counts in two seconds. */
const SETTLED_NS = 2_000_000_000n;

/**
 * SHA-256 of source files. It is not taken again of a file of which the file system says what it said then: size, times
 * of change and inode. One that changed just before counts as unknown.
 */
export class FileHashes {
  readonly #known: ReadonlyMap<string, KnownFile>;
  readonly #now: () => number;
  readonly #taken: KnownFile[] = [];

  /** @param now milliseconds since 1970, by the clock of the machine, as the file system's times are */
  constructor(known: readonly KnownFile[] = [], now: () => number = Date.now) {
    this.#known = new Map(known.map((file) => [file.name, file]));
    this.#now = now;
  }

  static async read(connection: Connection | undefined, now?: () => number): Promise<FileHashes> {
    if (connection === undefined || !(await hasRelation(connection, 'run.known_file'))) return new FileHashes([], now);
    return new FileHashes(await connection.rows<KnownFile>('FROM run.known_file'), now);
  }

  /** @throws data SOURCE_UNREADABLE */
  async of(file: SourceFile): Promise<string> {
    const before = seen(file);
    const known = this.#known.get(file.name);
    if (known !== undefined && isSame(known, before) && isSettled(known)) return known.sha256;
    const seen_ns = BigInt(this.#now()) * 1_000_000n;
    const sha256 = await hashOf(file);
    if (isSame(before, seen(file))) this.#taken.push({ name: file.name, ...before, seen_ns, sha256 });
    return sha256;
  }

  /** Those that a build would not take again, by what the file system says now. */
  trusted(root: string): readonly Pick<KnownFile, 'name' | 'sha256'>[] {
    return [...this.#known.values()].filter((known) => {
      const file = { name: known.name, path: join(root, known.name), size: 0 };
      return existsSync(file.path) && isSettled(known) && isSame(known, seen(file));
    });
  }

  /** Keeps what was taken for the next time. */
  async save(connection: Connection): Promise<void> {
    if (this.#taken.length === 0) return;
    await connection.transaction(async () => {
      if (!(await hasRelation(connection, 'run.known_file'))) await runSqlFile(connection, 'known-file.sql');
      const names = this.#taken.map(({ name }) => literal(name)).join(', ');
      await connection.run(`DELETE FROM run.known_file WHERE name IN (${names})`);
      await insertRows(
        connection,
        'run.known_file',
        this.#taken.map((file) => ({ ...file })),
      );
    });
  }
}

function seen(file: SourceFile): Seen {
  try {
    const { size, mtimeNs, ctimeNs, ino } = statSync(file.path, { bigint: true });
    return { size_bytes: size, modified_ns: mtimeNs, changed_ns: ctimeNs, inode: String(ino) };
  } catch (error) {
    throw unreadable(file, error);
  }
}

function isSame(one: Seen, other: Seen): boolean {
  return (
    one.size_bytes === other.size_bytes &&
    one.modified_ns === other.modified_ns &&
    one.changed_ns === other.changed_ns &&
    one.inode === other.inode
  );
}

function isSettled({ modified_ns, changed_ns, seen_ns }: KnownFile): boolean {
  const changed = modified_ns > changed_ns ? modified_ns : changed_ns;
  return seen_ns - changed > SETTLED_NS;
}
