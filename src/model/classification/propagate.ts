import { type Classification, isAbove, lower } from '../../project/classification.ts';
import type { Declassified, ModelProperties } from '../../project/properties.ts';
import type { BaseColumn, Lineage } from '../lineage/lineage.ts';
import { type Cell, highest } from './cell.ts';

/** Among what a model reads: any table that there is. */
export const ANY_TABLE = '*';

/** A model with what its SELECT tells. */
export interface TracedModel {
  readonly name: string;
  readonly properties: Pick<ModelProperties, 'classification' | 'declassify' | 'columns'>;
  /** Tables that it reads, as far as they are known, and `ANY_TABLE` where they are not. */
  readonly reads: readonly string[];
  /** A column that only DuckDB could name has none. */
  readonly columns: readonly { readonly name: string | undefined; readonly lineage: Lineage }[];
  readonly rows: Lineage;
  /** The columns by which rows of former builds stay in its table: what is declared of them is so of its rows. */
  readonly keptBy?: readonly string[];
  /** What a column was in earlier runs, or its rows (null), where rows of former SELECTs may stand in its table. */
  readonly former?: (column: string | null) => Cell;
}

/** How a column is classified; or, without a name, which rows there are. */
export interface ClassifiedColumn extends Cell {
  readonly column: string | null;
  /** What its properties say of it, or those of its model. */
  readonly declared?: Classification;
  /** The highest of what it is made from. */
  readonly inherited: Cell;
  /** Why it is less than that. */
  readonly because?: string;
}

export interface ClassifiedModel {
  readonly name: string;
  /** In order. One that only DuckDB could name is the rest of them, `*`. */
  readonly columns: readonly ClassifiedColumn[];
  readonly rows: ClassifiedColumn;
}

/**
 * What a table that no model makes is, for a model that reads it: one of its columns, or the highest of all. A model that
 * reads its own table reads what former SELECTs have left there.
 */
export type Outside = (table: string, model: string, column?: string) => Cell;

/**
 * How every column of every model is classified: the highest of its own declaration (of its model's, where it has none), of
 * the columns that it is made from and of what decides which rows there are, for who stands in a table tells of what it was
 * chosen by. What is not known counts as all that the model reads. Less than what comes in is a column only where
 * `declassify` says so: of a model, that is said of what decides its rows.
 *
 * What stands in a table from former SELECTs is besides what it was then.
 *
 * A pure function. More of anything that comes in, or is declared, never gives less of anything.
 *
 * @param models each behind those that it reads
 */
export function propagate(models: readonly TracedModel[], outside: Outside): Map<string, ClassifiedModel> {
  const known = new Map<string, ClassifiedModel>();
  for (const model of models) known.set(model.name, classified(model, new Inputs(model, known, outside)));
  return known;
}

/** The highest of all columns of a model, and of its rows. */
export const ofWhole = ({ rows, columns }: ClassifiedModel): Cell => highest([rows, ...columns]);

/** A column by its name, whatever its case; where none is known to have it, it may be any. */
export function ofColumn(model: ClassifiedModel, name: string): Cell {
  const found = model.columns.find(({ column }) => column?.toLowerCase() === name.toLowerCase());
  return found ?? ofWhole(model);
}

/** What a model reads, as it is classified. */
class Inputs {
  readonly #model: TracedModel;
  readonly #known: ReadonlyMap<string, ClassifiedModel>;
  readonly #outside: Outside;

  constructor(model: TracedModel, known: ReadonlyMap<string, ClassifiedModel>, outside: Outside) {
    this.#model = model;
    this.#known = known;
    this.#outside = outside;
  }

  /** What a value comes from. */
  of(lineage: Lineage): Cell {
    const columns = [...lineage.from].sort(byName).map((column) => this.#column(column));
    return highest(lineage.unknown === undefined ? columns : [...columns, ...this.#all()]);
  }

  /** That there are rows in a table at all: `count(*)` and constants tell of nothing else. */
  rows(): Cell {
    return highest(this.#tables(({ rows }) => rows));
  }

  #all(): Cell[] {
    return this.#tables(ofWhole);
  }

  #tables(of: (model: ClassifiedModel) => Cell): Cell[] {
    return this.#model.reads.map((table) => {
      const model = this.#known.get(table);
      return model === undefined ? this.#outside(table, this.#model.name) : of(model);
    });
  }

  #column({ table, column }: BaseColumn): Cell {
    const model = this.#known.get(table.toLowerCase());
    if (model !== undefined) return ofColumn(model, column);
    const cell = this.#outside(table.toLowerCase(), this.#model.name, column);
    return { classification: cell.classification, name: `${table}.${column}`, from: cell };
  }
}

const key = ({ table, column }: BaseColumn) => JSON.stringify([table, column]);
const byName = (a: BaseColumn, b: BaseColumn) => (key(a) < key(b) ? -1 : 1);

function classified(model: TracedModel, inputs: Inputs): ClassifiedModel {
  const { name, properties } = model;
  const { classification: declared, declassify, columns: described } = properties;
  const describedAs = new Map(Object.entries(described).map(([column, said]) => [column.toLowerCase(), said]));
  const ofOne = (column: string, inherited: Cell) => {
    const { classification = declared, declassify } = describedAs.get(column.toLowerCase()) ?? {};
    return decided({ column, name: `${name}.${column}`, declared: classification, declassify, inherited });
  };
  const all = named(model);
  const kept = new Set(model.keptBy?.map((column) => column.toLowerCase()));
  const keeping = all.filter(({ name: column }) => kept.has(column.toLowerCase()));
  const ofKept = keeping.map(({ name: column, lineage }) => ofOne(column, inputs.of(lineage)));
  const formerly = (column: string | null) => (model.former === undefined ? [] : [model.former(column)]);
  const ofRows = highest([inputs.of(model.rows), inputs.rows(), ...ofKept, ...formerly(null)]);
  const rows = decided({ column: null, name: `${name} (rows)`, declared: undefined, declassify, inherited: ofRows });
  const columns = all.map(({ name: column, lineage }) =>
    ofOne(column, highest([inputs.of(lineage), rows, ...formerly(column)])),
  );
  return { name, columns, rows };
}

/** The columns that only DuckDB could name are one, `*`, and so are those that the properties alone name. */
function named({ columns, properties }: TracedModel): { name: string; lineage: Lineage }[] {
  const open = columns.filter(({ name }) => name === undefined).map(({ lineage }) => lineage);
  const told = columns.flatMap(({ name, lineage }) => (name === undefined ? [] : [{ name, lineage }]));
  if (open.length === 0) return told;
  const isTold = (name: string) => told.some((one) => one.name.toLowerCase() === name.toLowerCase());
  const others = [...Object.keys(properties.columns).filter((name) => !isTold(name)), '*'];
  const reason = open.find(({ unknown }) => unknown !== undefined)?.unknown;
  const from = new Set(open.flatMap((one) => [...one.from]));
  const lineage: Lineage = { from, isCopy: false, ...(reason !== undefined && { unknown: reason }) };
  return [...told, ...others.map((name) => ({ name, lineage }))];
}

interface Said {
  readonly column: string | null;
  readonly name: string;
  readonly declared: Classification | undefined;
  readonly declassify: Declassified | undefined;
  readonly inherited: Cell;
}

function decided({ column, name, declared, declassify, inherited }: Said): ClassifiedColumn {
  const from = inherited.classification === 'none' ? undefined : inherited;
  if (declassify !== undefined) {
    const comesIn =
      declared !== undefined && isAbove(declared, inherited.classification) ? declared : inherited.classification;
    const classification = lower(declassify.to, comesIn);
    return { column, name, classification, inherited, because: declassify.because, ...(from && { from }) };
  }
  if (declared === undefined || !isAbove(declared, inherited.classification)) {
    const { classification } = inherited;
    return { column, name, classification, inherited, ...(declared && { declared }), ...(from && { from }) };
  }
  return { column, name, classification: declared, inherited, declared };
}
