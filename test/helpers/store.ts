import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '../../src/store/connection.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';

/** A folder of its own for one test, removed afterwards. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'warehouse-test-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A connection to an empty warehouse file in a folder of its own, closed and removed afterwards. */
export async function withStore<Result>(
  work: (connection: Connection, folder: string) => Promise<Result>,
): Promise<Result> {
  return withFolder(async (folder) => {
    const file = await WarehouseFile.open(join(folder, 'test.duckdb'));
    const connection = await file.connect();
    try {
      return await work(connection, folder);
    } finally {
      connection.close();
      file.close();
    }
  });
}
