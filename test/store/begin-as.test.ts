import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { withFolder } from '../helpers/store.ts';

/** Runs SQL in a file that begins as another where it is not there. */
async function inFile<Row>(path: string, blank: string | undefined, sql: string): Promise<Row[]> {
  const file = await WarehouseFile.open(path, { blank });
  const connection = await file.connect();
  try {
    return await connection.rows<Row>(sql);
  } finally {
    connection.close();
    file.close();
  }
}

const SEEN = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' ORDER BY ALL";

/** `work` is given a file with a table `blank`, and where one may begin as it. */
async function withBlank(work: (blank: string, path: string, folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const blank = join(folder, 'blank.duckdb');
    await inFile(blank, undefined, 'CREATE TABLE blank AS SELECT 1 AS one');
    await work(blank, join(folder, 'a.duckdb'), folder);
  });
}

it('begins a file that is not there as a copy of another, and leaves nothing beside it [STORE-015]', async () => {
  await withBlank(async (blank, path, folder) => {
    expect(await inFile(path, blank, SEEN)).toEqual([{ table_name: 'blank' }]);
    await inFile(path, blank, 'CREATE TABLE more AS SELECT 2 AS two');
    expect(await inFile(path, blank, SEEN)).toEqual([{ table_name: 'blank' }, { table_name: 'more' }]);
    expect(await inFile(blank, undefined, SEEN)).toEqual([{ table_name: 'blank' }]);
    expect(readdirSync(folder).sort()).toEqual(['a.duckdb', 'blank.duckdb']);
  });
});

it('leaves a file as it is that is there, be it empty [STORE-015]', async () => {
  await withBlank(async (blank, path) => {
    await inFile(path, undefined, 'SELECT 1');
    expect(await inFile(path, blank, SEEN)).toEqual([]);
  });
});

it('takes up what a killed process left of a file or of its copy [STORE-015]', async () => {
  await withBlank(async (blank, path, folder) => {
    writeFileSync(path, '');
    writeFileSync(`${path}.blank-1`, 'half of it');
    expect(await inFile(path, blank, SEEN)).toEqual([{ table_name: 'blank' }]);
    expect(readdirSync(folder).sort()).toEqual(['a.duckdb', 'blank.duckdb']);
  });
});

it('begins with nothing where the other is not there, or a file that is gone has left its log [STORE-015]', async () => {
  await withBlank(async (blank, path, folder) => {
    expect(await inFile(path, join(folder, 'none.duckdb'), SEEN)).toEqual([]);
    const gone = join(folder, 'gone.duckdb');
    writeFileSync(`${gone}.wal`, 'what was written to a file that somebody deleted');
    expect(await inFile(gone, blank, SEEN)).toEqual([]);
    expect(existsSync(`${gone}.wal`)).toBe(false);
  });
});

it('can write to a copy of a file that may only be read [STORE-015]', async () => {
  await withBlank(async (blank, path) => {
    chmodSync(blank, 0o444);
    await inFile(path, blank, 'CREATE TABLE more AS SELECT 2 AS two');
    expect(statSync(path).mode & 0o200).toBe(0o200);
  });
});
