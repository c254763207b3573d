import { CODECS } from './cell-kinds.ts';
import { VALUE_FIELDS } from './fields.ts';
import { modelOf } from './names.ts';
import type { Notes } from './notes.ts';
import { type Named, named, nameIn, type Read, type Reading, readFields, said } from './read-row.ts';
import type { Table, TableRow } from './tables.ts';

/** The conditions of one ID, which are joined by AND. */
export interface Clause extends Named {
  readonly conditions: TableRow[];
}

/** The rows of WhereClauses by ID; several of one ID are one clause. */
export function whereClauses(table: Table | undefined, notes: Notes): Map<string, Clause> {
  const clauses = new Map<string, Clause>();
  for (const row of table?.rows ?? []) {
    const id = nameIn(row, 'ID', notes);
    if (id === undefined) continue;
    const clause = clauses.get(id);
    if (clause === undefined) clauses.set(id, { row, conditions: [row], isUsed: false });
    else clause.conditions.push(row);
  }
  return clauses;
}

/** An entry of `value_level`. */
export function readValue(row: TableRow, clauses: ReadonlyMap<string, Clause>, reading: Reading): Read {
  const { value, places } = readFields(row, VALUE_FIELDS, reading);
  const where: unknown[] = [];
  if (row.cell('Where Clause') === undefined) {
    reading.notes.problem(row.place('Where Clause'), 'The cell is empty, and the row needs its Where Clause.');
  }
  const id = named(row, 'Where Clause', clauses, 'WhereClauses', reading.notes);
  const clause = id === undefined ? undefined : clauses.get(id)!;
  if (clause !== undefined) clause.isUsed = true;
  for (const [i, condition] of (clause?.conditions ?? []).entries()) {
    where.push(conditionOf(condition, row, reading.notes));
    places.set(`where.${i}.values`, condition.place('Value'));
    places.set(`where.${i}.column`, condition.place('Variable'));
    places.set(`where.${i}.comparator`, condition.place('Comparator'));
  }
  return { value: { where, ...value }, places };
}

function conditionOf(row: TableRow, of: TableRow, notes: Notes): unknown {
  const dataset = nameIn(row, 'Dataset', notes);
  const ofDataset = of.cell('Dataset')?.text ?? '';
  if (dataset !== undefined && modelOf(dataset) !== modelOf(ofDataset)) {
    notes.problem(row.place('Dataset'), `The clause of a value of ${ofDataset} must be about ${ofDataset} too.`);
  }
  const column = nameIn(row, 'Variable', notes);
  const comparator = nameIn(row, 'Comparator', notes);
  const values = said(row, 'Value', notes, CODECS.list.read);
  if (row.cell('Value') === undefined)
    notes.problem(row.place('Value'), 'The cell is empty: an empty text is written "".');
  return { column, ...(comparator !== 'EQ' && { comparator }), values };
}
