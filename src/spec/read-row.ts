import type { ErrorPlace } from '../lib/errors.ts';
import { isMapping } from '../lib/mapping.ts';
import { nearest } from '../project/nearest.ts';
import { CellFault, CODECS, textOf } from './cell-kinds.ts';
import type { Field } from './fields.ts';
import type { SheetName } from './layout.ts';
import type { Notes } from './notes.ts';
import type { Table, TableRow } from './tables.ts';
import type { ReadCell } from './xlsx/read.ts';

/** A row that other rows name by its ID. */
export interface Named {
  readonly row: TableRow;
  isUsed: boolean;
}

/** What the rows of a workbook are read with. */
export interface Reading {
  readonly notes: Notes;
  readonly methods: ReadonlyMap<string, Named>;
  readonly comments: ReadonlyMap<string, Named>;
  /** The cells of texts that begin or end with a blank. */
  readonly blanks: { readonly place: ErrorPlace; readonly text: string }[];
}

/** A mapping that is being read, and where each value in it stands. */
export interface Read {
  readonly value: Record<string, unknown>;
  /** By keys from here: `origin.type`; `` is the row. */
  readonly places: Map<string, ErrorPlace>;
}

/** What a cell says, or undefined where it says nothing or is wrong, which is noted. */
export function said<Value>(
  row: TableRow,
  title: string,
  notes: Notes,
  read: (cell: ReadCell) => Value,
): Value | undefined {
  const cell = row.cell(title);
  if (cell === undefined) return undefined;
  try {
    return read(cell);
  } catch (error) {
    if (!(error instanceof CellFault)) throw error;
    notes.problem(row.place(title), `The cell ${error.message}.`, 'SPEC_CELL', { next: error.next });
    return undefined;
  }
}

/** A text by which something is known; undefined where it is missing or wrong, which is noted. */
export function nameIn(row: TableRow, title: string, notes: Notes): string | undefined {
  if (row.cell(title) === undefined) {
    notes.problem(row.place(title), `The cell is empty, and the row needs its ${title}.`);
    return undefined;
  }
  const name = said(row, title, notes, textOf);
  if (name === undefined || name === name.trim()) return name;
  notes.problem(row.place(title), 'The cell begins or ends with a blank.', 'SPEC_CELL', { next: 'Take it away.' });
  return undefined;
}

/** The rows of a sheet by their ID. */
export function namedRows(table: Table | undefined, notes: Notes): Map<string, Named> {
  const rows = new Map<string, Named>();
  for (const row of table?.rows ?? []) {
    const id = nameIn(row, 'ID', notes);
    if (id === undefined) continue;
    const other = rows.get(id);
    if (other === undefined) rows.set(id, { row, isUsed: false });
    else notes.problem(row.place('ID'), `${id} stands twice: ${other.row.place('ID').cell} has it too.`);
  }
  return rows;
}

/** The row that a cell names by its ID; one that there is not is noted. */
export function named(
  row: TableRow,
  title: string,
  rows: ReadonlyMap<string, unknown>,
  sheet: SheetName,
  notes: Notes,
): string | undefined {
  if (row.cell(title) === undefined) return undefined;
  const id = nameIn(row, title, notes);
  if (id === undefined || rows.has(id)) return id;
  const near = nearest(id, rows.keys());
  const next =
    near === undefined ? `Write it into a row of ${sheet}, and name that row here.` : `Did you mean ${near}?`;
  notes.problem(row.place(title), `The sheet ${sheet} has no row ${JSON.stringify(id)}.`, 'SPEC_CELL', { next });
  return undefined;
}

/** Reads the cells of the fields of a row. */
export function readFields(row: TableRow, fields: readonly Field[], reading: Reading): Read {
  const read: Read = { value: {}, places: new Map([['', row.place(row.cell('Variable') ? 'Variable' : 'Dataset')]]) };
  for (const field of fields) {
    const value = readField(row, field, reading);
    if (value === undefined) continue;
    if (field.kind === 'rest') addRest(read, value, row.place(field.title), fields, reading.notes);
    else put(read, field.path, value, row.place(field.title));
    if (field.kind === 'method') placeMethod(read, reading.methods.get(row.cell(field.title)!.text)!.row);
  }
  return read;
}

function readField(row: TableRow, { title, kind }: Field, reading: Reading): unknown {
  const { notes, methods, comments, blanks } = reading;
  if (kind === 'method') return methodOf(named(row, title, methods, 'Methods', notes), reading);
  if (kind === 'comment') {
    const id = named(row, title, comments, 'Comments', notes);
    return id === undefined ? undefined : descriptionOf(used(comments, id), reading);
  }
  const value = said(row, title, notes, CODECS[kind === 'rest' ? 'yaml' : kind].read);
  if (kind === 'text') noteBlanks(value, row.place(title), blanks);
  return value;
}

function noteBlanks(text: unknown, place: ErrorPlace, blanks: Reading['blanks']): void {
  if (typeof text === 'string' && /^[ \t\u00a0]|[ \t\u00a0]$/.test(text)) blanks.push({ place, text });
}

function used(rows: ReadonlyMap<string, Named>, id: string): TableRow {
  const found = rows.get(id)!;
  found.isUsed = true;
  return found.row;
}

function methodOf(id: string | undefined, reading: Reading): unknown {
  if (id === undefined) return undefined;
  const row = used(reading.methods, id);
  const type = said(row, 'Type', reading.notes, textOf) ?? 'Computation';
  const description = descriptionOf(row, reading);
  return { ...(type !== 'Computation' && { type }), ...(description !== undefined && { description }) };
}

/** What is wrong with a method is told where it stands, not where it is named. */
function placeMethod({ places }: Read, row: TableRow): void {
  places.set('method.type', row.place('Type'));
  places.set('method.description', row.place('Description'));
}

function descriptionOf(row: TableRow, { notes, blanks }: Reading): string | undefined {
  const description = said(row, 'Description', notes, textOf);
  if (row.cell('Description') === undefined) notes.problem(row.place('Description'), 'The description is empty.');
  noteBlanks(description, row.place('Description'), blanks);
  return description;
}

function put({ value, places }: Read, path: readonly string[], said: unknown, place: ErrorPlace): void {
  let here = value;
  for (const key of path.slice(0, -1)) {
    here[key] ??= {};
    here = here[key] as Record<string, unknown>;
  }
  here[path.at(-1)!] = said;
  places.set(path.join('.'), place);
}

/** Keys that have no column, as YAML. */
function addRest(read: Read, value: unknown, place: ErrorPlace, fields: readonly Field[], notes: Notes): void {
  if (!isMapping(value)) {
    notes.problem(place, 'The cell must have a mapping of YAML, such as "updated_at: CHANGED".');
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    const own = fields.find(({ path: [first] }) => first === key);
    if (own !== undefined) notes.problem(place, `The key ${key} has a column of its own: ${own.title}.`);
    else put(read, [key], one, place);
  }
}
