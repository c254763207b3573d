import { expect, it, vi } from 'vitest';
import { rebuildState } from '../../../src/load/state.ts';
import { cellsContent, gatherCells } from '../../../src/model/staged/cells.ts';
import { runSqlFile } from '../../../src/store/sql-files.ts';
import { WarehouseFile } from '../../../src/store/warehouse-file.ts';
import { event, form, group, item, odm, subject } from '../../helpers/odm.ts';
import { configuration, withProject } from '../../helpers/project.ts';
import { memory } from '../database.ts';

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

it('gathers the same, however few items at a time [STAGED-038]', async () => {
  const record = (oid: string, n: number, items: number) =>
    group(
      oid,
      { ItemGroupRepeatKey: String(n) },
      ...Array.from({ length: items }, (_, i) => item(`${oid}.${i}`, `${n}.${i}`)),
    );
  const records = (oid: string, count: number, items: number) =>
    Array.from({ length: count }, (_, index) => record(oid, index + 1, items));
  const groups = [...records('A', 40, 3), ...records('B', 2, 1), ...records('C', 5, 2), ...records('D', 1, 0)];
  const content = odm({ created: '2026-01-01T00:00:00Z' }, subject('1', {}, event('V', {}, form('F', {}, ...groups))));
  await withProject({ 'warehouse.yml': configuration(), 'data/a.xml': content }, async (project) => {
    await project.build();
    const file = await WarehouseFile.open(project.path('.warehouse/main.duckdb'), { allowedDirectories: [] });
    const connection = await file.connect();
    const cells = () => connection.rows('FROM staged._cells ORDER BY item_group_oid, _row');
    const [whole, contents] = [await cells(), await cellsContent(connection)];
    expect(whole).toHaveLength(48);
    for (const most of [1, 7, 50, 131, 132]) {
      await connection.run('DROP TABLE staged._cells');
      await gatherCells(connection, most);
      expect(await cells()).toEqual(whole);
      expect(await cellsContent(connection)).toEqual(contents);
    }
    connection.close();
    file.close();
  });
});
