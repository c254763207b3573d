import { nearest } from '../project/nearest.ts';
import { workbookName } from './names.ts';
import { Notes } from './notes.ts';
import { type ReadDataset, readSpecification, type Specification } from './read-sheets.ts';
import { type Tables, tablesOf } from './tables.ts';
import { type Described, sheetsOf } from './write-sheets.ts';
import type { ReadSheet } from './xlsx/read.ts';
import { cellReference } from './xlsx/reference.ts';
import type { Written, WrittenSheet } from './xlsx/write.ts';
import type { Mapping } from './yaml/patch.ts';

/** A model of which a workbook says something else, or the same, as its properties do. */
export interface Compared {
  readonly model: string;
  /** What the properties say, as far as the workbook has sheets and columns for it. */
  readonly before: Mapping;
  readonly after: ReadDataset;
}

export interface Comparison {
  readonly compared: readonly Compared[];
  /** Models that the workbook has not: they stay as they are. */
  readonly left: readonly string[];
  /** The first cell of the sheet Codelists that the variables do not give. */
  readonly codelist?: string;
  /** Cells, new or changed, whose text begins or ends with a blank. */
  readonly blanks: readonly string[];
}

/**
 * Holds a workbook against properties. Both are read in the same way, so that only what somebody changed in the workbook
 * is a change; what it has no sheet or column for says nothing.
 */
export function compare(
  tables: Tables,
  { study, models }: { readonly study: string; readonly models: readonly Described[] },
  notes: Notes,
): Comparison {
  const specification = readSpecification(tables, notes);
  refuseOther(specification, study, notes);
  const known = new Map(models.map((model) => [model.model, model]));
  for (const [model, { places }] of specification.datasets) {
    if (!known.has(model)) noModel(model, places.get('')!, known.keys(), notes);
  }
  const both = models.filter(({ model }) => specification.datasets.has(model));
  const written = sheetsOf(study, both);
  const former = readSpecification(tablesOf('', asRead(written, tables), new Notes()), new Notes());
  const compared = both.map(({ model }) => {
    return { model, before: former.datasets.get(model)!.value, after: specification.datasets.get(model)! };
  });
  const texts = new Set(former.blanks.map(({ text }) => text));
  return {
    compared,
    left: models.filter(({ model }) => !specification.datasets.has(model)).map(({ model }) => model),
    codelist:
      notes.problems.length > 0 ? undefined : changedCodelist(tables, [written, sheetsOf(study, newOnes(compared))]),
    blanks: specification.blanks.filter(({ text }) => !texts.has(text)).map(({ place }) => place.cell!),
  };
}

const newOnes = (compared: readonly Compared[]) => compared.map(({ model, after }) => ({ model, value: after.value }));

function refuseOther({ study }: Specification, ours: string, notes: Notes): void {
  if (study === undefined || study.name === ours) return;
  const message = `The workbook is of the study ${JSON.stringify(study.name)}, and the project of ${JSON.stringify(ours)}.`;
  const next = 'If it is meant for this project, write its study.id there.';
  notes.problem(study.place, message, 'SPEC_STUDY', { next });
}

function noModel(model: string, place: { cell?: string }, known: Iterable<string>, notes: Notes): void {
  const near = nearest(model, known);
  const path = `models/${model.replace('.', '/')}.sql`;
  notes.problem(place, `There is no model ${model}: properties stand beside a SELECT.`, 'SPEC_NO_MODEL', {
    next:
      near === undefined
        ? `Write ${path} first, or take its rows out.`
        : `Did you mean ${workbookName(near)}? A new one needs ${path} first.`,
  });
}

/** What was written, as it would be read, without the sheets and columns that another workbook has not. */
function asRead(sheets: readonly WrittenSheet[], tables: Tables): ReadSheet[] {
  return sheets.flatMap(({ name, columns, rows }): ReadSheet[] => {
    const titles = tables.get(name as never)?.titles;
    if (titles === undefined) return [];
    const isThere = columns.map(({ title }) => titles.has(title));
    const lines = [columns.map(({ title }) => title), ...rows];
    return [
      {
        name,
        isHidden: false,
        merged: [],
        rows: lines.map((line, i) => ({ number: i + 1, isHidden: false, cells: cellsOf(line, isThere, i + 1) })),
      },
    ];
  });
}

function cellsOf(line: readonly Written[], isThere: readonly boolean[], row: number) {
  const cells = line.flatMap((value, i) => {
    if (value === undefined || value === '' || !isThere[i]) return [];
    const kind = typeof value === 'number' ? ('number' as const) : ('text' as const);
    return [[i + 1, { reference: cellReference(i + 1, row), kind, text: String(value) }] as const];
  });
  return new Map(cells);
}

/** The sheet Codelists is for reading: it must be one of those that the variables give, before or after. */
function changedCodelist(tables: Tables, given: readonly (readonly WrittenSheet[])[]): string | undefined {
  const table = tables.get('Codelists');
  if (table === undefined || !table.titles.has('Used By')) return undefined;
  const found = table.rows.map((row) => [row.cell('ID')?.text, row.cell('Used By')?.text]);
  const expected = given.map((sheets) => sheets.find(({ name }) => name === 'Codelists')!.rows);
  const differs = expected.map((rows) => {
    const at = Array.from({ length: Math.max(rows.length, found.length) }, (_, i) => i);
    return at.find((i) => found[i]?.[0] !== rows[i]?.[0] || found[i]?.[1] !== rows[i]?.[1]);
  });
  if (differs.includes(undefined)) return undefined;
  const row = table.rows[Math.max(...(differs as number[]))] ?? table.rows.at(-1);
  return row?.place('ID').cell ?? 'Codelists!A1';
}
