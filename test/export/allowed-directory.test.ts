import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportDatasets } from '../../src/export/export.ts';
import { silent } from '../../src/lib/events.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { dataset } from './fixture.ts';

it.each(['export', 'a[1] *?'])(
  'works where SQL may reach the export directory %j and nothing else [EXPORT-020]',
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'export-'));
    const directory = join(folder, name);
    const file = await WarehouseFile.open(join(folder, 'study.duckdb'), { allowedDirectories: [directory] });
    const connection = await file.connect();
    try {
      await connection.run('CREATE SCHEMA sdtm');
      await connection.run(`CREATE TABLE sdtm.ae AS SELECT 'S-' || range AS USUBJID FROM range(10)`);
      const formats = ['xpt', 'parquet', 'csv'] as const;
      const files = await exportDatasets(
        connection,
        [dataset('AE')],
        { directory, formats, events: silent },
        async () => {},
      );
      expect(files.map((exported) => exported.rows)).toEqual([10, 10, 10]);
    } finally {
      connection.close();
      file.close();
      rmSync(folder, { recursive: true });
    }
  },
);
