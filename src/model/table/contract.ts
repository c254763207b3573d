import { nearest } from '../../project/nearest.ts';
import type { ModelSource } from '../../project/project.ts';
import type { ColumnProperties } from '../../project/properties.ts';
import { propertiesFile, propertyError } from '../../project/property-error.ts';
import type { Connection } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';
import { isSameType, mayHold, shownType, typesInWords } from './data-types.ts';

/** Something in which a SELECT is not what the properties say. */
interface Breach {
  /** Where it is told: keys of the properties. */
  readonly at: readonly string[];
  readonly said: string;
  readonly next: string;
}

/**
 * Holds the columns of a SELECT against `columns` of its properties, before anything is run: their names, to the letter,
 * since so they are exported; their order; their types. Columns that begin with `_` are in no contract of names, but where
 * a class is said of them.
 *
 * @throws usage MODEL_COLUMNS, with everything that differs, at the first of it; MODEL_DATA_TYPE for a `data_type` that is none.
 */
export async function checkContract(
  connection: Connection,
  source: ModelSource,
  columns: readonly TableColumn[],
): Promise<void> {
  const { columns: declared } = source.properties;
  const isNamed = (name: string) => !name.startsWith('_');
  const expected = Object.keys(declared).filter(isNamed);
  const found = columns.map(({ name }) => name).filter(isNamed);
  const names = expected.length === 0 ? undefined : unequal(source, expected, found);
  const breaches = [
    ...(names === undefined ? misplaced(source, expected, found) : [names]),
    ...classedAndMissing(source, columns),
    ...(expected.length === 0 ? [] : await mistyped(connection, source, columns)),
  ];
  if (breaches.length === 0) return;
  const [{ at, next }] = breaches;
  throw propertyError(source, at, {
    code: 'MODEL_COLUMNS',
    message: `${capital(breaches.map(({ said }) => said).join('; '))}.`,
    next,
  });
}

/** Names that only one of the two has. */
function unequal(source: ModelSource, expected: readonly string[], found: readonly string[]): Breach | undefined {
  const undeclared = found.filter((name) => !expected.includes(name));
  const missing = expected.filter((name) => !found.includes(name));
  if (undeclared.length === 0 && missing.length === 0) return undefined;
  const columns = `columns of ${propertiesFile(source)}`;
  const said = [
    ...(undeclared.length > 0 ? [`${are(undeclared)} in the SELECT and not in ${columns}`] : []),
    ...(missing.length > 0 ? [`${are(missing)} in ${columns} and not in the SELECT`] : []),
  ];
  const next = unequalAdvice(source.path, columns, undeclared, missing);
  return { at: ['columns', ...missing.slice(0, 1)], said: said.join('; '), next };
}

/** Of a name that begins with `_` nothing else asks whether it is there, and a class under a wrong one holds nothing back. */
function classedAndMissing(source: ModelSource, columns: readonly TableColumn[]): Breach[] {
  const found = columns.map(({ name }) => name);
  const isThere = (name: string) => found.some((one) => one.toLowerCase() === name.toLowerCase());
  return Object.entries(source.properties.columns).flatMap(([name, { classification, declassify }]) => {
    if (!name.startsWith('_') || isThere(name) || (classification ?? declassify) === undefined) return [];
    const near = nearest(name, found);
    const next =
      near === undefined ? `Name a column that the SELECT of ${source.path} gives.` : `Did you mean ${near}?`;
    return [
      {
        at: ['columns', name],
        said: `${name} has a class in columns of ${propertiesFile(source)} and is not in the SELECT`,
        next,
      },
    ];
  });
}

const are = (names: readonly string[]) => `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`;

const ALL_OR_NONE = 'Or take columns: away: it lists all or none, and tests may stand under tests: of the model too.';

function unequalAdvice(
  sql: string,
  columns: string,
  undeclared: readonly string[],
  missing: readonly string[],
): string {
  if (undeclared.length > 0 && missing.length > 0) {
    const near = nearest(undeclared[0], missing);
    if (near === undefined) return `Give the SELECT of ${sql} and ${columns} the same names.`;
    return `Is ${undeclared[0]} to be ${near}? They must have one name, in upper and lower case too.`;
  }
  const them = undeclared.length + missing.length === 1 ? 'it' : 'them';
  if (undeclared.length === 0) return `Add ${them} to ${sql}, or remove ${them} from ${columns}.`;
  return `Add ${them} to ${columns}, or remove ${them} from ${sql}. ${ALL_OR_NONE}`;
}

/** The same names in another order. */
function misplaced(source: ModelSource, expected: readonly string[], found: readonly string[]): Breach[] {
  const next = `Give the columns in one order in ${source.path} and ${propertiesFile(source)}.`;
  return expected.flatMap((name, i) => {
    if (name === found[i]) return [];
    return [{ at: ['columns', name], said: `column ${i + 1}: expected ${name}, found ${found[i]}`, next }];
  });
}

async function mistyped(
  connection: Connection,
  source: ModelSource,
  columns: readonly TableColumn[],
): Promise<Breach[]> {
  const breaches: Breach[] = [];
  for (const { name, type } of columns) {
    if (!Object.hasOwn(source.properties.columns, name)) continue;
    const breach = await mistypedAs(connection, source, name, type);
    if (breach !== undefined) breaches.push(breach);
  }
  return breaches;
}

async function mistypedAs(
  connection: Connection,
  source: ModelSource,
  name: string,
  found: string,
): Promise<Breach | undefined> {
  const { type, data_type }: ColumnProperties = source.properties.columns[name];
  const bare = found === 'INTEGER' ? ', where NULL alone is INTEGER' : '';
  const breach = (key: string, expected: string, words: string, otherwise = ''): Breach => ({
    at: ['columns', name, key],
    said: `${name}: expected ${expected}, found ${shownType(found)}${otherwise}`,
    next: `Cast ${name} to ${words} in the SELECT${bare}, or correct its ${key} in ${propertiesFile(source)}.`,
  });
  const declared = data_type && (await typeOf(connection, source, name, data_type, found));
  if (data_type && declared && !isSameType(declared, found)) {
    // The values of an ENUM may be the data's.
    const otherwise = shownType(declared) === shownType(found) ? ' with other values, or in another order' : '';
    return breach('data_type', data_type, data_type, otherwise);
  }
  return type === undefined || mayHold(type, found) ? undefined : breach('type', type, typesInWords(type));
}

/** The type that a person wrote as DuckDB writes it: `int` is INTEGER. DuckDB is asked only where it is not that found. */
async function typeOf(
  connection: Connection,
  source: ModelSource,
  column: string,
  written: string,
  found: string,
): Promise<string> {
  if (!written.includes("'") && written.toUpperCase() === found) return found;
  try {
    const [{ type }] = await describe(connection, `SELECT CAST(NULL AS ${written}) AS value`);
    return type;
  } catch (cause) {
    throw propertyError(source, ['columns', column, 'data_type'], {
      code: 'MODEL_DATA_TYPE',
      message: `${column}: DuckDB has no type ${written}.`,
      next: 'Write it as DuckDB does: VARCHAR, BIGINT, DECIMAL(10,2), TIMESTAMP, VARCHAR[], ...',
      cause,
    });
  }
}

const capital = (text: string) => (text.startsWith('column ') ? `C${text.slice(1)}` : text);
