import type { MacroBody } from '../reading/macro-catalog.ts';
import type { SyntaxNode } from '../sql/walk.ts';
import type { BaseColumn } from './lineage.ts';

/** Something that only DuckDB can tell, and that is asked of it between two walks. */
export type Question =
  /** The columns of a query node of the syntax tree. */
  | { readonly kind: 'columns'; readonly query: SyntaxNode }
  /** Which of these names an expression over their list gives. */
  | { readonly kind: 'names'; readonly expression: SyntaxNode };

/** A table or view of the file. */
export interface KnownTable {
  /** Its database and schema. */
  readonly path: readonly string[];
  /** In order. */
  readonly columns: readonly BaseColumn[];
}

/** What is known beside the syntax tree. */
export interface Facts {
  /** A table or view by its name as written; undefined where there is none. */
  table(parts: readonly string[]): KnownTable | undefined;
  /** A column of a file, always the same object. */
  elsewhere(table: string, column: string): BaseColumn;
  /** All overloads of a macro, by its lower-case name. */
  macros(name: string): readonly MacroBody[];
  /** Lower-case names of the functions that make one value of many rows. */
  readonly aggregates: ReadonlySet<string>;
  /** The answer, if there is one by now: undefined leaves open what was asked. */
  ask(question: Question): readonly string[] | undefined;
}
