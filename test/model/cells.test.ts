import { expect, it, vi } from 'vitest';
import { rebuildState } from '../../src/load/state.ts';
import { gatherCells } from '../../src/model/cells.ts';
import { runSqlFile } from '../../src/store/sql-files.ts';
import { memory } from './database.ts';

it('gathers the live items wholly or not at all, whoever asks for them [STAGED-004]', async () => {
  const connection = await memory();
  for (const name of ['raw.sql', 'meta.sql', 'audit.sql']) await runSqlFile(connection, name);
  await rebuildState(connection);
  const run = connection.run.bind(connection);
  const failing = vi.spyOn(connection, 'run').mockImplementation((sql, parameters) => {
    return sql.startsWith('COMMENT ON TABLE') ? Promise.reject(new Error('killed')) : run(sql, parameters);
  });
  await expect(gatherCells(connection)).rejects.toThrow('killed');
  failing.mockRestore();
  const found = () =>
    connection.rows("SELECT comment IS NOT NULL AS told FROM duckdb_tables() WHERE table_name = '_cells'");
  expect(await found()).toEqual([]);
  await gatherCells(connection);
  expect(await found()).toEqual([{ told: true }]);
  connection.close();
});
