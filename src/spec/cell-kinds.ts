import { isDeepStrictEqual } from 'node:util';
import { readYaml } from '../project/yaml-file.ts';
import type { Kind } from './fields.ts';
import { joinList, splitList } from './list.ts';
import type { ReadCell } from './xlsx/read.ts';
import type { Written } from './xlsx/write.ts';
import { yamlLine, yamlText } from './yaml/text.ts';

/** What is wrong with a cell: `must be Yes or No, not "Maybe"`. */
export class CellFault extends Error {
  readonly next: string | undefined;

  constructor(message: string, next?: string) {
    super(message);
    this.next = next;
  }
}

interface Codec {
  /** @param value as it stands in the properties, by whose schema it is valid. */
  write(value: never): Written;
  /** @throws CellFault */
  read(cell: ReadCell): unknown;
}

const AS_TEXT = 'Give the cell the format Text and type it again.';
const NO_TEXT: Readonly<Record<Exclude<ReadCell['kind'], 'text'>, readonly [string, string]>> = {
  number: ['holds a number, and text is meant', `Excel may have changed what was typed (1.0 to 1). ${AS_TEXT}`],
  date: ['holds a date of Excel, which is not what was typed', AS_TEXT],
  boolean: ['holds TRUE or FALSE of Excel, and text is meant', AS_TEXT],
  formula: ['holds a formula', 'Copy the cell and paste its value, or give it the format Text and type it again.'],
  error: ['holds an error of Excel', 'Correct it, or empty the cell.'],
};

/** @throws CellFault where Excel holds the cell for something else than text. */
export function textOf({ kind, text }: ReadCell): string {
  if (kind === 'text') return text;
  throw new CellFault(...NO_TEXT[kind]);
}

const text: Codec = { write: (value: string | number) => String(value), read: textOf };

/** @throws CellFault */
function integerOf(cell: ReadCell): number {
  const written = cell.kind === 'number' ? cell.text : textOf(cell).trim();
  const number = cell.kind === 'number' || /^\d+$/.test(written) ? Number(written) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new CellFault(`must be a whole number, not ${JSON.stringify(written)}`);
}

const integer: Codec = { write: (value: number) => value, read: integerOf };

const yesno: Codec = {
  write: (value: boolean) => (value ? 'Yes' : 'No'),
  read(cell) {
    const word = textOf(cell);
    if (/^yes$/i.test(word)) return true;
    if (/^no$/i.test(word)) return false;
    throw new CellFault(`must be Yes or No, not ${JSON.stringify(word)}`);
  },
};

const list: Codec = {
  write: (value: readonly string[]) => (value.length === 0 ? undefined : joinList(value)),
  read(cell) {
    const items = splitList(textOf(cell));
    if (items !== undefined) return items;
    const next = 'An item that has a comma or quotes stands in quotes: "A, B", C. Quotes in it are doubled.';
    throw new CellFault('is no list with commas between its items', next);
  },
};

const integers: Codec = {
  write: (value: readonly number[]) => value.join(', '),
  read(cell) {
    const numbers =
      cell.kind === 'number'
        ? [integerOf(cell)]
        : textOf(cell)
            .trim()
            .split(/[\s,;]+/)
            .map(Number);
    if (numbers.every((number) => Number.isSafeInteger(number) && number > 0)) return numbers;
    throw new CellFault('must be numbers of pages with commas between them');
  },
};

/** A value of any shape. */
const yaml: Codec = {
  write(value: unknown) {
    const written = yamlText(value);
    // The last line break may be that of a text in it.
    const shorter = written.replace(/\n$/, '');
    return isDeepStrictEqual(readYaml('', shorter).value, value) ? shorter : written;
  },
  read: (cell) => yamlOf(textOf(cell)),
};

/** @throws CellFault */
function yamlOf(source: string): unknown {
  const { value, problems, oddNumbers } = readYaml('', source);
  if (problems.length > 0)
    throw new CellFault(`is not the YAML that is meant: ${problems[0].message}`, problems[0].next);
  if (oddNumbers.length === 0) return value;
  const [{ text: written, value: number }] = oddNumbers;
  throw new CellFault(`holds ${written}, which YAML reads as the number ${number}`, 'Put it in quotes if it is text.');
}

/** What is one of YAML's own words or shapes, and so no text where text and more may stand. */
const isYaml = (written: string) =>
  /^[[{"']/.test(written) || /^[-+.\d]/.test(written) || /^(true|false|null|~)$/i.test(written);

/** What a test says beside its kind, where that may be more than a text: `true` is nothing. */
export const argument: Codec = {
  write(value: unknown) {
    if (value === true) return undefined;
    if (typeof value !== 'string') return yamlLine(value);
    return isYaml(value) ? JSON.stringify(value) : value;
  },
  read(cell) {
    const written = cell.kind === 'number' ? cell.text : textOf(cell);
    return isYaml(written) ? yamlOf(written) : written;
  },
};

export const CODECS: Readonly<Record<Exclude<Kind, 'method' | 'comment' | 'rest'>, Codec>> = {
  text,
  integer,
  yesno,
  list,
  integers,
  yaml,
};
