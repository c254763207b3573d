import type { SyntaxNode } from '../sql/walk.ts';
import { Answers } from './ask.ts';
import { derivedFrom, type Lineage, unknown } from './lineage.ts';
import type { Reader } from './reader.ts';
import type { Query } from './scope.ts';
import { type Column, fitted } from './shape.ts';
import { selectLineage } from './walker.ts';

/** What a SELECT gives, and where it comes from. */
export interface SelectLineage {
  /** As DuckDB gives them, in order. */
  readonly columns: readonly (Column & { readonly name: string })[];
  /** What decides which rows there are and how they are grouped, at every level. */
  readonly rows: Lineage;
}

/**
 * Where each column of a SELECT comes from. The tree alone does not tell the fields of a struct, or which names a lambda
 * chooses: that is asked of DuckDB, and the tree walked anew, until nothing is open that it can tell.
 *
 * @param tree undefined for a SELECT that DuckDB cannot serialise, of which nothing is known
 * @param names the columns that the SELECT has by DESCRIBE: what does not fit them is unknown
 */
export async function readLineage(
  reader: Reader,
  tree: SyntaxNode | undefined,
  names: readonly string[],
): Promise<SelectLineage> {
  if (tree === undefined) return unreadable(names);
  const query = await readQuery(reader, tree);
  return { columns: fitted(query.parts, names), rows: derivedFrom(query.rows) };
}

/** The same of a SELECT whose columns DuckDB cannot tell yet, because tables that it reads are not there as they will be. */
export async function readQuery(reader: Reader, tree: SyntaxNode): Promise<Query> {
  const answers = new Answers(reader.connection);
  const facts = {
    table: (parts: readonly string[]) => reader.schema.table(parts),
    elsewhere: (table: string, column: string) => reader.schema.elsewhere(table, column),
    macros: (name: string) => reader.macros.get(name)?.bodies ?? [],
    aggregates: reader.aggregates,
    ask: answers.to.bind(answers),
  };
  let query = selectLineage(tree, facts);
  while (await answers.askOpen()) query = selectLineage(tree, facts);
  return query;
}

function unreadable(names: readonly string[]): SelectLineage {
  const lineage = unknown('a PIVOT without IN (...) cannot be read');
  return { columns: names.map((name) => ({ name, lineage })), rows: lineage };
}
