import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { withFolder } from '../helpers/store.ts';

vi.mock('../../src/store/duckdb.ts', async (original) => ({
  ...(await original<typeof import('../../src/store/duckdb.ts')>()),
  version: () => 'v1.6.0',
}));

it('opens and makes no file with another DuckDB than the one whose memory is known [STORE-011]', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'a.duckdb');
    const refusal = {
      kind: 'fault',
      code: 'STORE_VERSION',
      message: 'DuckDB v1.5.5 is needed, but v1.6.0 is installed.',
      next: 'Install exactly what package-lock.json says: npm ci.',
    };
    await expect(WarehouseFile.open(path)).rejects.toMatchObject(refusal);
    await expect(WarehouseFile.standIn(path)).rejects.toMatchObject(refusal);
    expect(existsSync(path)).toBe(false);
  });
});
