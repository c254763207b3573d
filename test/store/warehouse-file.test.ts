import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connected } from '../../src/build/warehouse.ts';
import { openError, WarehouseFile } from '../../src/store/warehouse-file.ts';
import { withFolder } from '../helpers/store.ts';

const threadsOf = async (path: string, threads?: number) => {
  const file = await WarehouseFile.open(path, { threads });
  const connection = await file.connect();
  try {
    return (await connection.row<{ n: bigint }>("SELECT current_setting('threads') AS n"))?.n;
  } finally {
    connection.close();
    file.close();
  }
};

it('uses as many threads as there are cores, unless it is told how many [STORE-004]', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'a.duckdb');
    expect(await threadsOf(path)).toBe(BigInt(availableParallelism()));
    expect(await threadsOf(path, 1)).toBe(1n);
  });
});

it('lands on one thread; afterwards it has those asked for, and no setting can be changed [STORE-006]', async () => {
  await withFolder(async (folder) => {
    const file = await WarehouseFile.open(join(folder, 'a.duckdb'), {
      threads: 2,
      landing: true,
      allowedDirectories: [],
    });
    const connection = await file.connect();
    const setting = async (name: string) =>
      (await connection.row<{ v: string }>(`SELECT current_setting('${name}')::VARCHAR AS v`))?.v;
    try {
      expect([await setting('threads'), await setting('enable_external_access')]).toEqual(['1', 'false']);
      await file.landed();
      expect(await setting('threads')).toBe('2');
      await expect(connection.run('SET threads = 1')).rejects.toThrow('the configuration has been locked');
      await expect(connection.run("SET allowed_configs = ['threads']")).rejects.toThrow('has been locked');
    } finally {
      connection.close();
      file.close();
    }
  });
});

/** Holds the file open until its input ends. */
const HOLDER = `
import { DuckDBInstance } from '@duckdb/node-api';
const instance = await DuckDBInstance.create(process.argv[1], { access_mode: process.argv[2] });
process.stdout.write('open');
for await (const _ of process.stdin);
instance.closeSync();`;

const holderOf = (path: string, mode: string) =>
  spawn(process.execPath, ['--input-type=module', '-e', HOLDER, path, mode]);

it('says of a file that another process reads which process that is, and no more [STORE-005]', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'a.duckdb');
    await expect(threadsOf(path)).resolves.toBeDefined();
    const holder = holderOf(path, 'READ_ONLY');
    await once(holder.stdout, 'data');
    const error = await WarehouseFile.open(path).catch((reason: Error & { code?: string }) => reason);
    expect(error).toMatchObject({ code: 'STORE_LOCKED', message: expect.stringContaining(`(PID ${holder.pid})`) });
    // DuckDB goes on about its own command.
    expect((error as Error).message).not.toMatch(/However|readonly/i);
    holder.stdin.end();
    await once(holder, 'exit');
  });
});

it('knows a file that another process has open, and which process [STORE-005]', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'a.duckdb');
    const holder = holderOf(path, 'READ_WRITE');
    await once(holder.stdout, 'data');
    await expect(WarehouseFile.open(path)).rejects.toMatchObject({
      kind: 'fault',
      code: 'STORE_LOCKED',
      message: expect.stringMatching(new RegExp(`^Another process has .*a\\.duckdb open: .*\\(PID ${holder.pid}\\)`)),
    });
    await expect(WarehouseFile.open(path, { readOnly: true })).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    holder.stdin.end();
    await once(holder, 'exit');
    await expect(threadsOf(path)).resolves.toBeDefined();
  });
});

it('does not take every word with "lock" in it for a lock [STORE-005]', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'blocked.duckdb');
    writeFileSync(path, 'x'.repeat(20_000));
    await expect(WarehouseFile.open(path)).rejects.toMatchObject({
      kind: 'fault',
      code: 'STORE_OPEN',
      next: 'Check that it is a DuckDB file and that you may read it. If it is damaged, restore it from a backup, or move it aside and build again.',
    });
  });
});

it('does not take a file that may not be opened for a damaged one [STORE-012]', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'a.duckdb');
    const refusal = new Error(`IO Error: Cannot open file "${path}": Permission denied`);
    writeFileSync(path, '');
    // It can be read, by root as by anybody.
    expect(openError(path, refusal)).toMatchObject({
      kind: 'fault',
      code: 'FILE_ACCESS',
      message: `${path} cannot be written: permission is lacking (EACCES).`,
      next: `Give the user that runs it the right to write ${path}, then run it again.`,
      cause: refusal,
    });
  });
});

/** DuckDB's checksum of the first 4096 bytes of a file, which begin with it. */
function checksum(header: Buffer): bigint {
  let sum = 5381n;
  for (let at = 8; at < 4096; at += 8) {
    sum ^= BigInt.asUintN(64, header.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  }
  return sum;
}

it('knows a file of a newer DuckDB by what DuckDB reads in it, not by a word in its path [STORE-008]', async () => {
  await withFolder(async (parent) => {
    const folder = join(parent, 'the newer storage version number');
    const path = join(folder, 'a.duckdb');
    const codeOf = () => WarehouseFile.open(path).catch(({ code }) => code);
    (await WarehouseFile.open(path)).close();
    const bytes = readFileSync(path);
    const withVersion = (version: bigint) => {
      bytes.writeBigUInt64LE(version, 12);
      bytes.writeBigUInt64LE(checksum(bytes), 0);
      writeFileSync(path, bytes);
    };
    withVersion(99n);
    expect(await codeOf()).toBe('STORE_NEWER');
    withVersion(51n);
    expect(await codeOf()).toBe('STORE_OPEN');
    writeFileSync(path, 'no database'.repeat(2000));
    expect(await codeOf()).toBe('STORE_OPEN');
  });
});

const run = async (file: Promise<WarehouseFile>, sql: string) => connected(await file, (own) => own.rows(sql));

/** `work` is given what names a file with a table `blank`, and the path of another. */
async function withBlank(work: (blank: () => string, path: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const blank = join(folder, 'blank.duckdb');
    await run(WarehouseFile.open(blank), "CREATE TABLE blank AS SELECT 'b' AS b");
    await work(() => blank, join(folder, 'a.duckdb'));
  });
}

const TABLES = 'SELECT table_name AS t FROM duckdb_tables() WHERE database_name = current_database() ORDER BY ALL';

it('begins a database that is not there with what another has, which stays as it is [STORE-015]', async () => {
  await withBlank(async (blank, path) => {
    await run(WarehouseFile.open(path, { blank, allowedDirectories: [] }), 'CREATE TABLE more AS FROM blank');
    expect(await run(WarehouseFile.open(path, { blank }), TABLES)).toEqual([{ t: 'blank' }, { t: 'more' }]);
    expect(await run(WarehouseFile.open(path), 'FROM more')).toEqual([{ b: 'b' }]);
    expect(await run(WarehouseFile.standIn(join(path, '..', 'c.duckdb'), { blank }), TABLES)).toEqual([{ t: 'blank' }]);
    expect(await run(WarehouseFile.open(blank()), TABLES)).toEqual([{ t: 'blank' }]);
    const databases = await run(
      WarehouseFile.open(path),
      'SELECT count(*) AS n FROM duckdb_databases() WHERE NOT internal',
    );
    expect(databases).toEqual([{ n: 1n }]);
  });
});

it('leaves a file that is there as it is, be it empty, and is empty where the other cannot be read [STORE-015]', async () => {
  await withBlank(async (blank, path) => {
    await run(WarehouseFile.open(path), 'SELECT 1');
    expect(await run(WarehouseFile.open(path, { blank }), TABLES)).toEqual([]);
    const other = join(path, '..', 'b.duckdb');
    writeFileSync(`${blank()}.damaged`, 'no DuckDB file');
    expect(await run(WarehouseFile.open(other, { blank: () => `${blank()}.damaged` }), TABLES)).toEqual([]);
    const same = join(path, '..', '_warehouse_blank.duckdb');
    expect(await run(WarehouseFile.open(same, { blank }), TABLES)).toEqual([]);
    const third = join(path, '..', 'c.duckdb');
    expect(await run(WarehouseFile.open(third, { blank: () => join(path, '..', 'none.duckdb') }), TABLES)).toEqual([]);
  });
});

it('begins anew where a killed process left the beginning of a file, or a deleted file its log [STORE-015]', async () => {
  await withBlank(async (blank, path) => {
    writeFileSync(path, '');
    writeFileSync(`${path}.wal`, 'what was written to a file that somebody deleted');
    expect(await run(WarehouseFile.open(path, { blank }), TABLES)).toEqual([{ t: 'blank' }]);
  });
});
