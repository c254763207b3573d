import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ITEM_ELEMENTS, LEVELS, ODM_TABLES } from '../../src/odm/layout.ts';

const sql = readFileSync(join(import.meta.dirname, '../../sql/raw.sql'), 'utf8');

const TYPES: Record<string, string> = {
  int64: 'BIGINT',
  int32: 'INTEGER',
  uint8: 'UTINYINT',
  utf8: 'VARCHAR',
  timestamp: 'TIMESTAMP',
};

function columnsInSql(table: string): string[] {
  const body = new RegExp(`CREATE TABLE raw\\.${table} \\(\\n([^;]*?)\\n\\);`).exec(sql)?.[1] ?? '';
  return body.split('\n').map((line) => line.trim().replace(/,$/, ''));
}

it.each(Object.keys(ODM_TABLES) as (keyof typeof ODM_TABLES)[])(
  'has the columns of raw.%s, in order, with their types [ODM-006]',
  (table) => {
    const layout = ODM_TABLES[table].map(
      (column) => `${column.name} ${TYPES[column.type]}${'nullable' in column && column.nullable ? '' : ' NOT NULL'}`,
    );
    expect(layout).toEqual(columnsInSql(table));
  },
);

it('numbers levels and kinds of item as raw.level and raw.item_data_kind do [ODM-006]', () => {
  const numbered = (table: string) =>
    [
      ...(new RegExp(`INSERT INTO raw\\.${table} VALUES([^;]*);`).exec(sql)?.[1] ?? '').matchAll(/\((\d+), '(\w+)'\)/g),
    ].map(([, number, name]) => [Number(number), name]);
  expect(LEVELS.map((name, index) => [index, name])).toEqual(numbered('level'));
  expect(ITEM_ELEMENTS.map((name, index) => [index, name])).toEqual(numbered('item_data_kind'));
});
