import { derivedFrom, either, type Lineage, NONE, unknown } from './lineage.ts';
import { type Column, deduplicated, isRest, lineageOfPart, type Part, renamed, sameName } from './shape.ts';

/** A table in FROM, under the name by which it can be called. */
export interface Relation {
  readonly alias: string | undefined;
  /** Schema, or database and schema, of a table that has no alias. */
  readonly path: readonly string[];
  readonly parts: readonly Part[];
}

/** A column that USING or NATURAL has made of several. */
export interface Merged {
  readonly lineage: Lineage;
  readonly members: ReadonlySet<Part>;
  /** Whether it is computed of both sides: DuckDB gives what it computes for a star an alias. */
  readonly isAlias?: boolean;
}

/** What a FROM clause gives. */
export interface Tables {
  readonly relations: readonly Relation[];
  /** By lower-case name. */
  readonly merged: ReadonlyMap<string, Merged>;
  /** What decides which rows there are. */
  readonly rows: Lineage;
  /** All that is named in its subqueries. */
  readonly touched: Lineage;
}

export const NO_TABLES: Tables = { relations: [], merged: new Map(), rows: NONE, touched: NONE };

/** A relation of its own columns: no two relations share the object of a part. An alias within is a name like any here. */
export function relation(
  alias: string | undefined,
  parts: readonly Part[],
  columnAliases: readonly string[] = [],
  path: readonly string[] = [],
): Relation {
  const own = renamed(deduplicated(parts), columnAliases).map((part) => ({ ...part, isAlias: false }));
  return { alias, path, parts: own };
}

export function tablesOf(one: Relation, { rows = NONE, touched = NONE }: Partial<Tables> = {}): Tables {
  return { relations: [one], merged: new Map(), rows, touched };
}

/** What a name may mean: the column that has it for certain, or those of which it is not known. */
export interface Found {
  readonly certain?: Lineage;
  /** Of columns whose name is not known. */
  readonly possible: readonly Lineage[];
}

/** A column by its name alone. */
export function findColumn(tables: Pick<Tables, 'relations' | 'merged'>, name: string): Found {
  const { certain, possible } = findAll(tables, name);
  if (certain.length > 1) return { certain: { ...derivedFrom(...certain), ...unknownName(name) }, possible };
  return { ...(certain.length === 1 && { certain: certain[0] }), possible };
}

/** Whether several tables are known to have a column of the name. */
export const isAmbiguous = (tables: Pick<Tables, 'relations' | 'merged'>, name: string): boolean =>
  findAll(tables, name).certain.length > 1;

function findAll({ relations, merged }: Pick<Tables, 'relations' | 'merged'>, name: string) {
  const one = merged.get(name.toLowerCase());
  const found = relations.map((relation) => findIn(relation, name, one?.members));
  const certain = found.flatMap((each) => each.certain ?? []);
  const possible = found.flatMap((each) => each.possible);
  return { certain: one === undefined ? certain : [one.lineage, ...certain], possible };
}

const unknownName = (name: string) => ({ unknown: `the column ${name} is ambiguous` });

/** A column of one relation. */
export function findIn({ parts }: Relation, name: string, without?: ReadonlySet<Part>): Found {
  const columns = parts.filter((part): part is Column => !isRest(part) && !without?.has(part));
  const certain = columns.find((column) => sameName(column.name, name));
  const isPossible = (part: Column) => part.name === undefined && (part.isPatterned || !PLAIN.test(name));
  const unnamed = parts.filter((part) => isRest(part) || isPossible(part));
  return { ...(certain && { certain: certain.lineage }), possible: unnamed.map(lineageOfPart) };
}

/** What no column is called that DuckDB has named after its expression. */
const PLAIN = /^\w+$/;

/** The whole row of a relation, as one value. */
export const wholeRow = ({ parts }: Relation): Lineage => derivedFrom(...parts.map(lineageOfPart));

/** What a name means where nothing else may have it. */
export function settled({ certain, possible }: Found, what: string): Lineage {
  return certain ?? (possible.length > 0 ? derivedFrom(either(...possible)) : unknown(what));
}
