import { describe, expect, it } from 'vitest';
import { changesByRun, hidesTables, readsFiles, tellsOfFiles } from '../../../src/model/reading/own-functions.ts';
import { referencesOf } from '../../../src/model/reading/references.ts';
import { parseSelect } from '../../../src/model/sql/syntax.ts';
import { memory } from '../database.ts';

/** What these return follows from their arguments alone, subqueries among them included. */
const OF_ARGUMENTS = [
  'generate_series',
  'icu_calendar_names',
  'json_each',
  'json_tree',
  'range',
  'repeat',
  'repeat_row',
  'summary',
  'test_all_types',
  'test_vector_types',
  'unnest',
];

/** The same in every run on one working file; error() and sleep_ms() give nothing. */
const OF_NAMES = ['current_database', 'current_schema', 'current_schemas', 'in_search_path', 'error', 'sleep_ms'];

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly definition: string | null;
}

describe('the functions of DuckDB [MODEL-003]', () => {
  it('are all known by what they read, where they stand in FROM', async () => {
    const connection = await memory();
    const rows = await connection.rows<Row>(
      `SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions()
       WHERE function_type IN ('table', 'table_macro') ORDER BY ALL`,
    );
    const kinds = (name: string) =>
      [hidesTables(name, 'table'), readsFiles(name), tellsOfFiles(name), OF_ARGUMENTS.includes(name)].filter(Boolean)
        .length;
    expect(rows.length).toBeGreaterThan(80);
    expect(rows.map(({ name }) => name).filter((name) => kinds(name) !== 1)).toEqual([]);
  });

  it('are hidden if they give a value that is not of their arguments alone', async () => {
    const connection = await memory();
    const rows = await connection.rows<Row>(
      `SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions()
       WHERE function_type IN ('scalar', 'aggregate') AND stability <> 'CONSISTENT' ORDER BY ALL`,
    );
    const left = rows.map(({ name }) => name).filter((name) => !hidesTables(name, 'value') && !changesByRun(name));
    expect(left).toEqual([...OF_NAMES].sort());
    for (const name of ['stats', 'txid_current', 'current_setting', 'current_query', 'nextval']) {
      expect(hidesTables(name, 'value'), name).toBe(true);
    }
  });

  it('are hidden if they are macros that read the catalogue', async () => {
    const connection = await memory();
    const rows = await connection.rows<Row>(
      `SELECT DISTINCT lower(function_name) AS name, function_type AS kind, macro_definition AS definition
       FROM duckdb_functions() WHERE function_type IN ('macro', 'table_macro') ORDER BY ALL`,
    );
    for (const { name, kind, definition } of rows) {
      const isTable = kind === 'table_macro';
      const sql = isTable ? definition! : `SELECT ${definition}`;
      const { tables, hidden, files } = referencesOf(await parseSelect(connection, { path: name, sql }), sql);
      if (tables.length + hidden.length + files.length === 0) continue;
      expect(hidesTables(name, isTable ? 'table' : 'value'), name).toBe(true);
    }
  });
});
