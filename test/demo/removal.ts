import { testsOfModel } from '../../src/model/test/tests.ts';
import type { Project } from '../../src/project/project.ts';
import type { Client } from '../helpers/client.ts';

/** Runs SQL in the transaction that is taken back. */
type Run = (sql: string) => Promise<unknown[][]>;

/** How many rows are taken out of each model. */
const ROWS = 3;

/** The record that a row of a model stands for, by the first of these columns that it has. */
const IDENTITIES = { _row: '_row', _rows: '_rows[1]', consent_row: 'consent_row', exposure_row: 'exposure_row' };

/** Records that are open, by identity, and items that no rule leaves out any more. */
const OPEN = `
  SELECT CAST(_row AS VARCHAR) FROM recon.row_accounting WHERE NOT accounted
  UNION ALL SELECT table_name || '.' || column_name FROM recon.item_accounting WHERE NOT accounted`;

/** Takes rows out of a model, lets the models that read it run again, and shows what is seen of it. */
export class Removal {
  readonly #client: Client;
  readonly #sources: ReadonlyMap<string, Project['models'][number]>;
  readonly #reads: ReadonlyMap<string, string[]>;

  private constructor(client: Client, project: Project, reads: ReadonlyMap<string, string[]>) {
    this.#client = client;
    this.#sources = new Map(project.models.map((model) => [model.name, model]));
    this.#reads = reads;
  }

  /** Of rules, which no dataset is made of, nothing. @param client The working file, open to be written. */
  static async of(client: Client, project: Project): Promise<Removal> {
    const rows = await client.rows(
      "SELECT model, CAST(reads AS VARCHAR) FROM run.current_model WHERE path NOT LIKE 'rules/%' ORDER BY model",
    );
    const reads = rows.map(([model, read]) => [model as string, Object.keys(JSON.parse(read as string))] as const);
    return new Removal(client, project, new Map(reads));
  }

  get models(): string[] {
    return [...this.#reads.keys()];
  }

  /** Whether the warehouse wrote the model: a table of an item group or of a file. */
  isGenerated(model: string): boolean {
    return !this.#sources.has(model);
  }

  /**
   * Those of some models of which rows can be missing without the accounting showing each: the record that a row
   * stands for is open; of a model whose rows stand for none, any record or item is.
   */
  async unseen(models: readonly string[]): Promise<string[]> {
    const samples = await Promise.all(models.map((model) => this.#sample(model)));
    let open: unknown[] = [];
    await this.#client.tryOut(async (run) => {
      for (const [i, model] of models.entries()) await this.#takeOut(run, model, samples[i]);
      for (const reader of this.#readers(models)) await this.#runAgain(run, reader);
      open = (await run(OPEN)).flat();
    });
    const isOpen = (record: string | null) => (record === null ? open.length > 0 : open.includes(record));
    return models.filter((_, i) => !samples[i].every(({ record }) => isOpen(record)));
  }

  /** The tests that fail whichever of some rows of a model is missing: its own, else those of the first that has any. */
  async failingTests(model: string): Promise<string[]> {
    const failing: string[][] = [];
    for (const row of await this.#sample(model)) {
      await this.#client.tryOut(async (run) => {
        await this.#takeOut(run, model, [row]);
        failing.push(await this.#failingNow(run, model));
        for (const reader of failing.at(-1)?.length ? [] : this.#readers([model])) {
          await this.#runAgain(run, reader);
          failing.at(-1)?.push(...(await this.#failingNow(run, reader)));
          if (failing.at(-1)?.length) break;
        }
      });
    }
    return failing[0].filter((name) => failing.every((names) => names.includes(name)));
  }

  /** The tests of a model that fail as things stand; warnings do not count. */
  async #failingNow(run: Run, model: string): Promise<string[]> {
    const source = this.#sources.get(model);
    const failing: string[] = [];
    for (const { name, severity, sql } of source === undefined ? [] : testsOfModel(source)) {
      if (severity === 'error' && (await run(sql)).length > 0) failing.push(`${model}: ${name}`);
    }
    return failing;
  }

  /** The models that read one of some models, at first or at second hand, in an order in which they can run. */
  #readers(models: readonly string[]): string[] {
    const order = new Set<string>();
    const visit = (name: string): boolean => {
      const reads = (this.#reads.get(name) ?? []).filter((read) => visit(read) || models.includes(read));
      if (reads.length > 0) order.add(name);
      return reads.length > 0;
    };
    this.models.forEach(visit);
    return [...order];
  }

  async #sample(model: string): Promise<{ id: string; record: string | null }[]> {
    const columns = (await this.#client.table(`FROM ${model} LIMIT 0`)).names;
    const identity = Object.entries(IDENTITIES).find(([column]) => columns.includes(column))?.[1] ?? 'NULL';
    const id = (await this.#viewSql(model)) === undefined ? 'rowid' : '_row';
    const rows = await this.#client.rows(`SELECT CAST(${id} AS VARCHAR), CAST(${identity} AS VARCHAR) FROM ${model}
      ORDER BY hash(${id}) LIMIT ${ROWS}`);
    return rows.map(([id, record]) => ({ id: id as string, record: record as string | null }));
  }

  async #viewSql(model: string): Promise<string | undefined> {
    const sql = await this.#client.value(
      `SELECT sql FROM duckdb_views() WHERE schema_name || '.' || view_name = '${model}'`,
    );
    return (sql as string | undefined)?.replace(/^CREATE VIEW \S+(?: \([^)]*\))? AS /, '').replace(/;\s*$/, '');
  }

  async #takeOut(run: Run, model: string, rows: { id: string }[]): Promise<void> {
    const ids = rows.map(({ id }) => id).join(', ');
    const view = await this.#viewSql(model);
    await run(
      view === undefined
        ? `DELETE FROM ${model} WHERE rowid IN (${ids})`
        : `CREATE OR REPLACE VIEW ${model} AS FROM (${view}) WHERE _row NOT IN (${ids})`,
    );
  }

  async #runAgain(run: Run, model: string): Promise<void> {
    await run(`DELETE FROM ${model}`);
    await run(`INSERT INTO ${model} BY NAME ${this.#sources.get(model)?.sql}`);
  }
}
