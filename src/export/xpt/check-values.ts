import { WarehouseError } from '../../lib/errors.ts';
import { LONGEST_VALUE } from '../../project/xpt-limits.ts';
import { type Connection, identifier, qualified } from '../../store/connection.ts';
import { type Dataset, type DatasetColumn, orderBy } from '../dataset.ts';
import { IBM_BOUND, IBM_LEAST } from './ibm-double.ts';
import { codePoint } from './printable.ts';

/** One thing that the values of a column must not be. */
interface Rule {
  readonly column: DatasetColumn;
  readonly code: string;
  /** SQL: true for a value that is refused. */
  readonly refused: string;
  /** SQL: what the message needs to know of the first refused value. */
  readonly detail: string;
  readonly message: (detail: string) => string;
  readonly next: string;
}

interface ValueCheck {
  readonly refusals: WarehouseError[];
  /** The longest value of each character column, in bytes. */
  readonly longest: ReadonlyMap<string, number>;
}

/** Scans the dataset once for values that XPT v5 cannot hold; only what is found costs more. */
export async function checkValues(connection: Connection, dataset: Dataset): Promise<ValueCheck> {
  const characters = dataset.columns.filter((column) => column.kind === 'character');
  const rules = dataset.columns.flatMap((column) => rulesOf(column, dataset));
  const measures = [
    'count(*)',
    ...characters.map((column) => `max(strlen(${identifier(column.name)}))`),
    ...rules.map((rule) => `count(*) FILTER (WHERE ${rule.refused})`),
  ].map((sql, index) => `${sql} AS m${index}`);
  const row = (await connection.row<Record<string, bigint | null>>(
    `SELECT ${measures.join(', ')} FROM ${qualified(dataset.table)}`,
  ))!;
  const measured = (index: number) => Number(row[`m${index}`] ?? 0);
  const longest = new Map(characters.map((column, index) => [column.name, measured(1 + index)]));
  const refusals: WarehouseError[] = [];
  for (const [index, rule] of rules.entries()) {
    const rows = measured(1 + characters.length + index);
    if (rows > 0) refusals.push(await refusal(connection, dataset, rule, rows));
  }
  return { refusals, longest };
}

function rulesOf(column: DatasetColumn, dataset: Dataset): Rule[] {
  if (column.kind === 'character') return [lengthRule(column, dataset), asciiRule(column)];
  if (/^(DOUBLE|FLOAT)$/.test(column.type)) return [finiteRule(column), rangeRule(column)];
  if (/^U?BIGINT$/.test(column.type)) return [integerRule(column)];
  const digits = Number(/^DECIMAL\((\d+),/.exec(column.type)?.[1] ?? 0);
  return digits > 15 ? [digitsRule(column)] : [];
}

function lengthRule(column: DatasetColumn, { properties = 'the properties of the model' }: Dataset): Rule {
  const { name, length } = column;
  const limit = length === undefined ? `XPT v5 holds at most ${LONGEST_VALUE}` : `the declared length is ${length}`;
  return {
    column,
    code: 'XPT_VALUE_LENGTH',
    refused: `strlen(${identifier(name)}) > ${length ?? LONGEST_VALUE}`,
    detail: `strlen(${identifier(name)})`,
    message: (bytes) => `the value has ${bytes} bytes; ${limit}`,
    next:
      length === undefined || length >= LONGEST_VALUE
        ? 'Shorten it in the model, or move the rest of the text to SUPP--.'
        : `Raise length: of columns.${name} in ${properties} (to ${LONGEST_VALUE} at the most), or shorten the value in the model.`,
  };
}

function asciiRule(column: DatasetColumn): Rule {
  const value = identifier(column.name);
  const place = `(length(regexp_extract(${value}, '^[ -~]*')) + 1)`;
  return {
    column,
    code: 'XPT_NOT_ASCII',
    refused: `NOT regexp_full_match(${value}, '[ -~]*')`,
    detail: `${place} || ' ' || unicode(substring(${value}, ${place}, 1))`,
    message: (detail) => {
      const [at, point] = detail.split(' ');
      return `character ${codePoint(Number(point))} at place ${at} of the value is not printable ASCII`;
    },
    next: 'Replace it in the model with reviewed text, for example by xpt_text().',
  };
}

function finiteRule(column: DatasetColumn): Rule {
  return {
    column,
    code: 'XPT_NOT_FINITE',
    refused: `NOT isfinite(${identifier(column.name)})`,
    detail: `''`,
    message: () => 'the number is NaN or infinite',
    next: 'Make it null in the model, or correct the calculation.',
  };
}

function rangeRule(column: DatasetColumn): Rule {
  const value = identifier(column.name);
  const magnitude = `abs(${value}::DOUBLE)`;
  return {
    column,
    code: 'XPT_NUMBER_RANGE',
    refused: `isfinite(${value}) AND ${value} <> 0 AND NOT (${magnitude} >= ${IBM_LEAST} AND ${magnitude} < ${IBM_BOUND})`,
    detail: `CASE WHEN ${magnitude} < 1 THEN 'small' ELSE 'large' END`,
    message: (size) => `the number is too ${size}; XPT v5 holds magnitudes from 5.4e-79 to below 7.2e75`,
    next: 'Correct it in the model, or store it as text.',
  };
}

function integerRule(column: DatasetColumn): Rule {
  const value = identifier(column.name);
  return {
    column,
    code: 'XPT_NUMBER_PRECISION',
    refused: `${value} NOT BETWEEN ${column.type.startsWith('U') ? 0 : -(2 ** 53)} AND ${2 ** 53}`,
    detail: `''`,
    message: () => 'the integer is beyond 2^53, so XPT v5 would change it',
    next: 'Store it as text in the model.',
  };
}

function digitsRule(column: DatasetColumn): Rule {
  const digits = `length(trim(translate(${identifier(column.name)}::VARCHAR, '-.', ''), '0'))`;
  return {
    column,
    code: 'XPT_NUMBER_PRECISION',
    refused: `${digits} > 15`,
    detail: digits,
    message: (count) => `the number has ${count} significant digits; XPT v5 keeps 15`,
    next: 'Round it in the model, or store it as text.',
  };
}

async function refusal(connection: Connection, dataset: Dataset, rule: Rule, rows: number): Promise<WarehouseError> {
  const value = identifier(rule.column.name);
  const first = (await connection.row<{ row: bigint; detail: string }>(
    `SELECT _row AS row, (${rule.detail})::VARCHAR AS detail FROM (
       SELECT ${value}, row_number() OVER (ORDER BY ${orderBy(dataset)}) AS _row FROM ${qualified(dataset.table)}
     ) WHERE ${rule.refused} ORDER BY _row LIMIT 1`,
  ))!;
  const order = dataset.keys.length === 0 ? 'all columns' : dataset.keys.join(', ');
  const others = rows === 1 ? '' : `, and in ${rows - 1} more row${rows === 2 ? '' : 's'}`;
  return new WarehouseError({
    kind: 'data',
    code: rule.code,
    message: `${dataset.name}.${rule.column.name}, row ${first.row} by ${order}: ${rule.message(first.detail)}${others}.`,
    place: { model: dataset.table },
    next: `${rule.next} To find the rows: SELECT * FROM ${dataset.table} WHERE ${rule.refused}.`,
  });
}
