import type { DuckDBValue } from '@duckdb/node-api';
import { type Connection, identifier, qualified } from '../../store/connection.ts';
import { type Dataset, orderBy } from '../dataset.ts';
import { differs } from '../read-back.ts';
import { readXpt, type XptValue } from './reader.ts';
import type { Variable } from './variable.ts';

/** Stands between texts; no printable character, so in none of them. */
const SEPARATOR = '\u001f';

/**
 * Reads the file with the reader and holds every cell against the table, under the equivalence of docs/formats.md.
 * @throws fault EXPORT_READ_BACK
 */
export async function verifyXpt(
  connection: Connection,
  dataset: Dataset,
  variables: readonly Variable[],
  path: string,
): Promise<void> {
  const file = await readXpt(path);
  if (file.name !== dataset.name || file.label !== dataset.label.trimEnd()) throw differs(dataset, 'its name or label');
  if (!sameVariables(file.variables, variables)) throw differs(dataset, 'the description of its variables');
  const found = file.rows();
  try {
    await compareRows(connection, dataset, variables, found);
  } finally {
    await found.return(undefined);
  }
}

async function compareRows(
  connection: Connection,
  dataset: Dataset,
  variables: readonly Variable[],
  found: AsyncGenerator<XptValue[]>,
): Promise<void> {
  const blank = variables.map(({ numeric }) => (numeric ? undefined : ''));
  let row = 0;
  for await (const chunk of connection.chunks(expectedRows(dataset, variables))) {
    const columns = chunk.getColumns();
    for (let i = 0; i < chunk.rowCount; i++) {
      row++;
      // Rows of blanks at the end are lost in v5, so only those may be missing from the file.
      const next = await found.next();
      const wrong = firstDifference(columns, i, next.done ? blank : next.value, variables);
      if (wrong !== undefined) throw differs(dataset, `row ${row}`, wrong.name);
    }
  }
  if (!(await found.next()).done) throw differs(dataset, 'the number of its rows');
}

/** All texts of a row as one, which is compared at once, and its numbers, each as the table has it. */
function expectedRows(dataset: Dataset, variables: readonly Variable[]): string {
  const texts = variables
    .filter(({ numeric }) => !numeric)
    .map(({ name }) => `coalesce(rtrim(${identifier(name)}, ' '), '')`);
  const numbers = variables.filter(({ numeric }) => numeric).map(({ name }) => identifier(name));
  const text = texts.length === 0 ? `''` : texts.join(` || chr(${SEPARATOR.charCodeAt(0)}) || `);
  return `SELECT ${[`${text} AS _texts`, ...numbers].join(', ')} FROM ${qualified(dataset.table)} ORDER BY ${orderBy(dataset)}`;
}

function firstDifference(
  columns: readonly (readonly DuckDBValue[])[],
  row: number,
  found: readonly (XptValue | undefined)[],
  variables: readonly Variable[],
): Variable | undefined {
  const texts: (XptValue | undefined)[] = [];
  let column = 1;
  for (const [i, variable] of variables.entries()) {
    if (!variable.numeric) texts.push(found[i]);
    else if (asNumber(columns[column++][row]) !== found[i]) return variable;
  }
  if (texts.join(SEPARATOR) === columns[0][row]) return undefined;
  const expected = String(columns[0][row]).split(SEPARATOR);
  return variables.filter(({ numeric }) => !numeric).find((_, i) => expected[i] !== texts[i]);
}

/** The double nearest to the value; a DECIMAL comes as an object that prints itself. */
function asNumber(value: DuckDBValue): number | null {
  if (value === null) return null;
  return Number(typeof value === 'object' ? value.toString() : value) + 0;
}

function sameVariables(found: readonly object[], expected: readonly Variable[]): boolean {
  const described = expected.map(({ name, label, numeric, length, format }) => ({
    type: numeric ? 'numeric' : 'character',
    length,
    name,
    label: label.trimEnd(),
    format,
  }));
  return JSON.stringify(found) === JSON.stringify(described);
}
