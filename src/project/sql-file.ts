import type { Scalar } from './vocabulary.ts';

/** One SQL file of the project. */
export interface SqlFile {
  /** Name of the file without `.sql`. */
  readonly name: string;
  /** Relative to the project's root, with forward slashes. */
  readonly path: string;
  /** As DuckDB is to run it: rendered, where the file is a template. */
  readonly sql: string;
  /** The template that the SQL was rendered from; absent where the file is plain SQL. */
  readonly template?: SqlTemplate;
}

/** The template of a file of SQL. */
export interface SqlTemplate {
  /** As written. */
  readonly text: string;
  /** The line of the text that each line of the SQL came from. */
  readonly lines: readonly number[];
  /** The SQL in other circumstances; without any, that of the file. */
  render(circumstances: Circumstances): { readonly sql: string; readonly lines: readonly number[] };
}

/** What the SQL of a template may be another for. */
export interface Circumstances {
  /** What is_incremental() says. */
  readonly incremental?: boolean;
  /** Values of variables in place of those of warehouse.yml. */
  readonly vars?: Readonly<Record<string, Scalar>>;
}

/** The SQL of a file, and what it was rendered from. */
export type RenderedSql = Pick<SqlFile, 'sql' | 'template'>;
