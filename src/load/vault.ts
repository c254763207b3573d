import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncFile, syncFolder } from '../lib/disk.ts';

const INCOMING = 'incoming-';

/**
 * The bytes of every sealed delivery, under their SHA-256: `<vault>/ab/abcdef...`. A file that is there is whole,
 * because it is written under another name first, and is on the disk before it gets its own; it is never written again.
 * What is sealed stays, whatever happens to the power.
 */
export class Vault {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  path(sha256: string): string {
    return join(this.#directory, sha256.slice(0, 2), sha256);
  }

  /** Takes away what a load that was killed left of its copies. Only one process loads at a time. */
  sweep(): void {
    if (!existsSync(this.#directory)) return;
    for (const name of readdirSync(this.#directory)) {
      if (name.startsWith(INCOMING)) this.discard(join(this.#directory, name));
    }
  }

  /** A path to write incoming bytes to before their hash is known. */
  incoming(): string {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    return join(this.#directory, `${INCOMING}${randomBytes(8).toString('hex')}`);
  }

  /** Takes what was written to an incoming path in under its hash; bytes that are there already are not kept twice. */
  seal(incoming: string, sha256: string): void {
    const path = this.path(sha256);
    if (existsSync(path)) {
      rmSync(incoming);
      return;
    }
    const made = mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // A copy is as read-only as the file that was copied.
    chmodSync(incoming, 0o600);
    syncFile(incoming);
    renameSync(incoming, path);
    chmodSync(path, 0o400);
    syncFolder(dirname(path));
    if (made !== undefined) syncFolder(this.#directory);
  }

  discard(incoming: string): void {
    rmSync(incoming, { force: true });
  }
}
