import { lineageRows } from '../../src/build/column-lineage.ts';
import { openReader } from '../../src/model/lineage/reader.ts';
import { readMacros } from '../../src/model/reading/macro-catalog.ts';
import { statementText } from '../../src/model/sql/lexer.ts';
import { checkColumns } from '../../src/model/table/columns.ts';
import { testsOfModel } from '../../src/model/test/tests.ts';
import type { ModelSource, Project } from '../../src/project/project.ts';
import { type Connection, identifier, literal, qualified } from '../../src/store/connection.ts';
import { describe } from '../../src/store/describe.ts';
import { insertRows } from '../../src/store/insert-rows.ts';

/** What sees that a column is missing: each by itself, whether or not another would be first. */
export interface Seen {
  /** The columns that the properties of its model list. */
  readonly properties: boolean;
  /** Models whose SELECT does not bind any more, or lacks a column that their properties list. */
  readonly readers: readonly string[];
  /** Tests whose SQL does not bind any more. */
  readonly tests: readonly string[];
  /** What is open in the accounting of items, by its name in staged, and `_row` for records. */
  readonly open: readonly string[];
}

interface Standing {
  readonly sql_hash: string;
  readonly reads: string;
}

/** Takes single columns out of models, does what a build would do after it, and shows what is seen of it. */
export class ColumnRemoval {
  readonly #connection: Connection;
  readonly #sources: ReadonlyMap<string, ModelSource>;
  /** In the order of building. */
  readonly #standing: ReadonlyMap<string, Standing>;
  readonly #columns: ReadonlyMap<string, readonly string[]>;

  private constructor(
    connection: Connection,
    project: Project,
    standing: ReadonlyMap<string, Standing>,
    columns: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#connection = connection;
    this.#sources = new Map(project.models.map((model) => [model.name, model]));
    this.#standing = standing;
    this.#columns = columns;
  }

  /** @param connection of the working file, which is left as it was. */
  static async of(connection: Connection, project: Project): Promise<ColumnRemoval> {
    const models = await connection.rows<Standing & { model: string }>(
      "SELECT model, sql_hash, reads::VARCHAR AS reads FROM run.current_model WHERE path NOT LIKE 'rules/%' ORDER BY model",
    );
    const byName = new Map(models.map(({ model, ...standing }) => [model, standing]));
    const ordered = new Map<string, Standing>();
    const visit = (model: string): void => {
      const standing = byName.get(model);
      if (standing === undefined || ordered.has(model)) return;
      for (const read of Object.keys(JSON.parse(standing.reads) as object)) visit(read);
      ordered.set(model, standing);
    };
    for (const { model } of models) visit(model);
    const columns = new Map<string, string[]>();
    for (const model of ordered.keys()) {
      columns.set(
        model,
        (await describe(connection, `FROM ${qualified(model)}`)).map(({ name }) => name),
      );
    }
    return new ColumnRemoval(connection, project, ordered, columns);
  }

  /** Every column of every model. */
  get all(): [model: string, column: string][] {
    return [...this.#columns].flatMap(([model, columns]) => columns.map((column): [string, string] => [model, column]));
  }

  /** Whether the warehouse wrote the model: a table of an item group or of a file. */
  isGenerated(model: string): boolean {
    return !this.#sources.has(model);
  }

  async takeOut(model: string, column: string): Promise<Seen> {
    return this.#connection.trial(async () => {
      await this.#drop(model, [column]);
      const properties = await this.#isRefused(model);
      const { readers, changed } = await this.#buildReaders(model);
      const tests = await this.#brokenTests(changed);
      return { properties, readers, tests, open: await this.#open() };
    });
  }

  /** Without the columns by which datasets and rules are known there is no accounting at all. */
  async #open(): Promise<string[]> {
    const open = `
      SELECT table_name || '.' || column_name AS name FROM recon.item_accounting WHERE NOT accounted
      UNION ALL SELECT DISTINCT table_name || '._row' FROM recon.row_accounting WHERE NOT accounted ORDER BY 1`;
    const rows = await this.#connection.rows<{ name: string }>(open).catch(() => [{ name: '(not bound)' }]);
    return rows.map(({ name }) => name);
  }

  async #drop(model: string, columns: readonly string[]): Promise<void> {
    const view = await this.#connection.row<{ sql: string }>(
      `SELECT sql FROM duckdb_views() WHERE schema_name || '.' || view_name = ${literal(model)}`,
    );
    for (const column of columns) {
      const select = view?.sql.replace(/^CREATE VIEW \S+(?: \([^)]*\))? AS /, '').replace(/;\s*$/, '');
      await this.#connection.run(
        select === undefined
          ? `ALTER TABLE ${qualified(model)} DROP COLUMN ${identifier(column)}`
          : `CREATE OR REPLACE VIEW ${qualified(model)} AS SELECT * EXCLUDE (${identifier(column)}) FROM (${select})`,
      );
      await this.#connection.run(
        `DELETE FROM recon.column_lineage WHERE model = ${literal(model)} AND column_name = ${literal(column)}`,
      );
    }
  }

  /** What a build would say of the columns of a model that is there. */
  async #isRefused(model: string, sql = `FROM ${qualified(model)}`): Promise<boolean> {
    const source = this.#sources.get(model);
    if (source === undefined) return false;
    const columns = await describe(this.#connection, sql);
    try {
      await checkColumns(this.#connection, source, columns);
      return false;
    } catch {
      return true;
    }
  }

  /** Runs again what reads a model, at first or at second hand: what is refused stays as it was. */
  async #buildReaders(model: string): Promise<{ readers: string[]; changed: string[] }> {
    const readers: string[] = [];
    const changed = [model];
    for (const [reader, standing] of this.#standing) {
      const source = this.#sources.get(reader);
      const reads = Object.keys(JSON.parse(standing.reads) as object);
      if (source === undefined || !reads.some((read) => changed.includes(read))) continue;
      const columns = await this.#bound(source);
      if (columns === undefined || (await this.#isRefused(reader, statementText(source.sql)))) {
        readers.push(reader);
        continue;
      }
      const lost = this.#columns.get(reader)!.filter((name) => !columns.includes(name));
      if (lost.length > 0) {
        await this.#drop(reader, lost);
        changed.push(reader);
      }
      await this.#connection.run(`DELETE FROM recon.column_lineage WHERE model = ${literal(reader)}`);
      const rows = await lineageRows(
        await openReader(this.#connection, await readMacros(this.#connection)),
        source,
        standing,
      );
      await insertRows(this.#connection, 'recon.column_lineage', rows);
    }
    return { readers, changed };
  }

  /** Its columns; undefined where it names one that is not there. */
  async #bound(source: ModelSource): Promise<string[] | undefined> {
    try {
      return (await describe(this.#connection, statementText(source.sql))).map(({ name }) => name);
    } catch {
      return undefined;
    }
  }

  async #brokenTests(models: readonly string[]): Promise<string[]> {
    const broken: string[] = [];
    for (const [name, source] of this.#sources) {
      for (const test of testsOfModel(source)) {
        if (!models.some((model) => model === name || test.sql.includes(model))) continue;
        await describe(this.#connection, test.sql).catch(() => broken.push(`${name}: ${test.name}`));
      }
    }
    return broken;
  }
}
