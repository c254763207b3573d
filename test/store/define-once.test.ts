import { expect, it } from 'vitest';
import { defineOnce, defining } from '../../src/store/define-once.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';
import { withStore } from '../helpers/store.ts';

it('defines again only what is defined by another text [STORE-013]', async () => {
  await withStore(async (connection) => {
    let times = 0;
    const define = (text: string) =>
      defining(
        connection,
        'recon.some',
        async () => text,
        async () => {
          times++;
        },
      );
    for (const text of ['a', 'a', 'b', 'b', 'a']) await define(text);
    expect(times).toBe(3);
    await defineOnce(connection, 'recon.other', 'CREATE OR REPLACE VIEW v AS SELECT 1 AS a');
    expect(await connection.rows('SELECT name FROM recon._defined ORDER BY name')).toEqual([
      { name: 'other' },
      { name: 'some' },
    ]);
    expect(await connection.row('FROM v')).toEqual({ a: 1 });
  });
});

it('defines again what was cut short, whatever is asked for then [STORE-013]', async () => {
  await withStore(async (connection) => {
    await defineOnce(connection, 'recon.one', 'CREATE OR REPLACE VIEW v AS SELECT 1 AS a');
    const other = 'CREATE OR REPLACE VIEW v AS SELECT 2 AS a; CREATE VIEW v AS SELECT 3 AS a';
    await expect(defineOnce(connection, 'recon.one', other)).rejects.toThrow('already exists');
    expect(await connection.row('FROM v')).toEqual({ a: 2 });
    await defineOnce(connection, 'recon.one', 'CREATE OR REPLACE VIEW v AS SELECT 1 AS a');
    expect(await connection.row('FROM v')).toEqual({ a: 1 });
  });
});

it('defines again what went with its schema [STORE-013]', async () => {
  await withStore(async (connection) => {
    const view = 'CREATE OR REPLACE VIEW recon.v AS SELECT 1 AS a';
    await defineOnce(connection, 'recon.one', view);
    await connection.run('DROP SCHEMA recon CASCADE');
    await defineOnce(connection, 'recon.one', view);
    expect(await connection.row('FROM recon.v')).toEqual({ a: 1 });
  });
});

const ROWS = (row: string) => `SELECT [${row}] AS _rows FROM staged.g`;

it('keeps the views of recon whole where models under them would change their types [STORE-013]', async () => {
  const record = odm({}, subject('a', {}, event('V', {}, form('F', {}, group('G', {}, item('I', '1'))))));
  const files = { 'warehouse.yml': configuration(), 'data/1.xml': record, 'models/mart/g.sql': ROWS('_row') };
  await withProject(files, async (project) => {
    await project.build();
    const accounted = 'SELECT accounted, typeof(_row) FROM recon.row_accounting';
    expect(await project.rows(accounted)).toEqual([[true, 'BIGINT']]);
    project.write({ 'models/mart/g.sql': ROWS('_row::HUGEINT') });
    expect((await project.build()).models.map(({ name, state }) => [name, state])).toEqual([
      ['staged.g', 'skipped'],
      ['mart.g', 'failed'],
    ]);
    expect(await project.rows(accounted)).toEqual([[true, 'BIGINT']]);
  });
});
