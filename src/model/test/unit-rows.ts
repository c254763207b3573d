import type { Cell, UnitRows } from '../../project/unit-test.ts';
import { type Connection, identifier, literal } from '../../store/connection.ts';
import type { TableColumn } from '../../store/describe.ts';
import { valueSql } from '../reading/variables.ts';

/** What is wrong with rows, and where: below the rows. */
export interface RowsProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The names of the columns of rows, each as it is written first. */
export function columnsIn({ rows }: UnitRows): string[] {
  const names = new Map<string, string>();
  for (const name of rows.flatMap(Object.keys)) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()];
}

/**
 * The SELECT that makes rows with these columns; NULL where a row has none of them. A value must have the very form of
 * the type: a cast would round 1.5 to 2 and take the time off a date, and the test would hold by mistake.
 */
export async function typedRows(
  connection: Connection,
  { rows }: UnitRows,
  columns: readonly TableColumn[],
): Promise<string | RowsProblem> {
  const cells = rows.map((row) => {
    const values = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), { name, value }]));
    return columns.map(({ name }) => values.get(name.toLowerCase()) ?? { name, value: null });
  });
  const checked: { readonly sql: string; readonly problem: RowsProblem }[] = [];
  for (const [r, row] of cells.entries()) {
    for (const [c, { name, value }] of row.entries()) {
      if (value === null) continue;
      const { type } = columns[c];
      const problem = { path: ['rows', r, name], message: `rows[${r}].${name} is no ${type}.` };
      if (!hasForm(type, textOf(value))) return problem;
      checked.push({ sql: `TRY_CAST(${literal(textOf(value))} AS ${type}) IS NOT NULL`, problem });
    }
  }
  const wrong = await firstFalse(
    connection,
    checked.map(({ sql }) => sql),
  );
  if (wrong !== undefined) return checked[wrong].problem;
  const typed = cells.map((row) =>
    row.map(({ value }, c) => `CAST(${value === null ? 'NULL' : literal(textOf(value))} AS ${columns[c].type})`),
  );
  return valuesSql(
    typed,
    columns.map(({ name }) => name),
    columns.map(({ type }) => `CAST(NULL AS ${type})`),
  );
}

/** The same where no table tells the types: each value says its own, and a column without any is text. */
export function untypedRows(given: UnitRows): string {
  const names = columnsIn(given);
  const rows = given.rows.map(
    (row) => new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])),
  );
  const valueIn = (row: ReadonlyMap<string, Cell>, name: string) => row.get(name.toLowerCase()) ?? null;
  const nothing = names.map((name) =>
    rows.some((row) => valueIn(row, name) !== null) ? 'NULL' : 'CAST(NULL AS VARCHAR)',
  );
  const cells = rows.map((row) =>
    names.map((name, c) => {
      const value = valueIn(row, name);
      return value === null ? nothing[c] : naturalSql(value);
    }),
  );
  return valuesSql(cells, names, nothing);
}

function naturalSql(value: NonNullable<Cell>): string {
  return Array.isArray(value) ? `[${value.map(valueSql).join(', ')}]` : valueSql(value);
}

/** @param nothing what stands in each column where there is no row */
function valuesSql(rows: readonly (readonly string[])[], names: readonly string[], nothing: readonly string[]): string {
  const columns = names.map(identifier).join(', ');
  const values = rows.length === 0 ? [nothing] : rows;
  const from = `(VALUES ${values.map((row) => `(${row.join(', ')})`).join(', ')}) AS rows(${columns})`;
  return `SELECT * FROM ${from}${rows.length === 0 ? ' WHERE false' : ''}`;
}

/** Which of some conditions is the first that is false. */
async function firstFalse(connection: Connection, conditions: readonly string[]): Promise<number | undefined> {
  if (conditions.length === 0) return undefined;
  const row = await connection.row<{ place: number | null }>(
    `SELECT list_position([${conditions.join(', ')}], false) AS place`,
  );
  return row!.place ? row!.place - 1 : undefined;
}

const textOf = (value: NonNullable<Cell>) =>
  Array.isArray(value)
    ? `[${value.map((one) => (typeof one === 'string' ? JSON.stringify(one) : one)).join(', ')}]`
    : String(value);

/** Whether a text has the form of a type whose cast would make another value of other forms. */
function hasForm(type: string, text: string): boolean {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/.test(type)) return /^[+-]?\d+$/.test(text);
  if (/^(DOUBLE|FLOAT)$/.test(type)) return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  if (type === 'DATE') return /^\d{4}-\d\d-\d\d$/.test(text);
  if (type === 'BOOLEAN') return /^(true|false)$/.test(text);
  const [, scale] = /^DECIMAL\(\d+,(\d+)\)$/.exec(type) ?? [];
  return scale === undefined || new RegExp(`^[+-]?\\d+(\\.\\d{1,${Math.max(Number(scale), 1)}})?$`).test(text);
}
