import { WarehouseError } from '../../lib/errors.ts';
import type { CsvSource } from '../../project/source.ts';
import type { SourceFile } from '../source-file.ts';
import type { CsvPlaces } from './places.ts';

/** What is wrong with a field, by the code of the parser, whose own messages show values. */
const FAULTS: ReadonlyMap<string, string> = new Map([
  ['INVALID_OPENING_QUOTE', 'has a quote inside, but does not begin with one'],
  ['CSV_INVALID_CLOSING_QUOTE', 'goes on behind its closing quote'],
  ['CSV_QUOTE_NOT_CLOSED', 'begins with a quote that is never closed'],
]);

/** What the parser says: the number of fields before this one in its record, and where in the text they end. */
interface ParserError {
  readonly code: string;
  readonly column?: number;
  readonly bytes?: number;
}

/** An error of the parser, told as one of the file, without any value of it. Others pass through. */
export function malformed(file: SourceFile, source: CsvSource, places: CsvPlaces, error: unknown): unknown {
  const { code, column, bytes } = error as ParserError;
  const fault = FAULTS.get(code);
  if (fault === undefined || column === undefined || bytes === undefined) return error;
  return new WarehouseError({
    kind: 'data',
    code: 'CSV_MALFORMED',
    message: `The file is not RFC 4180: field ${column + 1} of its record, which begins on this line, ${fault}.`,
    place: { file: file.name, line: places.lineAt(bytes) },
    next:
      'Nothing of this file was loaded. Correct it and build again: a field with quotes in it stands in quotes, and each quote inside is doubled. ' +
      `If ${JSON.stringify(source.delimiter)} is not its delimiter, name that under delimiter: of source ${source.name} in warehouse.yml.`,
  });
}
