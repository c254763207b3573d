import { WarehouseError } from '../lib/errors.ts';
import { type Connection, identifier, qualified } from '../store/connection.ts';
import { describe, type TableColumn } from '../store/describe.ts';
import { type ColumnKind, columnKind } from './column-kind.ts';

/** What the properties say of a column. `length` is in bytes and counts for character columns only. */
export interface ColumnExport {
  readonly label?: string;
  readonly length?: number;
  /** A SAS format: `8.2`, `DATE9.`, `$CHAR20.` */
  readonly displayFormat?: string;
}

/** One dataset to export, as the project describes it. */
export interface DatasetExport {
  /** The table or view: `sdtm.ae`. */
  readonly table: string;
  /** The name of the dataset: `AE`. Its files carry it in lower case. */
  readonly name: string;
  readonly label?: string;
  /** Columns that order the rows, first to last. */
  readonly keys: readonly string[];
  /** The file that says all this, for errors. */
  readonly properties?: string;
  /** Columns by name; those of the table that are not here are exported without label. */
  readonly columns: Readonly<Record<string, ColumnExport>>;
}

export interface DatasetColumn extends ColumnExport {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: string;
  readonly kind: ColumnKind;
}

/** A dataset whose description has been held against the table. */
export interface Dataset {
  readonly table: string;
  readonly name: string;
  readonly label: string;
  readonly keys: readonly string[];
  readonly properties?: string;
  /** In the order of the table, without those whose name begins with `_`. */
  readonly columns: readonly DatasetColumn[];
}

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/**
 * Looks the table up in the file.
 *
 * @throws usage EXPORT_NAME (the name cannot name a file), EXPORT_TABLE (cannot be read), EXPORT_COLUMN (declared but
 * not there, or nothing to export), EXPORT_KEY (a key that is not exported), EXPORT_TYPE (data; a type that no export holds).
 */
export async function resolveDataset(connection: Connection, declared: DatasetExport): Promise<Dataset> {
  const { table, name, keys, properties } = declared;
  const usage = (code: string, message: string, next: string) =>
    new WarehouseError({ kind: 'usage', code, message, place: { model: table }, next });
  if (!NAME.test(name)) {
    const next = 'Give the model a name of at most 64 of them that begins with a letter.';
    throw usage('EXPORT_NAME', `'${name}' cannot name a dataset: use letters, digits and _.`, next);
  }
  const columns = (await columnsOf(connection, declared))
    .filter((column) => !column.name.startsWith('_'))
    .map((column) => resolveColumn(declared, column));
  if (columns.length === 0) {
    const next = 'Give it a column whose name does not begin with _, or take the dataset out of the exports.';
    throw usage('EXPORT_COLUMN', `${name}: ${table} has no column to export.`, next);
  }
  const names = new Set(columns.map((column) => column.name));
  const remedy = (column: string, place: string) =>
    column.startsWith('_')
      ? `Take it out of ${place}: columns that begin with _ are not exported.`
      : `Add it to the SELECT, or take it out of ${place}.`;
  const said = properties ?? 'its properties';
  for (const column of Object.keys(declared.columns)) {
    if (names.has(column)) continue;
    const message = `${name}.${column} is declared, but ${table} exports no column of that name.`;
    throw usage('EXPORT_COLUMN', message, remedy(column, said));
  }
  for (const key of keys) {
    if (names.has(key)) continue;
    const message = `${name}: the key ${key} is not a column that ${table} exports.`;
    throw usage('EXPORT_KEY', message, remedy(key, `keys: in ${said}`));
  }
  return { table, name, label: declared.label ?? '', keys, properties, columns };
}

/**
 * The rows in their order: the keys, then every exported column, bytewise, nulls first. Rows that are equal in all of
 * them are the same row, so the order is total.
 */
export function orderBy(dataset: Dataset): string {
  const types = new Map(dataset.columns.map((column) => [column.name, column.kind]));
  return [...new Set([...dataset.keys, ...types.keys()])]
    .map((name) => `${identifier(name)}${types.get(name) === 'character' ? ' COLLATE "binary"' : ''} ASC NULLS FIRST`)
    .join(', ');
}

/** `SELECT columns FROM table`, with negative zero as zero: the two compare equal, so their order would be chance. */
export function selection(dataset: Dataset): string {
  return `SELECT ${dataset.columns.map((column) => `${columnValue(column)} AS ${identifier(column.name)}`).join(', ')} FROM ${qualified(dataset.table)}`;
}

export function columnValue(column: DatasetColumn): string {
  const name = identifier(column.name);
  return /^(DOUBLE|FLOAT)$/.test(column.type) ? `CASE WHEN ${name} = 0 THEN 0 ELSE ${name} END` : name;
}

async function columnsOf(connection: Connection, { name, table }: DatasetExport): Promise<TableColumn[]> {
  try {
    return await describe(connection, qualified(table));
  } catch (cause) {
    throw new WarehouseError({
      kind: 'usage',
      code: 'EXPORT_TABLE',
      message: `${name}: ${table} cannot be read.`,
      place: { model: table },
      next: 'Build the model, or take the dataset out of the exports.',
      cause,
    });
  }
}

function resolveColumn(declared: DatasetExport, { name, type }: TableColumn): DatasetColumn {
  const kind = columnKind(type);
  if (kind === undefined) {
    throw new WarehouseError({
      kind: 'data',
      code: 'EXPORT_TYPE',
      message: `${declared.name}.${name}: no export holds the type ${type}.`,
      place: { model: declared.table },
      next: 'Cast it in the model: HUGEINT to BIGINT or DECIMAL, a timestamp with time zone to text, a list to text.',
    });
  }
  const properties = Object.hasOwn(declared.columns, name) ? declared.columns[name] : {};
  return { ...properties, name, type, kind };
}
