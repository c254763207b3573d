import type { ErrorPlace } from '../lib/errors.ts';
import { nearest } from '../project/nearest.ts';
import type { Problem } from '../project/problem.ts';
import { FOREIGN_SHEETS, LAYOUTS, SHEET_NAMES, type SheetName, titlesOf } from './layout.ts';
import type { Notes } from './notes.ts';
import type { ReadCell, ReadRow, ReadSheet } from './xlsx/read.ts';
import { cellReference } from './xlsx/reference.ts';

/** A row of a sheet, by the titles of its columns. */
export interface TableRow {
  readonly number: number;
  cell(title: string): ReadCell | undefined;
  place(title: string): ErrorPlace;
}

/** A sheet of a known name and known columns. */
export interface Table {
  readonly titles: ReadonlySet<string>;
  readonly rows: readonly TableRow[];
}

export type Tables = ReadonlyMap<SheetName, Table>;

/**
 * The sheets of a workbook that specifications have. What is not known, stands twice or is merged is a problem; what only
 * other specifications have is told and left out.
 */
export function tablesOf(file: string, sheets: readonly ReadSheet[], notes: Notes): Tables {
  const tables = new Map<SheetName, Table>();
  for (const sheet of sheets) {
    const place = { file, cell: `${sheet.name}!A1` };
    if (isSheetName(sheet.name)) tables.set(sheet.name, tableOf(file, sheet, sheet.name, notes));
    else if (FOREIGN_SHEETS.includes(sheet.name)) {
      if (sheet.rows.length > 1) notes.foreign.push(sheet.name);
    } else if (sheet.rows.length > 0) {
      notes.problem(place, `There is no sheet ${JSON.stringify(sheet.name)} in a specification.`, 'SPEC_SHEET', {
        next: meant(sheet.name, SHEET_NAMES, 'Sheets'),
      });
    }
  }
  for (const name of ['Datasets', 'Variables'] as const) {
    if (!tables.has(name)) notes.problem({ file }, `The workbook has no sheet ${name}.`, 'SPEC_SHEET');
  }
  return tables;
}

/** Columns in front that a sheet can do without. */
const OPTIONAL: ReadonlySet<string> = new Set(['Order', 'Used By', 'Type', 'Argument']);

const isSheetName = (name: string): name is SheetName => (SHEET_NAMES as readonly string[]).includes(name);

function meant(name: string, known: readonly string[], what: string): string {
  const near = nearest(name, known);
  return near === undefined ? `${what}: ${known.join(', ')}.` : `Did you mean ${JSON.stringify(near)}?`;
}

function tableOf(file: string, sheet: ReadSheet, name: SheetName, notes: Notes): Table {
  const at = (reference: string, title?: string): ErrorPlace => {
    return { file, cell: `${name}!${reference}${title === undefined ? '' : ` (${title})`}` };
  };
  for (const range of sheet.merged) {
    notes.problem(at(range), 'Cells are merged, and each row has to say all by itself.', 'SPEC_SHEET', {
      next: 'Take the cells apart (Unmerge Cells), and fill in each.',
    });
  }
  const head = sheet.rows.find(({ number }) => number === 1);
  const rows = sheet.rows.filter((row) => row !== head);
  const titles = headings(head, name, at, notes);
  const hidden = rows.filter(({ isHidden }) => isHidden).length;
  if (sheet.isHidden || hidden > 0) notes.hidden.push(sheet.isHidden ? name : `${name} (${hidden} rows)`);
  if (head === undefined) notes.problem(at('A1'), 'Row 1 has to have the headings.', 'SPEC_SHEET');
  for (const row of head === undefined ? [] : rows) {
    for (const [column, { reference }] of row.cells) {
      if (head?.cells.has(column)) continue;
      notes.problem(at(reference), 'The column of this cell has no heading.', 'SPEC_SHEET');
    }
  }
  for (const { title } of head === undefined ? [] : LAYOUTS[name].leading) {
    if (titles.has(title) || OPTIONAL.has(title)) continue;
    notes.problem(
      at('A1'),
      `The sheet ${name} has no column ${JSON.stringify(title)}, and cannot do without.`,
      'SPEC_SHEET',
    );
  }
  tellForeign(name, titles, rows, notes);
  const known = new Set(titlesOf(name).filter((title) => titles.has(title)));
  return { titles: known, rows: rows.map((row) => tableRow(row, titles, at)).filter((row) => isSaying(row, known)) };
}

/** Whether any column says something that is read. */
const isSaying = (row: TableRow, known: ReadonlySet<string>) =>
  [...known].some((title) => row.cell(title) !== undefined);

/** Number of the column of each title. */
function headings(
  head: ReadRow | undefined,
  name: SheetName,
  at: (reference: string) => ErrorPlace,
  notes: Notes,
): ReadonlyMap<string, number> {
  const titles = new Map<string, number>();
  const known = [...titlesOf(name), ...LAYOUTS[name].foreign];
  const refuse = (reference: string, message: string, more?: Partial<Problem>) => {
    notes.problem(at(reference), message, 'SPEC_SHEET', more);
  };
  for (const [column, { text, reference }] of head?.cells ?? []) {
    const title = text.trim();
    if (titles.has(title)) refuse(reference, `The column ${JSON.stringify(title)} stands twice.`);
    else if (known.includes(title)) titles.set(title, column);
    else {
      const next = meant(title, titlesOf(name), 'Columns');
      refuse(reference, `The sheet ${name} has no column ${JSON.stringify(title)}.`, { next });
    }
  }
  return titles;
}

/** Of columns that properties have no place for, those that say something. */
function tellForeign(name: SheetName, titles: ReadonlyMap<string, number>, rows: readonly ReadRow[], notes: Notes) {
  for (const title of LAYOUTS[name].foreign) {
    const column = titles.get(title);
    if (column !== undefined && rows.some(({ cells }) => cells.has(column))) notes.foreign.push(`${name}: ${title}`);
  }
}

function tableRow(
  { number, cells }: ReadRow,
  titles: ReadonlyMap<string, number>,
  at: (reference: string, title: string) => ErrorPlace,
): TableRow {
  return {
    number,
    cell: (title) => cells.get(titles.get(title) ?? 0),
    place: (title) => at(cellReference(titles.get(title) ?? 1, number), title),
  };
}
