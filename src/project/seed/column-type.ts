import type { DataType } from '../properties.ts';

/** How a column of a seed is typed: in SQL, and in which form its texts are. */
interface ColumnType {
  readonly sql: string;
  /** In words. */
  readonly form: string;
  /** Whether a text has the form, and so becomes the value that it says: DuckDB's casts would round 1.5 to 2. */
  readonly fits: (text: string) => boolean;
}

const BIGINT = 2n ** 63n;

const TYPES: Partial<Record<DataType, ColumnType>> = {
  integer: {
    sql: 'BIGINT',
    form: 'a whole number, such as 12',
    fits: (text) => /^[+-]?\d{1,19}$/.test(text) && isBigint(BigInt(text.replace('+', ''))),
  },
  float: {
    sql: 'DOUBLE',
    form: 'a number, such as 1.5',
    fits: (text) => /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)),
  },
  date: { sql: 'DATE', form: 'a date, such as 2026-03-31', fits: isDate },
  time: { sql: 'TIME', form: 'a time, such as 08:30:00', fits: isTime },
  datetime: {
    sql: 'TIMESTAMP',
    form: 'a date and a time without an offset, such as 2026-03-31T08:30:00',
    fits: (text) => text[10] === 'T' && isDate(text.slice(0, 10)) && isTime(text.slice(11)),
  },
};

const TEXT: ColumnType = { sql: 'VARCHAR', form: 'any text', fits: () => true };

/** What is not said, and what is text by nature (partial dates, durations), is VARCHAR. */
export function columnType(type: DataType | undefined): ColumnType {
  return (type && TYPES[type]) ?? TEXT;
}

const isBigint = (value: bigint) => value < BIGINT && value >= -BIGINT;

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$/.test(text);
}
