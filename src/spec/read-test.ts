import { argument, textOf } from './cell-kinds.ts';
import { TEST_FIELDS } from './fields.ts';
import { nameIn, type Read, type Reading, readFields, said } from './read-row.ts';
import type { TableRow } from './tables.ts';
import { isTextKind } from './test-kind.ts';

/** Keys that stand before the kind of a test, as its heading. */
const HEADING: ReadonlySet<string> = new Set(['name', 'description']);

/** A test of a row: the kind alone where that says all (`not_null`), which then is its value under the key ``. */
export function readTest(row: TableRow, reading: Reading): Read {
  const kind = nameIn(row, 'Test', reading.notes);
  const { value, places } = readFields(row, TEST_FIELDS, reading);
  places.set('', row.place('Test'));
  if (kind === undefined) return { value, places };
  if (Object.hasOwn(value, kind) || TEST_FIELDS.some(({ path: [key] }) => key === kind)) {
    reading.notes.problem(row.place('Test'), `${kind} is no kind of a test.`);
  }
  const read = isTextKind(kind) ? textOf : argument.read;
  const beside = row.cell('Argument') === undefined ? true : said(row, 'Argument', reading.notes, read);
  if (beside === true && Object.keys(value).length === 0) return { value: { '': kind }, places };
  places.set(kind, row.place('Argument'));
  const pairs = Object.entries(value);
  const isHeading = ([key]: readonly [string, unknown]) => HEADING.has(key);
  const ordered = [...pairs.filter(isHeading), [kind, beside] as const, ...pairs.filter((pair) => !isHeading(pair))];
  return { value: Object.fromEntries(ordered), places };
}
