import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { syncFile, syncFolder } from '../../src/lib/disk.ts';
import { Vault } from '../../src/load/vault.ts';

/** What was done to the disk, in turn. */
const { done } = vi.hoisted(() => ({ done: [] as string[] }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const paths = new Map<number, string>();
  return {
    ...fs,
    openSync: (path: string, flags: string) => {
      const handle = fs.openSync(path, flags);
      paths.set(handle, `${path} (${flags})`);
      return handle;
    },
    fsyncSync: (handle: number) => {
      fs.fsyncSync(handle);
      done.push(`sync ${paths.get(handle)}`);
    },
    renameSync: (from: string, to: string) => {
      fs.renameSync(from, to);
      done.push(`rename ${from} to ${to}`);
    },
  };
});

const folder = mkdtempSync(join(tmpdir(), 'disk-'));
const file = join(folder, 'file');

function on(platform: NodeJS.Platform): void {
  vi.spyOn(process, 'platform', 'get').mockReturnValue(platform);
}

afterEach(() => {
  vi.restoreAllMocks();
  done.length = 0;
});
afterEach(() => rmSync(file, { force: true }));

describe('what has to be on the disk', () => {
  it('is waited for, the bytes of a file and the names in a folder [STORE-007]', () => {
    on('linux');
    writeFileSync(file, 'a', { mode: 0o400 });
    syncFile(file);
    syncFolder(folder);
    expect(done).toEqual([`sync ${file} (r)`, `sync ${folder} (r)`]);
  });

  it('is a file opened for writing on Windows, which has no way to wait for a folder [STORE-007]', () => {
    on('win32');
    writeFileSync(file, 'a');
    syncFile(file);
    syncFolder(folder);
    expect(done).toEqual([`sync ${file} (r+)`]);
  });

  it('is a copy in the vault before it has its name, and its name before the delivery is recorded [STORE-007]', () => {
    on('linux');
    const directory = join(folder, 'vault');
    const vault = new Vault(directory);
    const sha256 = 'ab'.repeat(32);
    const incoming = vault.incoming();
    writeFileSync(incoming, 'a', { mode: 0o400 });
    vault.seal(incoming, sha256);
    const path = join(directory, 'ab', sha256);
    expect(done).toEqual([
      `sync ${incoming} (r)`,
      `rename ${incoming} to ${path}`,
      `sync ${join(directory, 'ab')} (r)`,
      `sync ${directory} (r)`,
    ]);
  });
});
