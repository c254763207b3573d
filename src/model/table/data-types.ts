import type { DataType } from '../../project/properties.ts';

const WHOLE = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|BIGNUM|DECIMAL\(\d+,0\))$/;
const FRACTION = /^(DOUBLE|FLOAT|DECIMAL\(\d+,\d+\))$/;
/** What of DuckDB's types holds numbers, as typeof() and DESCRIBE write them. */
export const NUMBER = new RegExp(`${WHOLE.source}|${FRACTION.source}`);
const TEXT = /^(VARCHAR|JSON|UUID|ENUM\(.*\))$/s;
const VARCHAR = /^VARCHAR$/;
const DATE = /^DATE$/;
const TIME = /^TIME(_NS)?$/;
const TIMESTAMP = /^TIMESTAMP(_S|_MS|_NS)?( WITH TIME ZONE)?$/;

/** What of DuckDB's types holds nothing but values of a data type of Define-XML. Dates are ISO 8601 text in SDTM. */
const HELD_BY: Readonly<Record<DataType, readonly RegExp[]>> = {
  text: [TEXT],
  integer: [WHOLE],
  float: [WHOLE, FRACTION],
  date: [VARCHAR, DATE],
  time: [VARCHAR, TIME],
  datetime: [VARCHAR, TIMESTAMP],
  partialDate: [VARCHAR, DATE],
  partialTime: [VARCHAR, TIME],
  partialDatetime: [VARCHAR, DATE, TIMESTAMP],
  incompleteDatetime: [VARCHAR, DATE, TIMESTAMP],
  durationDatetime: [VARCHAR, /^INTERVAL$/],
  intervalDatetime: [VARCHAR],
};

/** Whether a column of that type of DuckDB, as DESCRIBE writes it, may stand for that data type of Define-XML. */
export function mayHold(declared: DataType, found: string): boolean {
  return HELD_BY[declared].some((type) => type.test(found));
}

/** Whether two types, as DESCRIBE writes them, are the same: names of fields ignore case, and values of an ENUM do not. */
export const isSameType = (one: string, other: string) => ignoringCase(one) === ignoringCase(other);

function ignoringCase(type: string): string {
  const folded = (token: string) => (token.startsWith("'") ? token : token.replace(/[A-Z]/g, (c) => c.toLowerCase()));
  return type.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[^"']+/g, folded);
}

/** A type of DuckDB as messages show it: that of an ENUM lists values, which may be the data's. */
export const shownType = (type: string) => type.replace(/ENUM\(.*\)/s, 'ENUM');

/** The data types of Define-XML in words of DuckDB, for those who have to cast to one. */
export function typesInWords(declared: DataType): string {
  if (declared === 'integer') return 'a whole number (BIGINT, DECIMAL(10,0), ...)';
  if (declared === 'float') return 'a number (DOUBLE, DECIMAL(10,2), ...)';
  return 'VARCHAR';
}
