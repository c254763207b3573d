import { type Connection, literal } from '../../store/connection.ts';
import { describe } from '../../store/describe.ts';
import type { SyntaxNode } from '../sql/walk.ts';
import type { Question } from './facts.ts';
import { selectOf } from './tree.ts';

/** DuckDB's answers to what a walk has left open; undefined for what it cannot tell. */
export class Answers {
  readonly #connection: Connection;
  readonly #given = new Map<string, readonly string[] | undefined>();
  readonly #open = new Map<string, Question>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** What was answered, if anything; what was not asked before is open from now on. */
  to(question: Question): readonly string[] | undefined {
    const key = JSON.stringify(question);
    if (!this.#given.has(key)) this.#open.set(key, question);
    return this.#given.get(key);
  }

  /** Asks DuckDB what is open. @returns whether there was anything */
  async askOpen(): Promise<boolean> {
    const open = [...this.#open];
    this.#open.clear();
    for (const [key, question] of open) this.#given.set(key, await this.#answer(question));
    return open.length > 0;
  }

  /** A subquery that names columns around it, or a lambda that fails for a name, cannot be told. */
  async #answer(question: Question): Promise<readonly string[] | undefined> {
    try {
      return await (question.kind === 'columns' ? this.#columns(question.query) : this.#names(question.expression));
    } catch {
      return undefined;
    }
  }

  async #columns(query: SyntaxNode): Promise<string[]> {
    return (await describe(this.#connection, await this.#sqlOf(query))).map(({ name }) => name);
  }

  async #names(expression: SyntaxNode): Promise<string[] | undefined> {
    const sql = await this.#sqlOf(selectOf([{ ...expression, alias: 'names' }]));
    const row = await this.#connection.row<{ names: string }>(`SELECT to_json(names)::VARCHAR AS names FROM (${sql})`);
    const names = JSON.parse(row!.names) as unknown;
    // A regular expression that is computed is no list of names.
    return Array.isArray(names) ? names : undefined;
  }

  async #sqlOf(node: SyntaxNode): Promise<string> {
    const statement = { error: false, statements: [{ node, named_param_map: [] }] };
    // Where no place is known stands 2^64 - 1, which is no number of JavaScript.
    const tree = JSON.stringify(statement, (key, value) => (key === 'query_location' ? undefined : value));
    const row = await this.#connection.row<{ sql: string }>(
      `SELECT json_deserialize_sql(${literal(tree)}::JSON) AS sql`,
    );
    return row!.sql;
  }
}
