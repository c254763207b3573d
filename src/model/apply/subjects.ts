import { sha256Hex } from '../../lib/hash.ts';
import type { BySubject } from '../../project/materialization.ts';
import type { ModelSource } from '../../project/project.ts';
import { propertiesFile } from '../../project/property-error.ts';
import { type Connection, literal } from '../../store/connection.ts';
import { describe } from '../../store/describe.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { runSqlFile } from '../../store/sql-files.ts';
import { sqlError } from '../sql/sql-error.ts';
import { rowHash } from '../table/content-hash.ts';
import type { Overlay } from './overlay.ts';

/** The table in which runs note what the subjects held, made where the file does not have it yet. */
export async function prepareSubjects(connection: Connection): Promise<void> {
  if (!(await hasRelation(connection, 'run.subject'))) await runSqlFile(connection, 'run-subject.sql');
}

/** The subjects of what a model reads, each with what it holds now, in tables of an overlay. */
export class Subjects {
  readonly #connection: Connection;
  readonly #model: string;
  readonly #content: string;
  readonly #changed: string;

  private constructor(connection: Connection, model: string, overlay: Overlay) {
    this.#connection = connection;
    this.#model = literal(model);
    this.#content = `${overlay.name}._subjects.content`;
    this.#changed = `${overlay.name}._subjects.changed`;
  }

  /** @throws BY_SUBJECT_INPUT: DuckDB's message about what tells the subjects of an input apart. */
  static async gather(
    connection: Connection,
    overlay: Overlay,
    source: ModelSource,
    { inputs }: BySubject,
  ): Promise<Subjects> {
    const subjects = new Subjects(connection, source.name, overlay);
    await connection.run(`CREATE SCHEMA ${overlay.name}._subjects`);
    await connection.run(`CREATE TABLE ${subjects.#content} (table_name VARCHAR, subject VARCHAR, content VARCHAR)`);
    for (const [table, subject] of Object.entries(inputs)) {
      await subjects.#gather(table, overlay.inFile(table), subject).catch((error: unknown) => {
        const path = propertiesFile(source);
        throw sqlError({ path, sql: subject, model: source.name }, error, 'BY_SUBJECT_INPUT', Number.POSITIVE_INFINITY);
      });
    }
    return subjects;
  }

  /** The columns count as every subject's: another name or type may make other rows of all of them. */
  async #gather(name: string, table: string, subject: string): Promise<void> {
    const columns = await describe(this.#connection, table);
    const shape = sha256Hex(JSON.stringify(columns)).slice(0, 16);
    await this.#connection.run(`
      INSERT INTO ${this.#content}
      SELECT ${literal(name)}, subject, concat_ws(' ', '${shape}', sum(hashed), count(*))
      FROM (SELECT CAST((${subject}) AS VARCHAR) AS subject, ${rowHash(columns)} AS hashed FROM ${table})
      GROUP BY subject`);
  }

  /**
   * Notes whose rows are others than those that the model was built from, and says how many of how many there are: `2 of
   * 3 subjects, 1 gone`, who counts among neither. Undefined where a row in which no subject is named is another.
   */
  async changed(): Promise<string | undefined> {
    await this.#connection.run(`
      CREATE TABLE ${this.#changed} AS
      SELECT DISTINCT coalesce(now.subject, former.subject) AS subject
      FROM ${this.#content} AS now
      FULL JOIN (SELECT table_name, subject, content FROM run.subject WHERE model = ${this.#model}) AS former
        ON now.table_name = former.table_name AND now.subject IS NOT DISTINCT FROM former.subject
      WHERE now.content IS DISTINCT FROM former.content`);
    const found = await this.#connection.row<{ unnamed: bigint; there: bigint; gone: bigint; all: bigint }>(`
      WITH present AS (SELECT DISTINCT subject FROM ${this.#content} WHERE subject IS NOT NULL)
      SELECT count(*) - count(c.subject) AS unnamed, count(p.subject) AS there, count(c.subject) - there AS gone,
        (SELECT count(*) FROM present) AS "all"
      FROM ${this.#changed} AS c LEFT JOIN present AS p ON c.subject = p.subject`);
    const { unnamed, there, gone, all } = found!;
    if (unnamed > 0n) return undefined;
    return `${there} of ${all} subjects${gone > 0n ? `, ${gone} gone` : ''}`;
  }

  /** SQL: whether what names a subject names one of those. */
  isChanged(subject: string): string {
    return `CAST((${subject}) AS VARCHAR) IN (SELECT subject FROM ${this.#changed})`;
  }

  /** Keeps what the subjects hold, beside the model that was made of it. Inside a transaction of the caller. */
  async record(): Promise<void> {
    await this.#connection.run(`DELETE FROM run.subject WHERE model = ${this.#model}`);
    await this.#connection.run(`INSERT INTO run.subject SELECT ${this.#model}, * FROM ${this.#content}`);
  }
}
