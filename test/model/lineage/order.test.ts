import { beforeAll, expect, it } from 'vitest';
import type { SelectLineage } from '../../../src/model/lineage/select-lineage.ts';
import { TABLES } from './cases.ts';
import { databaseWith, readerOf } from './read.ts';

let read: (sql: string) => Promise<SelectLineage>;
beforeAll(async () => {
  read = await readerOf(await databaseWith(TABLES));
});

/** A SELECT over t, the columns that its first one is made of, and those that only part and order rows for it. */
const CASES: readonly (readonly [name: string, sql: string, values: string, order: string])[] = [
  ['a number', 'SELECT row_number() OVER (PARTITION BY a ORDER BY b, c DESC) FROM t', '', 'a b c'],
  ['a named window', 'SELECT rank() OVER v FROM t WINDOW v AS (PARTITION BY a ORDER BY b)', '', 'a b'],
  [
    'the arguments and the frame of a window',
    'SELECT sum(a) FILTER (p IS NULL) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN id PRECEDING AND CURRENT ROW) FROM t',
    'a p',
    'b c id',
  ],
  ['offset and default of lag', 'SELECT lag(a, b, c) OVER (ORDER BY id) FROM t', 'a b c', 'id'],
  ['the order of a window argument', 'SELECT last_value(a ORDER BY c) OVER (PARTITION BY b) FROM t', 'a', 'b c'],
  ['the order of an aggregate', 'SELECT arg_max(a, b ORDER BY c) FILTER (p IS NULL) FROM t', 'a b p', 'c'],
  ['what is ordered by itself', 'SELECT list(a ORDER BY a, b) FROM t', 'a', 'b'],
  [
    'WITHIN GROUP, whose order is the argument',
    'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t',
    'a',
    '',
  ],
  ['mode()', 'SELECT mode() WITHIN GROUP (ORDER BY a) FROM t', 'a', ''],
  [
    'a flag by the number',
    "SELECT CASE WHEN row_number() OVER (ORDER BY a) = 1 AND b > 0 THEN 'Y' END FROM t",
    'b',
    'a',
  ],
  ['an order that is computed with', 'SELECT a + row_number() OVER (ORDER BY a, b) FROM t', 'a', 'b'],
  ['a column of a subquery', 'SELECT k + c FROM (SELECT c, row_number() OVER (ORDER BY a) AS k FROM t)', 'c', 'a'],
  [
    'a window ordered by a window',
    'SELECT max(c) OVER (ORDER BY k) FROM (SELECT c, row_number() OVER (ORDER BY a) AS k FROM t)',
    'c',
    'a',
  ],
  ['one side of a UNION', 'SELECT row_number() OVER (ORDER BY a, b) AS k FROM t UNION ALL SELECT a FROM t', 'a', 'b'],
  [
    'a recursive WITH, in which the order comes to be the value',
    `WITH RECURSIVE r(k, m) AS (SELECT row_number() OVER (ORDER BY a), a FROM t UNION ALL SELECT m, m FROM r WHERE k < 3)
     SELECT k FROM r`,
    'a',
    '',
  ],
];

for (const [name, sql, values, order] of CASES) {
  it(`tells what the value is made of from what orders its rows: ${name} [LINEAGE-008]`, async () => {
    const { from, ordering = new Set() } = (await read(sql)).columns[0].lineage;
    const names = (isOrder: boolean) =>
      [...from].flatMap((one) => (ordering.has(one) === isOrder ? one.column : [])).sort();
    expect([names(false).join(' '), names(true).join(' ')]).toEqual([values, order]);
  });
}
