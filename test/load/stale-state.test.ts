import { expect, it } from 'vitest';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const DATA = odm(
  { created: '2026-01-01T00:00:00Z' },
  subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('A', 'a'))))),
);

it('state that other rules worked out is worked out anew, though nothing is pending [STATE-023]', async () => {
  await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': DATA }, async (project) => {
    await project.load();
    const file = await WarehouseFile.open(project.path('.warehouse/main.duckdb'));
    const connection = await file.connect();
    await connection.run(
      `UPDATE state.rules SET sha256 = 'of another version'; DROP TABLE state.superseded_item CASCADE`,
    );
    connection.close();
    file.close();
    expect((await project.load()).deliveries).toEqual([]);
    expect(await project.rows('SELECT value FROM state.item_data')).toEqual([['a']]);
  });
});
