import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../lib/disk.ts';
import { WarehouseError } from '../lib/errors.ts';

export interface Line {
  /** The line without its line break. */
  readonly bytes: Buffer;
  /** Where it begins in the file. */
  readonly offset: number;
  /** Whether a line break ends it. A line without one was torn by a crash. */
  readonly complete: boolean;
}

/** Bytes that were cut off the end of a file, and the file they are kept in. */
export interface Torn {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

const LINE_BREAK = 10;
const READ_BYTES = 64 * 1024;
const WRITE_CHARACTERS = 1024 * 1024;

/** A file of lines that is only ever appended to. Absent is the same as empty. */
export class JsonlFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Appends lines and waits until they are on the disk.
   * @throws fault LEDGER_WRITE; some of the lines, the last one torn, may then be in the file.
   */
  async append(lines: Iterable<string>): Promise<void> {
    try {
      const isNew = (await this.#size()) === undefined;
      await writeLines(this.path, 'a', lines);
      if (isNew) syncFolder(dirname(this.path));
    } catch (error) {
      throw writeError(this.path, error);
    }
  }

  /** Replaces the whole file in one step: after a crash it is either the old one or the new one. */
  async replace(lines: Iterable<string> | AsyncIterable<string>): Promise<void> {
    const next = `${this.path}.next`;
    try {
      await writeLines(next, 'w', lines);
      await rename(next, this.path);
      syncFolder(dirname(this.path));
    } catch (error) {
      throw error instanceof WarehouseError ? error : writeError(this.path, error);
    }
  }

  /** All lines, first to last. Memory: the longest line. */
  async *lines(): AsyncGenerator<Line> {
    const size = (await this.#size()) ?? 0;
    if (size === 0) return;
    const handle = await open(this.path, 'r');
    try {
      let pieces: Buffer[] = [];
      let offset = 0;
      for (let start = 0; start < size; start += READ_BYTES) {
        const chunk = await read(handle, start, Math.min(size, start + READ_BYTES));
        let from = 0;
        for (let to = chunk.indexOf(LINE_BREAK); to >= 0; to = chunk.indexOf(LINE_BREAK, from)) {
          yield { bytes: Buffer.concat([...pieces, chunk.subarray(from, to)]), offset, complete: true };
          pieces = [];
          from = to + 1;
          offset = start + from;
        }
        pieces.push(chunk.subarray(from));
      }
      if (offset < size) yield { bytes: Buffer.concat(pieces), offset, complete: false };
    } finally {
      await handle.close();
    }
  }

  /** All lines, last to first, read only as far as they are asked for. */
  async *linesFromEnd(): AsyncGenerator<Line> {
    const size = (await this.#size()) ?? 0;
    if (size === 0) return;
    const handle = await open(this.path, 'r');
    try {
      let pieces: Buffer[] = [];
      let complete = false;
      for (let end = size; end > 0; end -= READ_BYTES) {
        const start = Math.max(0, end - READ_BYTES);
        const chunk = await read(handle, start, end);
        let to = chunk.length;
        for (let from = chunk.lastIndexOf(LINE_BREAK); from >= 0; from = lastBefore(chunk, to)) {
          const bytes = Buffer.concat([chunk.subarray(from + 1, to), ...pieces]);
          if (complete || bytes.length > 0) yield { bytes, offset: start + from + 1, complete };
          complete = true;
          pieces = [];
          to = from;
        }
        pieces.unshift(chunk.subarray(0, to));
      }
      yield { bytes: Buffer.concat(pieces), offset: 0, complete };
    } finally {
      await handle.close();
    }
  }

  /** Cuts off everything from `offset` on, and keeps it beside the file as `<name>.torn-<n>`. */
  async cut(offset: number): Promise<Torn> {
    const handle = await open(this.path, 'r+');
    try {
      const bytes = await read(handle, offset, (await handle.stat()).size);
      const path = await this.#freeName('torn');
      await writeLines(path, 'wx', [bytes]);
      await handle.truncate(offset);
      await handle.sync();
      syncFolder(dirname(this.path));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { file: basename(path), bytes: bytes.length, sha256 };
    } finally {
      await handle.close();
    }
  }

  /** Moves the file, if there is one, to `<name>.replaced-<n>`, whose name it returns: no record is ever deleted. */
  async setAside(): Promise<string | undefined> {
    if ((await this.#size()) === undefined) return undefined;
    const path = await this.#freeName('replaced');
    await rename(this.path, path);
    return basename(path);
  }

  /** Keeps lines that stand elsewhere and are to be replaced, as `<name>.<what>-<n>`, whose name it returns. */
  async keepBeside(what: string, lines: AsyncIterable<string>): Promise<string> {
    const path = await this.#freeName(what);
    try {
      await writeLines(path, 'wx', lines);
      syncFolder(dirname(path));
    } catch (error) {
      throw error instanceof WarehouseError ? error : writeError(path, error);
    }
    return basename(path);
  }

  #freeName(what: string): Promise<string> {
    return freeName(join(dirname(this.path), `${basename(this.path, '.jsonl')}.${what}`));
  }

  async #size(): Promise<number | undefined> {
    return (await stat(this.path).catch(absent))?.size;
  }
}

function lastBefore(chunk: Buffer, to: number): number {
  return to === 0 ? -1 : chunk.lastIndexOf(LINE_BREAK, to - 1);
}

async function read(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function writeLines(
  path: string,
  flags: 'a' | 'w' | 'wx',
  lines: Iterable<string | Buffer> | AsyncIterable<string>,
): Promise<void> {
  const handle = await open(path, flags);
  try {
    let pending = '';
    for await (const line of lines) {
      if (typeof line !== 'string') {
        await handle.writeFile(line);
        continue;
      }
      pending += `${line}\n`;
      if (pending.length < WRITE_CHARACTERS) continue;
      await handle.writeFile(pending);
      pending = '';
    }
    await handle.writeFile(pending);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function freeName(stem: string): Promise<string> {
  for (let n = 1; ; n++) {
    if ((await stat(`${stem}-${n}`).catch(absent)) === undefined) return `${stem}-${n}`;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function writeError(path: string, error: unknown): WarehouseError {
  const what = (error as NodeJS.ErrnoException).code ?? String(error);
  return new WarehouseError({
    kind: 'fault',
    code: 'LEDGER_WRITE',
    message: `The ledger could not be written (${what}).`,
    place: { file: path },
    next: 'Make room on the disk or give the right to write, then run the command again.',
    cause: error,
  });
}
