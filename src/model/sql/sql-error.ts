import { graphemesOf } from '../../lib/display-width.ts';
import { type ErrorDetail, type ErrorPlace, WarehouseError } from '../../lib/errors.ts';
import { excerpt, type Position } from '../../lib/excerpt.ts';
import type { ModelSource } from '../../project/project.ts';
import type { SqlTemplate } from '../../project/sql-file.ts';
import { errorClass, isOfMachine } from '../../store/error-class.ts';
import { noRoom } from '../../store/no-room.ts';
import { positionOf } from './position.ts';

/** SQL of a person, and the file it stands in. */
export interface SqlText {
  readonly path: string;
  readonly sql: string;
  /** The model it is, if it is one. */
  readonly model?: string;
  /** What the SQL was rendered from, where the file is a template. */
  readonly template?: SqlTemplate;
  /** What the SQL was made of, where a person wrote that and not the SQL: no place in the SQL is one of the file. */
  readonly place?: ErrorPlace;
}

/** The SQL of a model, and the file it stands in. */
export function textOfModel({ path, sql, name, template }: ModelSource): SqlText {
  return { path, sql, model: name, template };
}

/**
 * An error at a place in SQL: the message is followed by the line with a caret. Of a template it is the line of the SQL, and
 * the place is in the file: the line that made it, and the column where both lines are the same. Of SQL that was made of
 * something else the place is that of what it was made of.
 */
export function errorAt(
  text: SqlText,
  position: Position,
  detail: Pick<ErrorDetail, 'kind' | 'code' | 'message' | 'next' | 'cause'>,
): WarehouseError {
  const shown = excerpt(text.sql, position);
  if (text.place !== undefined) {
    const message = `${detail.message}\nIn the SQL that it is made into, line ${position.line}:\n${shown}`;
    return new WarehouseError({ ...detail, message, place: text.place });
  }
  const written = writtenPosition(text, position);
  const compiled = written.column === undefined ? `\nIn the compiled SQL, line ${position.line}:` : '';
  return new WarehouseError({
    ...detail,
    message: `${detail.message}${compiled}\n${shown}`,
    place: { ...placeOf(text), ...written },
  });
}

/** Where in the file a place of the SQL was written; without a column where the template made another line of it. */
function writtenPosition({ sql, template }: SqlText, position: Position): { line: number; column?: number } {
  if (template === undefined) return position;
  const line = template.lines[position.line - 1] ?? 1;
  const isSame = lineOf(template.text, line) === lineOf(sql, position.line);
  return isSame ? { line, column: position.column } : { line };
}

const lineOf = (text: string, line: number) => (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');

/** The same where the place in the SQL may not be known: inside a macro, or as declared. */
export function refusedAt(
  text: SqlText,
  position: Position | undefined,
  detail: Parameters<typeof errorAt>[2],
): WarehouseError {
  if (position !== undefined) return errorAt(text, position, detail);
  return new WarehouseError({ ...detail, place: placeOf(text) });
}

export function placeOf(text: SqlText): ErrorPlace {
  if (text.place !== undefined) return text.place;
  return text.model === undefined ? { file: text.path } : { model: text.model, file: text.path };
}

/**
 * DuckDB's error about SQL that ran with `linesBefore` lines of ours before it, in terms of the person's file: the
 * message without DuckDB's own excerpt, line, column, and the line with a caret.
 *
 * An error while data flowed (conversion, out of range, ...) holds values from the data: of it only the wording before
 * the first value is kept, and nothing but its class where the wording is not known.
 */
export function sqlError(text: SqlText, error: unknown, code: string, linesBefore = 0): WarehouseError {
  const raw = error instanceof Error ? error.message : String(error);
  const found = [...raw.matchAll(/\n\s*LINE (\d+): ([^\n]*)\n( *)\^/g)].at(-1);
  const said = (found ? raw.slice(0, found.index) : raw).trim().replaceAll('\t', '  ');
  const full = noRoom(error);
  if (full !== undefined) return full;
  if (isFault(said)) {
    return new WarehouseError({
      kind: 'fault',
      code: 'DUCKDB_FAULT',
      message: said,
      place: placeOf(text),
      cause: error,
    });
  }
  const message = withoutValues(said);
  const detail = { kind: isAboutText(said) ? 'usage' : 'data', code, cause: error } as const;
  const next = adviceFor(said);
  const line = found ? Number(found[1]) - linesBefore : 0;
  if (!found || line < 1) return new WarehouseError({ ...detail, message, next, place: placeOf(text) });
  return errorAt(text, { line, column: columnOf(text.sql, line, found) }, { ...detail, message, next });
}

/** The same of a statement about a model that nobody wrote: no place in it is one of the model's SQL. */
export function unplacedError(source: ModelSource, error: unknown): WarehouseError {
  return sqlError(textOfModel(source), error, 'MODEL_SQL', Number.POSITIVE_INFINITY);
}

/** Which files SQL may read, for who has named another. */
export const SEEDS_ONLY =
  'A model may read files of data/ and seeds/ that no source brings, each by its path from the folder of warehouse.yml; what a source brings is in staged.';

const CAST =
  'Cast texts to what they are, as in CAST(x AS INTEGER): columns of CSV sources are text, and those of seeds without type: too.';

function adviceFor(message: string): string {
  if (!isAboutText(message)) return 'Run the SELECT in a client to see the value it stumbles over.';
  if (/^Permission Error.*file system/i.test(message)) return SEEDS_ONLY;
  if (/^Binder Error: (No function matches|Cannot (mix|compare) values of type).*\bVARCHAR\b/.test(message))
    return CAST;
  if (UNNAMED_STRUCT.test(message)) return "Give its fields names: {'low': 1, 'high': 2}, not ROW(1, 2) or (1, 2).";
  return 'Correct the SQL.';
}

const isFault = (message: string) => isOfMachine(message) || /^IO Error.*(write|space|disk)/i.test(message);

const isAboutText = (message: string) =>
  /^(Binder|Parser|Catalog|Syntax|Not implemented|Permission|IO) Error(?!: Unknown TimeZone)/i.test(message) ||
  UNNAMED_STRUCT.test(message);

const UNNAMED_STRUCT = /^Invalid Input Error: A table cannot be created from an unnamed struct$/;

/**
 * DuckDB shows only a part of a long line, with dots where it cut: the caret is counted from where the part stands. It is
 * set by the widths of what is before it; what has none (a tab) is passed, for no name and no sign begins with that.
 */
function columnOf(sql: string, line: number, [, number, shown, blanks]: RegExpExecArray): number {
  const cut = shown.startsWith('...') ? 3 : 0;
  const part = shown.slice(cut).replace(/\.\.\.$/, '');
  const text = sql.split('\n')[line - 1] ?? '';
  let at = cut ? Math.max(text.indexOf(part), 0) : 0;
  let cells = blanks.length - `LINE ${number}: `.length - cut;
  for (const grapheme of graphemesOf(text.slice(at))) {
    cells -= grapheme.width;
    if (cells < 0) break;
    at += grapheme.text.length;
  }
  return positionOf(text, at).column;
}

/**
 * What DuckDB says of data, as far as a value may follow. What is not here is not known to be free of values: error() says
 * whatever its argument holds, and an invalid regular expression is told without quotes.
 */
const WORDINGS: readonly RegExp[] = [
  /^Conversion Error: (Could not (convert|decode) string|Could not cast value|Failed to cast decimal value)/,
  /^Conversion Error: (Type [\w(),]+ with value|Unimplemented type for cast [^'"]*|Cannot cast list with length)/,
  /^Conversion Error: (invalid (date|timestamp) field format|time field value out of range|(Date|Time) out of range):/,
  /^Conversion Error: (extract specifier|Epoch seconds out of range)/,
  /^(Conversion|Invalid Input) Error: (Malformed JSON|CSV Error on Line)/,
  /^Invalid Input Error: (JSON path error|Failed to cast value to numerical|Could not parse string)/,
  /^Invalid Input Error: (Map keys must be unique|More than one row returned by a subquery|Error when sniffing file)/,
  /^Invalid Input Error: str[fp]time format must be a constant/,
  /^Out of Range Error: (Overflow in \w+|cannot take (logarithm|square root) of a negative number)/,
  /^Out of Range Error: Substring (length|offset) outside of supported range/,
  /^Not implemented Error: Unknown TimeZone/,
];

/** What DuckDB says, as far as no value of the data stands in it. */
export function withoutValues(said: string): string {
  return isAboutText(said) || isFault(said) ? said : beforeValues(said);
}

function beforeValues(message: string): string {
  for (const wording of WORDINGS) {
    const known = wording.exec(message);
    if (known) return `${known[0]} …`;
  }
  return `${errorClass(message) ?? 'Error'}. What it says may hold values of the data and is left out.`;
}
