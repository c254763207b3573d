import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { BaseColumn, Lineage } from '../../../src/model/lineage/lineage.ts';
import type { SelectLineage } from '../../../src/model/lineage/select-lineage.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { RANDOM_MACROS, RANDOM_TABLES, randomSelect } from './random-select.ts';
import { databaseWith, readerOf } from './read.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const TIMEOUT = LONG ? 7_200_000 : 240_000;
const RUNS = LONG ? { numRuns: 20_000 } : { numRuns: 100, seed: 20260327 };
/** In how many ways the values of each column are changed. */
const WAYS = 3;
const ROWS = 5;

/** The schema in which one column holds other values than in main. */
interface Variant {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** Numbers that look like any: the same in every run. */
function* numbers(): Generator<number> {
  for (let state = 1; ; state = (state * 48271) % 2147483647) yield state >> 8;
}

const variants = Object.entries(RANDOM_TABLES).flatMap(([table, columns]) =>
  columns.flatMap((column) =>
    Array.from({ length: WAYS }, (_, way): Variant => ({ schema: `${table}_${column}_${way}`, table, column })),
  ),
);

function statements(): string {
  const random = numbers();
  const value = () => (random.next().value as number) % 7;
  const cell = () => ((value() + value()) % 9 === 0 ? 'NULL' : String(value() % 5));
  const rows = new Map(
    Object.entries(RANDOM_TABLES).map(([table, columns]) => [
      table,
      columns.map(() => Array.from({ length: ROWS }, cell)),
    ]),
  );
  const made = (schema: string, changed?: Variant) => [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    ...Object.entries(RANDOM_TABLES).map(([table, columns]) => {
      const cells = columns.map((column, i) =>
        changed?.table === table && changed.column === column
          ? Array.from({ length: ROWS }, cell)
          : rows.get(table)![i],
      );
      const values = Array.from(
        { length: ROWS },
        (_, row) => `(${cells.map((one) => `${one[row]}::INTEGER`).join(', ')})`,
      );
      return `CREATE TABLE ${schema}.${table} AS FROM (VALUES ${values.join(', ')}) AS v(${columns.join(', ')})`;
    }),
  ];
  return ['SET threads = 1', ...made('main'), ...variants.flatMap((one) => made(one.schema, one)), RANDOM_MACROS].join(
    ';\n',
  );
}

let connection: Connection;
let read: (sql: string) => Promise<SelectLineage>;
beforeAll(async () => {
  connection = await databaseWith(statements());
  read = await readerOf(connection);
}, TIMEOUT);

/** The values of each column of the result, whatever the order of its rows; undefined where the SELECT fails. */
async function values(sql: string, schema = 'main'): Promise<string[] | undefined> {
  await connection.run(`SET search_path = '${schema},main'`);
  try {
    const reader = await connection.duck.runAndReadAll(sql);
    return reader.getColumns().map((column) => JSON.stringify(column.map(String).sort()));
  } catch {
    return undefined;
  } finally {
    await connection.run("SET search_path = 'main'");
  }
}

const says = (lineage: Lineage, { table, column }: Variant) =>
  lineage.unknown !== undefined ||
  [...lineage.from].some((one: BaseColumn) => one.table === `main.${table}` && one.column === column);

/** The columns of the result that change with a column which their lineage does not have. */
async function silences(sql: string, before: readonly string[], { columns, rows }: SelectLineage): Promise<string[]> {
  const found: string[] = [];
  for (const variant of variants) {
    if (says(rows, variant) || columns.every(({ lineage }) => says(lineage, variant))) continue;
    const after = await values(sql, variant.schema);
    const silent = columns.filter(
      ({ lineage }, i) => after !== undefined && after[i] !== before[i] && !says(lineage, variant),
    );
    found.push(...silent.map(({ name }) => `${name} changes with ${variant.table}.${variant.column}`));
  }
  return found;
}

it(
  'names every column with which values are seen to change [LINEAGE-002]',
  async () => {
    const tally = { valid: 0, columns: 0, unknown: 0 };
    const choices = fc.array(fc.nat({ max: 5039 }), { minLength: 20, maxLength: 120 });
    const property = fc.asyncProperty(choices, async (made) => {
      const sql = randomSelect(made);
      const before = await values(sql);
      if (before === undefined) return;
      const lineage = await read(sql);
      tally.valid += 1;
      tally.columns += lineage.columns.length;
      tally.unknown += lineage.columns.filter((column) => column.lineage.unknown !== undefined).length;
      expect(await silences(sql, before, lineage), sql).toEqual([]);
    });
    await fc.assert(property, { ...RUNS, interruptAfterTimeLimit: TIMEOUT * 0.75, markInterruptAsFailure: true });
    // A SELECT that DuckDB refuses shows nothing, and neither does an answer that is always unknown.
    expect(tally.valid).toBeGreaterThan(RUNS.numRuns * 0.7);
    expect(tally.unknown).toBeLessThan(tally.columns * 0.02);
  },
  TIMEOUT,
);
