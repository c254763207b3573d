import type { Cell, UnitRows } from '../../project/unit-test.ts';
import { type Connection, identifier, literal } from '../../store/connection.ts';
import type { TableColumn } from '../../store/describe.ts';
import { errorClass } from '../../store/error-class.ts';
import { valueSql } from '../reading/variables.ts';
import { nestedType, textsOf } from './nested-type.ts';
import { isSameValue, type Texts } from './same-value.ts';

/** What is wrong with rows, and where: below the rows. */
export interface RowsProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** What to do about it, where that is not to write the value otherwise. */
  readonly next?: string;
}

/** The names of the columns of rows, each as it is written first. */
export function columnsIn({ rows }: UnitRows): string[] {
  const names = new Map<string, string>();
  for (const name of rows.flatMap(Object.keys)) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()];
}

/**
 * The SELECT that makes rows with these columns; NULL where a row has none of them. A value must be, in the type of its
 * column, what is written: a cast would round 1.5 to 2 and take the time off a date, and the test would hold by mistake.
 */
export async function typedRows(
  connection: Connection,
  { rows }: UnitRows,
  columns: readonly TableColumn[],
): Promise<string | RowsProblem> {
  const cells = rows.map((row) => {
    const values = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), { name, value }]));
    return columns.map(({ name, type }) => {
      const cell = values.get(name.toLowerCase()) ?? { name, value: null };
      return { name: cell.name, text: cell.value === null ? null : textOf(type, cell.value) };
    });
  });
  const texts = cells.map((row) => row.map(({ text }) => text));
  const unwritable = await firstUnwritable(connection, texts, columns);
  if (unwritable !== undefined) {
    const { name, type } = columns[unwritable.column];
    const message = `rows[${unwritable.row}].${name} is a ${type}, which DuckDB makes of no text.`;
    return { path: ['rows', unwritable.row, name], message, next: `Leave ${name} out.` };
  }
  const wrong = await firstOther(connection, texts, columns);
  if (wrong !== undefined) {
    const { name } = cells[wrong.row][wrong.column];
    const message = `rows[${wrong.row}].${name} is no ${columns[wrong.column].type}.`;
    return { path: ['rows', wrong.row, name], message };
  }
  return valuesSql(
    texts.map((row) => row.map((text, c) => `CAST(${textSql(text)} AS ${columns[c].type})`)),
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

/** Where the first text stands in a column whose type has no cast from text: a UNION without VARCHAR, or one in it. */
async function firstUnwritable(
  connection: Connection,
  texts: readonly (readonly (string | null)[])[],
  columns: readonly TableColumn[],
): Promise<{ row: number; column: number } | undefined> {
  for (const [column, { type }] of columns.entries()) {
    const row = type.includes('UNION(') ? texts.findIndex((one) => one[column] !== null) : -1;
    if (row >= 0 && !(await isWritable(connection, type))) return { row, column };
  }
  return undefined;
}

async function isWritable(connection: Connection, type: string): Promise<boolean> {
  try {
    await connection.run(`SELECT CAST(CAST(NULL AS VARCHAR) AS ${type})`);
    return true;
  } catch (error) {
    if (errorClass(String((error as Error).message)) !== 'Conversion Error') throw error;
    return false;
  }
}

/** Where the first text stands that its cast makes another value of, or none. */
async function firstOther(
  connection: Connection,
  texts: readonly (readonly (string | null)[])[],
  columns: readonly TableColumn[],
): Promise<{ row: number; column: number } | undefined> {
  const types = columns.map(({ type }) => ({ type, nested: nestedType(type) }));
  const names = columns.map((_, c) => `c${c}`);
  // Not all types have a cast from text.
  const isWritten = columns.map((_, c) => texts.some((row) => row[c] !== null));
  const both = types.flatMap(({ type, nested }, c) => {
    if (!isWritten[c]) return [];
    const [text, as] = [`CAST(c${c} AS VARCHAR)`, textsOf(nested)];
    return [`TRY_CAST(${text} AS ${as}) AS w${c}`, `TRY_CAST(TRY_CAST(${text} AS ${type}) AS ${as}) AS m${c}`];
  });
  if (both.length === 0) return undefined;
  const values = valuesSql(
    texts.map((row) => row.map(textSql)),
    names,
    [],
  );
  const found = await connection.rows<Record<string, Texts>>(`SELECT ${both.join(', ')} FROM (${values})`);
  for (const [row, one] of found.entries()) {
    const column = types.findIndex(({ nested }, c) => {
      if (texts[row][c] === null) return false;
      return one[`m${c}`] === null || !isSameValue(nested, one[`w${c}`], one[`m${c}`]);
    });
    if (column >= 0) return { row, column };
  }
  return undefined;
}

const textSql = (text: string | null) => (text === null ? 'NULL' : literal(text));

/** A list as DuckDB reads it, where the column has lists; as JSON otherwise. */
function textOf(type: string, value: NonNullable<Cell>): string {
  if (!Array.isArray(value)) return String(value);
  const quoted = (one: string) => (type.endsWith(']') ? `"${one.replace(/["\\]/g, '\\$&')}"` : JSON.stringify(one));
  return `[${value.map((one) => (typeof one === 'string' ? quoted(one) : one)).join(', ')}]`;
}
