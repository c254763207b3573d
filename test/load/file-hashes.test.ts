import { createHash } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileHashes } from '../../src/load/file-hashes.ts';
import type { Connection } from '../../src/store/connection.ts';
import { memory } from '../model/database.ts';

let folder: string;
let connection: Connection;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hashes-'));
  connection = await memory();
  await connection.run('CREATE SCHEMA run');
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function file(text: string) {
  const path = join(folder, 'a.csv');
  writeFileSync(path, text);
  return { name: 'data/a.csv', path, size: text.length };
}

/** Takes the hash so long after the last change of the file, and keeps it. */
async function take(one: ReturnType<typeof file>, later: number): Promise<string> {
  const hashes = await FileHashes.read(connection, () => Math.ceil(statSync(one.path).ctimeMs) + later);
  const hash = await hashes.of(one);
  await hashes.save(connection);
  return hash;
}

/** What is kept, spoilt, so that it shows whether it is used. */
const spoil = () => connection.run("UPDATE run.known_file SET sha256 = 'as kept'");

describe('the hash of a source file [LOAD-100]', () => {
  it('is not taken again while the file system says that the file is the same', async () => {
    const one = file('id\n1\n');
    expect(await take(one, 10_000)).toBe(sha256('id\n1\n'));
    await spoil();
    expect(await take(one, 10_000)).toBe('as kept');
  });

  it('is taken again of a file that had changed within two seconds before', async () => {
    const one = file('id\n1\n');
    await take(one, 1_900);
    await spoil();
    expect(await take(one, 10_000)).toBe(sha256('id\n1\n'));
  });

  it('is taken again where the bytes, the times or the file are others, be the size what it was', async () => {
    const one = file('id\n1\n');
    await take(one, 10_000);
    const { atime, mtime } = statSync(one.path);
    writeFileSync(one.path, 'id\n2\n');
    utimesSync(one.path, atime, mtime);
    expect(await take(one, 10_000)).toBe(sha256('id\n2\n'));
    writeFileSync(join(folder, 'b.csv'), 'id\n3\n');
    renameSync(join(folder, 'b.csv'), one.path);
    expect(await take(one, 10_000)).toBe(sha256('id\n3\n'));
  });

  it('is taken where nothing is kept', async () => {
    expect(await new FileHashes().of(file('x'))).toBe(sha256('x'));
    expect(await (await FileHashes.read(undefined)).of(file('y'))).toBe(sha256('y'));
  });

  it('of a file that is gone is an error with its name', async () => {
    const one = file('x');
    rmSync(one.path);
    await expect(new FileHashes().of(one)).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      place: { file: 'data/a.csv' },
    });
  });
});
