import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { sha256Hex } from './hash.ts';

/** The three headers of a DuckDB file: each checkpoint writes one of them anew, with a higher number. */
const HEAD_BYTES = 3 * 4096;

/**
 * What tells whether a file is as it was, without reading all of it: size, times of change, inode, and its beginning, by
 * which a file of DuckDB that was written to differs whatever its times say. undefined where there is no such file.
 */
export function fileState(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!found?.isFile()) return undefined;
  const { size, mtimeNs, ctimeNs, ino } = found;
  return [size, mtimeNs, ctimeNs, ino, sha256Hex(beginning(path))].join(' ');
}

/** A change of the same moment may leave the times as they were: the coarsest of file systems counts in two seconds. */
const SETTLED_MS = 2_000;

/**
 * Whether a file that is changed from now on will have another state: its times will be others, or all of it is in its
 * beginning. @param now by the clock of the machine
 */
export function isSettled(path: string, now: number = Date.now()): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.size <= HEAD_BYTES) return true;
  return now - Math.max(found.mtimeMs, found.ctimeMs) > SETTLED_MS;
}

function beginning(path: string): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const handle = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(handle, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}
