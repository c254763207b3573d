import { type CsvError, parse } from 'csv-parse/sync';

/** A line of a CSV file that is wrong, without its values. */
export class SeedFault extends Error {
  readonly code: string;
  readonly line: number;
  readonly next: string;

  constructor(code: string, line: number, message: string, next: string) {
    super(message);
    this.code = code;
    this.line = line;
    this.next = next;
  }
}

interface SeedRow {
  /** The line on which it begins; the header's is 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The header and the rows of a CSV file of RFC 4180 with commas: every row has as many cells as the header, no line is
 * empty, and all end in the same way. DuckDB reads of such a file what is read here.
 * @throws SeedFault
 */
export function readCsv(text: string): { header: readonly string[]; rows: readonly SeedRow[] } {
  const outside = text.replace(/"(?:[^"]|"")*"/g, '');
  const ends = new Set(outside.match(/\r\n|\n|\r/g));
  if (ends.size > 1)
    throw new SeedFault(
      'SEED_CSV',
      1,
      'The lines of the file end in different ways.',
      'Save it with line ends of one kind.',
    );
  const [header, ...rows] = recordsOf(text);
  if (header === undefined)
    throw new SeedFault('SEED_CSV', 1, 'The file is empty.', 'Begin it with the names of the columns.');
  for (const { line, cells } of rows) {
    if (cells.length === 1 && cells[0] === '' && header.cells.length > 1) {
      throw new SeedFault('SEED_CSV', line, 'The line is empty.', 'Remove it.');
    }
    if (cells.length === header.cells.length) continue;
    const message = `The line has ${cells.length} cells, and the header ${header.cells.length}.`;
    throw new SeedFault('SEED_CSV', line, message, 'Put a text that holds a comma in double quotes.');
  }
  return { header: header.cells, rows };
}

function recordsOf(text: string): SeedRow[] {
  try {
    const read = parse(text, { info: true, relax_column_count: true, skip_empty_lines: false }) as unknown as {
      info: { lines: number };
      record: string[];
    }[];
    return read.map(({ record }, index) => ({ line: (read[index - 1]?.info.lines ?? 0) + 1, cells: record }));
  } catch (error) {
    const { lines = 1 } = error as CsvError & { lines?: number };
    throw new SeedFault(
      'SEED_CSV',
      lines,
      'The line is no CSV.',
      'Put a text that holds a double quote in double quotes, and double it within.',
    );
  }
}
