import type { ErrorPlace } from '../lib/errors.ts';
import { nearest } from '../project/nearest.ts';
import { textOf } from './cell-kinds.ts';
import { DATASET_FIELDS, UNIT_TEST_FIELDS, VARIABLE_FIELDS } from './fields.ts';
import { modelOf } from './names.ts';
import type { Notes } from './notes.ts';
import { inOrder } from './order.ts';
import { type Named, namedRows, nameIn, type Read, type Reading, readFields, said } from './read-row.ts';
import { readTest } from './read-test.ts';
import { readValue, whereClauses } from './read-values.ts';
import type { TableRow, Tables } from './tables.ts';

/** What a workbook says of a model: its properties as they would be written, and in which cell each stands. */
export interface ReadDataset extends Read {
  readonly model: string;
}

/** What a workbook says. */
export interface Specification {
  /** By model, in the order of the sheet. */
  readonly datasets: ReadonlyMap<string, ReadDataset>;
  /** Texts that begin or end with a blank. */
  readonly blanks: Reading['blanks'];
  /** Of which study it is, where it says so. */
  readonly study?: { readonly name: string; readonly place: ErrorPlace };
}

/** Reads the sheets of a workbook; what is wrong is noted. */
export function readSpecification(tables: Tables, notes: Notes): Specification {
  const methods = namedRows(tables.get('Methods'), notes);
  const comments = namedRows(tables.get('Comments'), notes);
  const reading: Reading = { notes, methods, comments, blanks: [] };
  const datasets = readDatasets(tables, reading);
  readVariables(tables, datasets, reading);
  const clauses = whereClauses(tables.get('WhereClauses'), notes);
  for (const row of inOrder(tables.get('ValueLevel'), ['Dataset', 'Variable'], notes)) {
    const column = columnAt(row, datasets, reading);
    if (column !== undefined) append(column, 'value_level', readValue(row, clauses, reading));
  }
  for (const row of tables.get('Tests')?.rows ?? []) {
    const isOfColumn = row.cell('Variable') !== undefined;
    const owner = isOfColumn ? columnAt(row, datasets, reading) : datasetAt(row, datasets, reading);
    if (owner !== undefined) append(owner, 'tests', readTest(row, reading));
  }
  for (const row of tables.get('UnitTests')?.rows ?? []) {
    const dataset = datasetAt(row, datasets, reading);
    if (dataset !== undefined) append(dataset, 'unit_tests', readFields(row, UNIT_TEST_FIELDS, reading));
  }
  tellUnused([...methods.values(), ...comments.values(), ...clauses.values()], notes);
  return { datasets: assembled(datasets), blanks: reading.blanks, study: studyOf(tables, notes) };
}

/** A dataset or variable with what other sheets say of it. */
interface Owner extends Read {
  readonly lists: Map<string, Read[]>;
}

interface Building extends Owner {
  readonly model: string;
  readonly columns: Map<string, Owner>;
}

const owner = (read: Read): Owner => ({ ...read, lists: new Map() });

function append({ lists }: Owner, key: string, read: Read): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [read]);
  else list.push(read);
}

function readDatasets(tables: Tables, reading: Reading): Map<string, Building> {
  const datasets = new Map<string, Building>();
  for (const row of tables.get('Datasets')?.rows ?? []) {
    const name = nameIn(row, 'Dataset', reading.notes);
    if (name === undefined) continue;
    const model = modelOf(name);
    const other = datasets.get(model);
    if (other !== undefined) reading.notes.problem(row.place('Dataset'), twice(name, other));
    else {
      datasets.set(model, { ...owner(readFields(row, DATASET_FIELDS, reading)), model, columns: new Map() });
    }
  }
  return datasets;
}

const twice = (name: string, { places }: Read) => `${name} stands twice: ${places.get('')?.cell} has it too.`;

function readVariables(tables: Tables, datasets: ReadonlyMap<string, Building>, reading: Reading): void {
  for (const row of inOrder(tables.get('Variables'), ['Dataset'], reading.notes)) {
    const dataset = datasetAt(row, datasets, reading);
    const name = nameIn(row, 'Variable', reading.notes);
    if (dataset === undefined || name === undefined) continue;
    const other = dataset.columns.get(name);
    if (other !== undefined) reading.notes.problem(row.place('Variable'), twice(name, other));
    else dataset.columns.set(name, owner(readFields(row, VARIABLE_FIELDS, reading)));
  }
}

function datasetAt(row: TableRow, datasets: ReadonlyMap<string, Building>, { notes }: Reading): Building | undefined {
  const name = nameIn(row, 'Dataset', notes);
  if (name === undefined) return undefined;
  const dataset = datasets.get(modelOf(name));
  if (dataset === undefined) {
    const near = nearest(modelOf(name), datasets.keys());
    const next = near === undefined ? 'Write one there, or remove this row.' : `Did you mean ${near}?`;
    notes.problem(row.place('Dataset'), `The sheet Datasets has no row ${JSON.stringify(name)}.`, 'SPEC_CELL', {
      next,
    });
  }
  return dataset;
}

function columnAt(row: TableRow, datasets: ReadonlyMap<string, Building>, reading: Reading): Owner | undefined {
  const dataset = datasetAt(row, datasets, reading);
  const name = nameIn(row, 'Variable', reading.notes);
  if (dataset === undefined || name === undefined) return undefined;
  const column = dataset.columns.get(name);
  if (column === undefined) {
    const near = nearest(name, dataset.columns.keys());
    const next = near === undefined ? 'Write one there, or remove this row.' : `Did you mean ${near}?`;
    const message = `The sheet Variables has no row ${name} of this dataset.`;
    reading.notes.problem(row.place('Variable'), message, 'SPEC_CELL', { next });
  }
  return column;
}

/** The properties of each model, in the order in which they are written. */
function assembled(datasets: ReadonlyMap<string, Building>): ReadonlyMap<string, ReadDataset> {
  return new Map(
    [...datasets].map(([model, { columns, ...dataset }]) => {
      const read = withLists(dataset);
      const described = [...columns].map(([name, column]): [string, unknown] => {
        const { value, places } = withLists(column);
        adopt(read.places, ['columns', name], places);
        return [name, value];
      });
      if (described.length > 0) read.value.columns = Object.fromEntries(described);
      return [model, { ...read, model }];
    }),
  );
}

function withLists({ value, places, lists }: Owner): Read {
  const read = { value: { ...value }, places: new Map(places) };
  for (const [key, items] of lists) {
    read.value[key] = items.map((item) => ('' in item.value ? item.value[''] : item.value));
    for (const [i, item] of items.entries()) adopt(read.places, [key, i], item.places);
  }
  return read;
}

function adopt(places: Map<string, ErrorPlace>, path: readonly (string | number)[], below: Read['places']): void {
  for (const [key, place] of below) places.set([...path, ...(key === '' ? [] : [key])].join('.'), place);
}

function tellUnused(rows: readonly Named[], notes: Notes): void {
  for (const { row, isUsed } of rows) if (!isUsed) notes.unused.push(row.place('ID').cell!.replace(/ .*/, ''));
}

/** The study of the sheet Define; what else stands there is told. */
function studyOf(tables: Tables, notes: Notes): Specification['study'] {
  let study: Specification['study'];
  for (const row of tables.get('Define')?.rows ?? []) {
    const attribute = said(row, 'Attribute', notes, textOf);
    const name = said(row, 'Value', notes, textOf);
    if (attribute !== 'StudyName') notes.foreign.push(`Define: ${attribute}`);
    else if (name !== undefined) study = { name, place: row.place('Value') };
  }
  return study;
}
