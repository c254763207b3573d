import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertRecorded, type ModelRecord } from '../../src/model/plan/record.ts';
import { runTests } from '../../src/model/run-tests.ts';
import { buildStatement, NEXT_MARK, nextName } from '../../src/model/table/compile.ts';
import { readYaml } from '../../src/project/yaml-file.ts';
import { type TemporaryFile, temporaryFile } from './database.ts';
import { model, run, sqlFile, states } from './models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
  await file.connection.run(`
    CREATE SCHEMA raw;
    CREATE TABLE raw.ae AS SELECT * FROM (VALUES
      (11, '0012', 1, 'HEADACHE'), (12, '0012', 2, 'NAUSEA'), (13, '0013', 1, 'COUGH')) t(_row, subject, seq, term)`);
});
afterEach(() => file.remove());

const rows = (sql: string) => file.connection.rows(sql);
const one = async (sql: string) => Object.values((await file.connection.row(sql)) ?? {})[0];

const STAGED = model('staged.ae', 'SELECT _row, subject, seq, term FROM raw.ae');
const AE = model(
  'sdtm.ae',
  `SELECT 'VEXIN-03-' || subject AS USUBJID, seq AS AESEQ, term AS AETERM, [CAST(_row AS BIGINT)] AS _rows
FROM staged.ae`,
);
const COUNTS = model('report.counts', 'SELECT USUBJID, count(*) AS n FROM sdtm.ae GROUP BY ALL');

describe('a run', () => {
  it('builds in order, then skips what did not change [MODEL-006]', async () => {
    const first = await run(file, [COUNTS, AE, STAGED]);
    expect(states(first)).toEqual(['staged.ae built: new', 'sdtm.ae built: new', 'report.counts built: new']);
    expect(first.models.map(({ rows: count }) => count)).toEqual([3, 3, 2]);
    expect(await rows('SELECT * FROM report.counts ORDER BY ALL')).toEqual([
      { USUBJID: 'VEXIN-03-0012', n: 2n },
      { USUBJID: 'VEXIN-03-0013', n: 1n },
    ]);
    const second = await run(file, [COUNTS, AE, STAGED]);
    expect(states(second)).toEqual([
      'staged.ae skipped: unchanged',
      'sdtm.ae skipped: unchanged',
      'report.counts skipped: unchanged',
    ]);
    expect(second.models.map(({ rows: count }) => count)).toEqual([3, 3, 2]);
  });

  it('works after the file was closed and opened again [MODEL-006]', async () => {
    await run(file, [AE, STAGED]);
    file = await file.reopen();
    expect(states(await run(file, [AE, STAGED]))).toEqual([
      'staged.ae skipped: unchanged',
      'sdtm.ae skipped: unchanged',
    ]);
  });

  it('does not build for a comment, but for a change of the SQL [MODEL-005]', async () => {
    await run(file, [STAGED, AE]);
    const commented = { ...AE, sql: `-- adverse events\n${AE.sql.replace('FROM', '\n  FROM /* live */')};` };
    expect(states(await run(file, [STAGED, commented]))[1]).toBe('sdtm.ae skipped: unchanged');
    const changed = { ...AE, sql: AE.sql.replace('term', 'upper(term)') };
    expect(states(await run(file, [STAGED, changed]))[1]).toBe('sdtm.ae built: SQL changed');
  });

  it('builds for a change of the properties, but not of the tests [MODEL-005]', async () => {
    await run(file, [STAGED, AE]);
    const tested = model('sdtm.ae', AE.sql, { tests: [{ unique: ['USUBJID', 'AESEQ'] }] });
    const result = await run(file, [STAGED, tested]);
    expect(states(result)[1]).toBe('sdtm.ae skipped: unchanged');
    expect(result.tests).toEqual([{ name: 'unique_USUBJID_AESEQ', model: 'sdtm.ae', state: 'passed', failures: 0 }]);
    expect((await run(file, [STAGED, tested])).tests).toEqual([]);
    const labelled = model('sdtm.ae', AE.sql, { label: 'Adverse Events' });
    expect(states(await run(file, [STAGED, labelled]))[1]).toBe('sdtm.ae built: properties changed');
  });

  it('builds what reads a changed table, and stops where the content is the same [MODEL-007]', async () => {
    await run(file, [STAGED, AE, COUNTS]);
    await file.connection.run("UPDATE raw.ae SET term = 'RASH' WHERE _row = 13");
    expect(states(await run(file, [STAGED, AE, COUNTS]))).toEqual([
      'staged.ae built: raw.ae changed',
      'sdtm.ae built: staged.ae changed',
      'report.counts built: sdtm.ae changed',
    ]);
    const same = { ...AE, sql: AE.sql.replace('term AS', "coalesce(term, 'none') AS") };
    expect(states(await run(file, [STAGED, same, COUNTS]))).toEqual([
      'staged.ae skipped: unchanged',
      'sdtm.ae built: SQL changed',
      'report.counts skipped: unchanged',
    ]);
  });

  it('takes the content of tables outside of models from the caller [MODEL-007]', async () => {
    let hash = 'a';
    const asked: unknown[] = [];
    const contentHash = async (table: string, reader: string | undefined) => {
      asked.push([table, reader]);
      return hash;
    };
    await run(file, [STAGED], { contentHash });
    await file.connection.run('DELETE FROM raw.ae');
    expect(states(await run(file, [STAGED], { contentHash }))).toEqual(['staged.ae skipped: unchanged']);
    hash = 'b';
    expect(states(await run(file, [STAGED], { contentHash }))).toEqual(['staged.ae built: raw.ae changed']);
    expect(asked[0]).toEqual(['raw.ae', 'staged.ae']);
  });

  it('follows when only the identities of the records change [MODEL-007]', async () => {
    await run(file, [STAGED, AE]);
    await file.connection.run('UPDATE raw.ae SET _row = 99 WHERE _row = 13');
    await run(file, [STAGED, AE]);
    expect(await one("SELECT _rows[1] FROM sdtm.ae WHERE AETERM = 'COUGH'")).toBe(99n);
  });

  it('follows when only the record changes that a row stands for [MODEL-007]', async () => {
    const coded = (rows: string) =>
      model('sdtm.ae', `SELECT term AS AETERM, ${rows}::BIGINT[] AS _rows FROM raw.ae WHERE _row = 11`);
    const whole = model('report.whole', 'SELECT AETERM, _rows[1] AS "of" FROM sdtm.ae');
    await run(file, [coded('[_row, 7, 8]'), whole]);
    expect(states(await run(file, [coded('[_row, 8, 7]'), whole]))).toEqual([
      'sdtm.ae built: SQL changed',
      'report.whole skipped: unchanged',
    ]);
    expect(states(await run(file, [coded('[7, _row, 8]'), whole]))).toEqual([
      'sdtm.ae built: SQL changed',
      'report.whole built: sdtm.ae changed',
    ]);
    expect(await one('SELECT "of" FROM report.whole')).toBe(7n);
  });

  it('follows when only a column changes that begins with _ [MODEL-007]', async () => {
    const line = model('report.line', 'SELECT subject, _line AS LINE FROM staged.file');
    const staged = model('staged.file', 'SELECT subject, seq AS _line FROM raw.ae', { materialized: 'view' });
    await run(file, [staged, line]);
    await file.connection.run("UPDATE raw.ae SET seq = 7 WHERE subject = '0013'");
    await run(file, [staged, line]);
    expect(await one("SELECT LINE FROM report.line WHERE subject = '0013'")).toBe(7);
  });

  it('does not follow the numbers that the load gave [MODEL-007]', async () => {
    await file.connection.run('CREATE TABLE raw.file_lab AS SELECT 1 AS _key, 2 AS _line, 3 AS _identity');
    const lab = model('staged.lab', 'SELECT _line, _identity AS _row FROM raw.file_lab');
    await run(file, [lab]);
    await file.connection.run('UPDATE raw.file_lab SET _key = 5');
    expect(states(await run(file, [lab]))).toEqual(['staged.lab skipped: unchanged']);
    await file.connection.run('UPDATE raw.file_lab SET _identity = 4');
    expect(states(await run(file, [lab]))).toEqual(['staged.lab built: raw.file_lab changed']);
  });

  it('builds everything on demand, and what is missing [MODEL-006]', async () => {
    await run(file, [STAGED, AE]);
    expect(states(await run(file, [STAGED, AE], { fullRefresh: true }))).toEqual([
      'staged.ae built: full refresh',
      'sdtm.ae built: full refresh',
    ]);
    await file.connection.run('DROP TABLE sdtm.ae');
    expect(states(await run(file, [STAGED, AE]))[1]).toBe('sdtm.ae built: its table is missing');
  });

  it('builds what reads a seed, and runs its tests, only when the seed has changed [MODEL-030]', async () => {
    const root = dirname(file.failures);
    const path = join(root, 'data/a.csv');
    const write = (text: string) => writeFileSync(path, text);
    mkdirSync(dirname(path));
    write('x\n1\n');
    const given = {
      seeds: { root, paths: ['data/a.csv'] },
      macros: [sqlFile('macros/m.sql', `CREATE OR REPLACE MACRO seed() AS TABLE SELECT * FROM '${root}/./data/a.csv'`)],
      tests: [sqlFile('tests/t.sql', `SELECT * FROM staged.ae WHERE seq NOT IN (SELECT x FROM '${path}')`)],
    };
    const seed = model('staged.seed', 'SELECT x FROM seed()');
    const first = await run(file, [STAGED, seed], given);
    expect(first.tests).toMatchObject([{ name: 't', state: 'failed', failures: 1 }]);
    write('x\n1\n2\n');
    const second = await run(file, [STAGED, seed], given);
    expect(states(second)).toContain('staged.seed built: data/a.csv changed');
    expect(second.tests).toMatchObject([{ name: 't', state: 'passed' }]);
    const third = await run(file, [STAGED, seed], given);
    expect(states(third)).toEqual(['staged.ae skipped: unchanged', 'staged.seed skipped: unchanged']);
    expect(third.tests).toEqual([]);
    write('x\n1\n');
    expect((await run(file, [STAGED, seed], given)).tests).toMatchObject([{ name: 't', state: 'failed' }]);
  });

  it('runs what is selected only [MODEL-012]', async () => {
    expect(states(await run(file, [STAGED, AE, COUNTS], { select: ['sdtm.ae'] }))).toEqual([
      'sdtm.ae blocked: staged.ae has not been built',
    ]);
    expect(states(await run(file, [STAGED, AE, COUNTS], { select: ['+sdtm.ae'] }))).toEqual([
      'staged.ae built: new',
      'sdtm.ae built: new',
    ]);
    expect(states(await run(file, [STAGED, AE, COUNTS], { select: ['sdtm.ae+'] }))).toEqual([
      'sdtm.ae skipped: unchanged',
      'report.counts built: new',
    ]);
  });

  it('gives the same fingerprints with one thread and with two [MODEL-005]', async () => {
    const big = model('staged.big', 'SELECT i, i % 7 AS g, hash(i)::VARCHAR AS h FROM range(300000) t(i)');
    // A group comes in another order with every number of threads.
    const listed = 'list(i) FILTER (i >= 7)';
    const sql = `SELECT g AS G, count(*) AS N, [min(i)] || ${listed} AS _rows FROM staged.big GROUP BY ALL`;
    const sums = model('sdtm.sums', sql);
    const fingerprints = async (threads: number) => {
      const other = await temporaryFile(threads);
      try {
        await run(other, [big, sums]);
        return await other.connection.rows('SELECT model, fingerprint, content_hash FROM run.model ORDER BY model');
      } finally {
        other.remove();
      }
    };
    expect(await fingerprints(2)).toEqual(await fingerprints(1));
  });
});

describe('views and tables [MODEL-008]', () => {
  const view = model('sdtm.ae', AE.sql, { materialized: 'view', label: 'Adverse Events' });
  const kind = () =>
    one("SELECT table_type FROM information_schema.tables WHERE table_schema = 'sdtm' AND table_name = 'ae'");

  it('makes a view, a table in its place, and a view again', async () => {
    await run(file, [STAGED, view, COUNTS]);
    expect(await kind()).toBe('VIEW');
    await run(file, [STAGED, AE, COUNTS]);
    expect(await kind()).toBe('BASE TABLE');
    await run(file, [STAGED, view, COUNTS]);
    expect(await kind()).toBe('VIEW');
    expect(await one('SELECT count(*) FROM report.counts')).toBe(2n);
  });

  it('builds a view, and what reads it, when what it reads changed', async () => {
    await run(file, [STAGED, view, COUNTS]);
    await file.connection.run("UPDATE raw.ae SET subject = '0014' WHERE _row = 13");
    expect(states(await run(file, [STAGED, view, COUNTS]))).toEqual([
      'staged.ae built: raw.ae changed',
      'sdtm.ae built: staged.ae changed',
      'report.counts built: sdtm.ae changed',
    ]);
  });

  it('keeps views of others on its tables', async () => {
    await run(file, [STAGED, AE]);
    await file.connection.run('CREATE VIEW main.mine AS SELECT AETERM FROM sdtm.ae');
    await run(file, [STAGED, AE], { fullRefresh: true });
    expect(await one('SELECT count(*) FROM main.mine')).toBe(3n);
  });

  it('comments on the table and on every column', async () => {
    const described = model('sdtm.ae', AE.sql, {
      label: 'Adverse Events',
      columns: {
        USUBJID: { label: 'Unique Subject Identifier' },
        AESEQ: { label: "Sequence Number, the site's", comment: 'Stable.' },
        AETERM: {},
      },
    });
    for (const [materialized, column] of [
      ['table', 'table'],
      ['view', 'view'],
    ]) {
      const given = {
        ...described,
        properties: { ...described.properties, materialized: materialized as 'table' | 'view' },
      };
      await run(file, [STAGED, given]);
      expect(await one(`SELECT comment FROM duckdb_${column}s() WHERE schema_name = 'sdtm'`)).toBe('Adverse Events');
      expect(
        await rows("SELECT comment FROM duckdb_columns() WHERE schema_name = 'sdtm' ORDER BY column_index"),
      ).toEqual([
        { comment: 'Unique Subject Identifier' },
        { comment: "Sequence Number, the site's. Stable." },
        { comment: 'Made by models/sdtm/ae.sql.' },
        {
          comment:
            'Identities of the records that the row was made from, first that which it stands for (recon.record says where they are). What was only looked up, such as visits or terms, is not among them.',
        },
      ]);
    }
  });

  it('leaves no table or column without a comment [MODEL-015]', async () => {
    const warn = model('sdtm.ae', AE.sql, {
      columns: { USUBJID: {}, AESEQ: {}, AETERM: { tests: [{ accepted_values: ['COUGH'], severity: 'warn' }] } },
    });
    await run(file, [STAGED, warn]);
    const uncommented = await rows(`
      SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() WHERE comment IS NULL AND schema_name <> 'raw'
      UNION ALL SELECT table_name || '.' || column_name FROM duckdb_columns()
      WHERE comment IS NULL AND NOT internal AND schema_name NOT IN ('raw')
        AND table_name NOT IN (SELECT view_name FROM duckdb_views())`);
    expect(uncommented).toEqual([]);
  });
});

describe('what is wrong with a model stops only what depends on it [MODEL-009]', () => {
  const OTHER = model('staged.other', 'SELECT 1 AS x');
  const errorOf = async (...models: ReturnType<typeof model>[]) => {
    const result = await run(file, [STAGED, OTHER, COUNTS, ...models]);
    expect(result.models.find(({ name }) => name === 'staged.other')!.state).toMatch(/built|skipped/);
    expect(states(result)).toContain('report.counts blocked: sdtm.ae failed');
    return result.models.find(({ name }) => name === 'sdtm.ae')!.error!;
  };
  const ae = (sql: string, properties = {}) => model('sdtm.ae', sql, properties);

  it('an unknown column', async () => {
    expect(await errorOf(ae('-- adverse events\nSELECT subject,\n  trem AS AETERM\nFROM staged.ae'))).toMatchObject({
      code: 'MODEL_SQL',
      kind: 'usage',
      message:
        'Binder Error: Referenced column "trem" not found in FROM clause!\nCandidate bindings: "term", "seq", "_row"\n    trem AS AETERM\n    ^',
      place: { model: 'sdtm.ae', file: 'models/sdtm/ae.sql', line: 3, column: 3 },
    });
  });

  it('an unknown column at the end of a long line with letters of all kinds', async () => {
    const sql = `SELECT '${'é'.repeat(200)}' AS A, trem AS AETERM, '${'x'.repeat(200)}' AS B FROM staged.ae`;
    expect(await errorOf(ae(sql))).toMatchObject({
      code: 'MODEL_SQL',
      place: { line: 1, column: sql.indexOf('trem') + 1 },
    });
  });

  it('an unknown function', async () => {
    expect(await errorOf(ae('SELECT uper(term) AS AETERM FROM staged.ae'))).toMatchObject({
      code: 'MODEL_SQL',
      place: { line: 1, column: 8 },
    });
  });

  it('text that is no number, without showing it', async () => {
    const error = await errorOf(
      ae('SELECT [_row::BIGINT] AS _rows,\n  CAST(term AS INTEGER) AS AETERM FROM staged.ae', { reference_data: true }),
    );
    expect(error).toMatchObject({
      code: 'MODEL_SQL',
      kind: 'data',
      message:
        'Conversion Error: Could not convert string …\n    CAST(term AS INTEGER) AS AETERM FROM staged.ae\n    ^',
      place: { line: 2, column: 3 },
    });
  });

  it('text that is no number, in a view', async () => {
    const sql = 'SELECT [_row::BIGINT] AS _rows, CAST(term AS INTEGER) AS AETERM FROM staged.ae';
    const error = await errorOf(ae(sql, { materialized: 'view' }));
    expect(error).toMatchObject({ code: 'MODEL_SQL', kind: 'data' });
    expect(error.message).not.toContain('HEADACHE');
    expect(await rows("SELECT 1 FROM duckdb_views() WHERE schema_name = 'sdtm'")).toEqual([]);
  });

  it('columns that are not those declared [MODEL-011]', async () => {
    const columns = { USUBJID: {}, AETERM: {}, AESEQ: {} };
    expect(await errorOf(ae(AE.sql, { columns }))).toMatchObject({
      code: 'MODEL_COLUMNS',
      message: 'Column 2: expected AETERM, found AESEQ; column 3: expected AESEQ, found AETERM.',
      next: 'Give the columns in one order in models/sdtm/ae.sql and models/sdtm/ae.yml.',
    });
  });

  it('a column that the SELECT or the properties alone have, before the order [MODEL-043]', async () => {
    const [sql, yml] = ['models/sdtm/ae.sql', 'models/sdtm/ae.yml'];
    const columns = { USUBJID: {}, AETERM: {}, AESEQ: {} };
    expect(await errorOf(ae(AE.sql, { columns: { USUBJID: {}, AETERM: {} } }))).toMatchObject({
      code: 'MODEL_COLUMNS',
      message: `AESEQ is in the SELECT and not in columns of ${yml}.`,
      next: `Add it to columns of ${yml}, or remove it from ${sql}. Or take columns: away: it lists all or none, and tests may stand under tests: of the model too.`,
    });
    expect(await errorOf(ae(AE.sql, { columns: { AETERM: {} } }))).toMatchObject({
      message: `USUBJID, AESEQ are in the SELECT and not in columns of ${yml}.`,
      next: `Add them to columns of ${yml}, or remove them from ${sql}. Or take columns: away: it lists all or none, and tests may stand under tests: of the model too.`,
    });
    expect(await errorOf(ae(AE.sql, { columns: { ...columns, AESEV: {} } }))).toMatchObject({
      message: `AESEV is in columns of ${yml} and not in the SELECT.`,
      next: `Add it to ${sql}, or remove it from columns of ${yml}.`,
    });
    expect(await errorOf(ae(AE.sql, { columns: { USUBJID: {}, AESEQ: {}, AETREM: {} } }))).toMatchObject({
      message: `AETERM is in the SELECT and not in columns of ${yml}; AETREM is in columns of ${yml} and not in the SELECT.`,
      next: 'Is AETERM to be AETREM? They must have one name, in upper and lower case too.',
    });
    expect(await errorOf(ae(AE.sql, { columns: { AGE: {}, USUBJID: {}, AESEQ: {} } }))).toMatchObject({
      message: `AETERM is in the SELECT and not in columns of ${yml}; AGE is in columns of ${yml} and not in the SELECT.`,
      next: `Give the SELECT of ${sql} and columns of ${yml} the same names.`,
    });
  });

  it('an exclusion without records or rule [MODEL-046]', async () => {
    const refusedFor = async (sql: string) => {
      const { models } = await run(file, [STAGED, model('excluded.x', sql)]);
      return models.find(({ name }) => name === 'excluded.x')!.error!;
    };
    const next =
      "A model in models/excluded/ names records and the rule that leaves them out: SELECT _row, 'not mapped' AS rule FROM staged.x.";
    expect(await refusedFor("SELECT 'r' AS rule, subject FROM staged.ae")).toMatchObject({
      kind: 'usage',
      code: 'MODEL_EXCLUSION',
      message: 'It has no column _row.',
      next,
    });
    expect(await refusedFor('SELECT subject AS _row FROM staged.ae')).toMatchObject({
      code: 'MODEL_EXCLUSION',
      message: 'Column _row is VARCHAR, not BIGINT. It has no column rule.',
    });
  });

  it('an exclusion that names items, without their column or the rule [LINEAGE-022]', async () => {
    const left = async (sql: string) => {
      const { models } = await run(file, [STAGED, model('excluded.x', sql)]);
      return models.find(({ name }) => name === 'excluded.x')!;
    };
    expect(await left("SELECT 'ae' AS table_name, 'term' AS column_name, 'key' AS rule")).toMatchObject({
      state: 'built',
    });
    expect((await left("SELECT 'ae' AS table_name, 1 AS rule")).error).toMatchObject({
      code: 'MODEL_EXCLUSION',
      message: 'It has no column column_name. Column rule is INTEGER, not VARCHAR.',
      next: "A model in models/excluded/ without _row names items and the rule that leaves them out: SELECT 'x' AS table_name, 'a' AS column_name, 'not mapped' AS rule.",
    });
  });

  it('a dataset without _rows [MODEL-011]', async () => {
    expect(await errorOf(ae('SELECT term AS AETERM, subject AS USUBJID FROM staged.ae'))).toMatchObject({
      code: 'MODEL_ROWS_MISSING',
      message: 'The dataset has no column _rows.',
    });
    expect(await errorOf(ae("SELECT subject AS USUBJID, ['a'] AS _rows FROM staged.ae"))).toMatchObject({
      code: 'MODEL_ROWS_MISSING',
      message: 'Column _rows is VARCHAR[], not BIGINT[].',
    });
    const named = model('work.n', 'SELECT count(*) AS _rows FROM staged.ae');
    expect((await run(file, [STAGED, named])).models.find(({ name }) => name === 'work.n')!.error).toMatchObject({
      code: 'MODEL_ROWS_TYPE',
      message: 'Column _rows is BIGINT, not BIGINT[]: in every model it names the records that a row came from.',
    });
    const reference = ae('SELECT term AS AETERM, subject AS USUBJID FROM staged.ae', { reference_data: true });
    expect(states(await run(file, [STAGED, reference]))).toContain('sdtm.ae built: new');
  });

  it('an unknown table', async () => {
    expect(await errorOf(ae('SELECT term AS AETERM\nFROM staged.aee'))).toMatchObject({
      code: 'MODEL_UNKNOWN_TABLE',
      kind: 'usage',
      message: 'There is no model and no table staged.aee.\n  FROM staged.aee\n       ^',
      place: { model: 'sdtm.ae', file: 'models/sdtm/ae.sql', line: 2, column: 6 },
      next: 'Did you mean staged.ae?',
    });
    expect(await errorOf(ae('FROM counts'))).toMatchObject({ next: 'Did you mean report.counts?' });
    // Not itself, and not what stands in another schema.
    expect(await errorOf(ae('FROM ae'))).toMatchObject({ next: 'Did you mean staged.ae?' });
  });

  it('an unknown table that is declared, where that stands', async () => {
    const yml = 'materialized: table\ndepends_on: [staged.ae, staged.aee]\n';
    const declared = ae("FROM query_table('staged.ae')", { depends_on: ['staged.ae', 'staged.aee'] });
    const { locate } = readYaml('models/sdtm/ae.yml', yml);
    const said = { code: 'MODEL_UNKNOWN_TABLE', kind: 'usage', next: 'Did you mean staged.ae?' };
    const message = 'There is no model and no table staged.aee.';
    expect(await errorOf({ ...declared, locate })).toMatchObject({
      ...said,
      message,
      place: { model: 'sdtm.ae', file: 'models/sdtm/ae.yml', line: 2, column: 25 },
    });
    // The SQL names it too.
    const both = ae('SELECT term AS AETERM\nFROM staged.aee', { depends_on: ['staged.aee'] });
    expect(await errorOf({ ...both, locate })).toMatchObject({
      ...said,
      place: { model: 'sdtm.ae', file: 'models/sdtm/ae.sql', line: 2, column: 6 },
    });
  });

  it('a model that reads itself, and no other model for it [MODEL-004]', async () => {
    expect(await errorOf(ae('SELECT term AS AETERM\nFROM sdtm.ae'))).toMatchObject({
      code: 'MODEL_CYCLE',
      message: 'sdtm.ae reads itself.\n  FROM sdtm.ae\n       ^',
      place: { model: 'sdtm.ae', file: 'models/sdtm/ae.sql', line: 2, column: 6 },
      next: 'Did you mean staged.ae? Only an incremental model reads the rows that it has, as {{ this }} where is_incremental().',
    });
  });

  it('what tells the outcome of models, whether it is there yet or not [MODEL-032]', async () => {
    const message =
      'recon.record tells what models and tests came to, and is made after them: none of them can read it.\n  FROM recon.record\n       ^';
    for (const there of [false, true]) {
      if (there) await file.connection.run('CREATE SCHEMA recon; CREATE TABLE recon.record AS SELECT 1 AS x');
      expect(await errorOf(ae('FROM recon.record'))).toMatchObject({ code: 'MODEL_READS_OUTCOME', message });
      expect(await errorOf(ae('SELECT * FROM "RUN".model'))).toMatchObject({ code: 'MODEL_READS_OUTCOME' });
      const declared = ae("FROM query_table('recon.record')", { depends_on: ['recon.record'] });
      expect(await errorOf(declared)).toMatchObject({ code: 'MODEL_READS_OUTCOME' });
      const { tests } = await run(file, [STAGED], { tests: [sqlFile('tests/open.sql', 'FROM recon.record')] });
      expect(tests).toMatchObject([{ state: 'failed', error: { code: 'MODEL_READS_OUTCOME' } }]);
    }
  });

  it('two columns of one name, whatever its case [MODEL-031]', async () => {
    expect(await errorOf(ae('SELECT seq AS K, subject, term AS K FROM staged.ae'))).toMatchObject({
      code: 'MODEL_COLUMN_TWICE',
      message: 'Columns 1 and 3 are both called K.',
      place: { model: 'sdtm.ae', file: 'models/sdtm/ae.sql' },
    });
    expect(await errorOf(ae('SELECT seq AS K, term AS k FROM staged.ae'))).toMatchObject({
      message: 'Columns 1 and 2 are both called K and k, to SQL one name.',
    });
    expect(await errorOf(ae('SELECT * FROM staged.ae a JOIN staged.ae b ON a._row = b._row'))).toMatchObject({
      code: 'MODEL_COLUMN_TWICE',
    });
  });

  it('a name that something else has, which is not touched [MODEL-010]', async () => {
    await file.connection.run('CREATE SCHEMA sdtm; CREATE TABLE sdtm.ae AS SELECT 42 AS mine');
    expect(await errorOf(AE)).toMatchObject({
      code: 'MODEL_NAME_TAKEN',
      message: 'The file holds a table sdtm.ae that the runner of models did not make.',
    });
    expect(await one('SELECT mine FROM sdtm.ae')).toBe(42);
    await file.connection.run('DROP TABLE sdtm.ae; CREATE TABLE sdtm._next_ae AS SELECT 43 AS mine');
    expect(await errorOf(AE)).toMatchObject({ code: 'MODEL_NAME_TAKEN' });
    expect(await one('SELECT mine FROM sdtm._next_ae')).toBe(43);
  });

  it('models that read each other stop the run [MODEL-004]', async () => {
    const a = model('report.a', 'FROM report.b');
    const b = model('report.b', 'FROM report.a');
    await expect(run(file, [a, b])).rejects.toMatchObject({
      code: 'MODEL_CYCLE',
      message: 'Models read each other in a circle: report.a reads report.b reads report.a.',
    });
  });
});

describe('a SELECT that hides its tables [MODEL-003]', () => {
  it('is built after those that it declares', async () => {
    const hidden = model('report.hidden', "FROM query_table('staged.ae')", { depends_on: ['staged.ae'] });
    expect(states(await run(file, [hidden, STAGED]))).toEqual(['staged.ae built: new', 'report.hidden built: new']);
    await file.connection.run('DELETE FROM raw.ae WHERE _row = 13');
    expect(states(await run(file, [hidden, STAGED]))[1]).toBe('report.hidden built: staged.ae changed');
  });

  it('may be a PIVOT without IN: its columns are those of the data', async () => {
    const long = model(
      'staged.ae',
      "SELECT * FROM (VALUES ('0012', 1, 'HEADACHE'), ('0012', 2, 'NAUSEA')) t(subject, seq, term)",
    );
    const sql = 'PIVOT staged.ae ON seq USING max(term) GROUP BY subject;';
    const pivot = model('report.wide', sql, { depends_on: ['staged.ae'] });
    const reader = model('report.first', 'SELECT subject, "1" AS first FROM report.wide');
    expect(states(await run(file, [pivot, reader, long]))).toEqual([
      'staged.ae built: new',
      'report.wide built: new',
      'report.first built: new',
    ]);
    expect(await rows('FROM report.wide')).toEqual([{ subject: '0012', 1: 'HEADACHE', 2: 'NAUSEA' }]);
    const third = model('staged.ae', `${long.sql} UNION ALL SELECT '0012', 3, 'RASH'`);
    expect(states(await run(file, [pivot, reader, third]))).toEqual([
      'staged.ae built: SQL changed',
      'report.wide built: staged.ae changed',
      'report.first built: report.wide changed',
    ]);
    expect(await rows('FROM report.wide')).toEqual([{ subject: '0012', 1: 'HEADACHE', 2: 'NAUSEA', 3: 'RASH' }]);
    expect(await rows('FROM report.first')).toEqual([{ subject: '0012', first: 'HEADACHE' }]);
  });

  it('is no view where it is a PIVOT without IN, which DuckDB says', async () => {
    const sql = 'PIVOT staged.ae ON seq USING max(term)';
    const pivot = model('report.wide', sql, { depends_on: ['staged.ae'], materialized: 'view' });
    const result = await run(file, [pivot, STAGED]);
    expect(states(result)).toEqual(['staged.ae built: new', 'report.wide failed: MODEL_SQL']);
    expect(result.models[1].error?.message).toContain('cannot be used in views');
  });
});

describe('tests [MODEL-013]', () => {
  const UNIQUE = { tests: [{ unique: ['USUBJID'] }] };

  it('that fail keep the former table, block what depends on it, and keep the failing rows', async () => {
    await run(file, [STAGED, AE, COUNTS]);
    await file.connection.run("UPDATE raw.ae SET term = 'RASH' WHERE _row = 13");
    const tested = model('sdtm.ae', AE.sql, UNIQUE);
    const result = await run(file, [STAGED, tested, COUNTS], { runId: 'the-run' });
    expect(states(result)).toEqual([
      'staged.ae built: raw.ae changed',
      'sdtm.ae failed: staged.ae changed',
      'report.counts blocked: sdtm.ae failed',
    ]);
    expect(result.models[1].error).toMatchObject({
      kind: 'data',
      code: 'TEST_FAILED',
      message: 'sdtm.ae does not hold unique_USUBJID: 2 rows, kept in failures.sdtm_ae__unique_USUBJID.',
    });
    expect(result.tests).toContainEqual({
      name: 'unique_USUBJID',
      model: 'sdtm.ae',
      state: 'failed',
      failures: 2,
      table: 'failures.sdtm_ae__unique_USUBJID',
    });
    expect(await rows('SELECT AETERM FROM sdtm.ae WHERE AESEQ = 1 ORDER BY ALL')).toEqual([
      { AETERM: 'COUGH' },
      { AETERM: 'HEADACHE' },
    ]);
    file = await file.reopen();
    expect(await rows('SELECT USUBJID, AESEQ FROM failures.sdtm_ae__unique_USUBJID ORDER BY AESEQ')).toEqual([
      { USUBJID: 'VEXIN-03-0012', AESEQ: 1 },
      { USUBJID: 'VEXIN-03-0012', AESEQ: 2 },
    ]);
    expect(await rows("SELECT run_id, state, failure_count, failures FROM run.test WHERE state = 'failed'")).toEqual([
      { run_id: 'the-run', state: 'failed', failure_count: 2n, failures: 'failures.sdtm_ae__unique_USUBJID' },
    ]);
    expect(
      await rows("SELECT kind, columns::VARCHAR AS columns, asserts FROM run.current_test WHERE state = 'failed'"),
    ).toEqual([{ kind: 'unique', columns: '[USUBJID]', asserts: 'No two rows have the same USUBJID.' }]);
    expect(await one("SELECT comment FROM duckdb_tables() WHERE schema_name = 'failures'")).toBe(
      'Rows that fail the test unique_USUBJID of sdtm.ae, where _resolved is NULL: 2, in run the-run. The others failed before. It asserts: No two rows have the same USUBJID.',
    );
    expect(readdirSync(file.failures)).toEqual([]);
    expect(await rows("SELECT * FROM duckdb_tables() WHERE table_name LIKE '\\_next%' ESCAPE '\\'")).toEqual([]);
  });

  it('that fail are tried again, and none of their rows is open once they hold', async () => {
    const tested = model('sdtm.ae', AE.sql, UNIQUE);
    await run(file, [STAGED, tested]);
    expect(states(await run(file, [STAGED, tested]))[1]).toBe('sdtm.ae failed: new');
    await file.connection.run('DELETE FROM raw.ae WHERE _row = 12');
    expect(states(await run(file, [STAGED, tested]))[1]).toBe('sdtm.ae built: new');
    expect(
      await rows('SELECT AESEQ, _resolved IS NULL AS open FROM failures.sdtm_ae__unique_USUBJID ORDER BY ALL'),
    ).toEqual([
      { AESEQ: 1, open: false },
      { AESEQ: 2, open: false },
    ]);
  });

  it('of severity warn keep the new table and count', async () => {
    const tested = model('sdtm.ae', AE.sql, { tests: [{ unique: ['USUBJID'], severity: 'warn' }] });
    const result = await run(file, [STAGED, tested]);
    expect(states(result)[1]).toBe('sdtm.ae built: new');
    expect(result.tests[0]).toMatchObject({ name: 'unique_USUBJID', state: 'warned', failures: 2 });
    expect(await one('SELECT count(*) FROM failures.sdtm_ae__unique_USUBJID')).toBe(2n);
  });

  it('of all kinds find exactly the rows that fail', async () => {
    await file.connection.run(`CREATE TABLE raw.x AS SELECT * FROM (VALUES
      (1, 'a', 'M', 1.5), (2, 'a', 'm', 2.5), (3, NULL, NULL, NULL), (4, NULL, 'F', 1.5), (5, 'b', 'F', 9)) t(ID, K, SEX, V)`);
    const dm = model('staged.dm', "SELECT 'a' AS K UNION ALL SELECT NULL");
    const warn = { severity: 'warn' };
    const x = model('staged.x', 'FROM raw.x', {
      tests: [
        { unique: ['K', 'V'], ...warn },
        { sql: 'SELECT ID FROM staged.x WHERE V > 2;\n-- more', name: 'low', ...warn },
      ],
      columns: {
        ID: {
          tests: [
            { not_null: true, ...warn },
            { unique: true, ...warn },
          ],
        },
        K: {
          tests: [
            { not_null: true, ...warn },
            { unique: true, ...warn },
            { relationships: { to: 'staged.dm', column: 'K' }, ...warn },
          ],
        },
        SEX: { tests: [{ accepted_values: ['M', 'F'], ...warn }] },
        V: { tests: [{ accepted_values: [1.5, 2.5], ...warn }] },
      },
    });
    const { tests } = await run(file, [dm, x]);
    const failing = async (name: string) =>
      (await rows(`SELECT ID FROM failures.staged_x__${name} ORDER BY ID`)).map(({ ID }) => ID);
    expect(Object.fromEntries(tests.map(({ name, failures }) => [name, failures]))).toEqual({
      unique_K_V: 0,
      low: 2,
      not_null_ID: 0,
      unique_ID: 0,
      not_null_K: 2,
      unique_K: 4,
      relationships_K: 1,
      accepted_values_SEX: 1,
      accepted_values_V: 1,
    });
    expect(await failing('low')).toEqual([2, 5]);
    expect(await failing('not_null_K')).toEqual([3, 4]);
    expect(await failing('unique_K')).toEqual([1, 2, 3, 4]);
    expect(await failing('relationships_K')).toEqual([5]);
    expect(await failing('accepted_values_SEX')).toEqual([2]);
    expect(await failing('accepted_values_V')).toEqual([5]);
  });

  it('compare values byte for byte, whatever the collation of a column [MODEL-040]', async () => {
    await file.connection.run(`
      CREATE TABLE raw.k (ID INTEGER, SEX VARCHAR COLLATE NOCASE, TERM VARCHAR COLLATE de);
      INSERT INTO raw.k VALUES (1, 'M', 'a'), (2, 'm', chr(173)), (3, 'F', 'b'), (4, 'F', NULL), (5, NULL, '')`);
    const list = model('staged.list', "SELECT CAST('M' AS VARCHAR) COLLATE NOCASE AS SEX UNION ALL SELECT 'F'");
    const warn = { severity: 'warn' };
    const k = model('staged.k', 'FROM raw.k', {
      columns: {
        ID: {},
        SEX: {
          tests: [
            { accepted_values: ['M', 'F'], ...warn },
            { relationships: { to: 'staged.list', column: 'SEX' }, ...warn },
            { unique: true, ...warn },
          ],
        },
        TERM: { tests: [{ not_null: true, ...warn }] },
      },
    });
    const dataset = model('sdtm.k', 'SELECT ID, TERM AS T, [ID::BIGINT] AS _rows FROM staged.k');
    const { tests } = await run(file, [list, k, dataset]);
    expect(Object.fromEntries(tests.map(({ name, failures }) => [name, failures]))).toEqual({
      accepted_values_SEX: 1,
      relationships_SEX: 1,
      unique_SEX: 2,
      not_null_TERM: 2,
      no_empty_text: 1,
    });
    const failing = async (name: string) =>
      (await rows(`SELECT ID FROM failures.${name} ORDER BY ID`)).map(({ ID }) => ID);
    expect(await failing('staged_k__accepted_values_SEX')).toEqual([2]);
    expect(await failing('staged_k__relationships_SEX')).toEqual([2]);
    expect(await failing('staged_k__unique_SEX')).toEqual([3, 4]);
    expect(await failing('staged_k__not_null_TERM')).toEqual([4, 5]);
    expect(await failing('sdtm_k__no_empty_text')).toEqual([5]);
  });

  it('that had no need to be run stand as they came out, and those that are none any more do not [MODEL-034]', async () => {
    const tested = (tests: unknown[]) => model('sdtm.ae', AE.sql, { tests });
    const late = { name: 'late', sql: 'FROM sdtm.ae WHERE AESEQ > 1', severity: 'warn' };
    const gone = { name: 'gone', sql: 'FROM sdtm.ae', severity: 'warn' };
    const unique = { unique: ['USUBJID', 'AESEQ'] };
    const first = await run(file, [STAGED, tested([unique, late, gone])]);
    expect(first.tests.map(({ name, state }) => [name, state])).toContainEqual(['late', 'warned']);
    expect(first.standing).toEqual([]);
    const second = await run(file, [STAGED, tested([unique, late])]);
    expect(second.tests).toEqual([]);
    const warning = { name: 'late', model: 'sdtm.ae', state: 'warned', failures: 1, table: 'failures.sdtm_ae__late' };
    const passed = (name: string) => ({ name, model: 'sdtm.ae', state: 'passed', failures: 0 });
    const standing = [passed('unique_USUBJID_AESEQ'), warning, passed('no_empty_text')];
    expect(second.standing).toEqual(standing);
    expect((await run(file, [STAGED, tested([unique, late])], { select: ['sdtm.ae'] })).standing).toEqual(standing);
    await file.connection.run("UPDATE raw.ae SET term = 'RASH' WHERE _row = 13");
    const ofStaged = await run(file, [STAGED, tested([unique, late])], { select: ['staged.ae'] });
    expect([ofStaged.tests, ofStaged.standing]).toEqual([[], []]);
    expect((await run(file, [STAGED, tested([unique, late])])).standing).toEqual([]);
  });

  it('compare accepted numbers with a text as texts, with a number as numbers [MODEL-033]', async () => {
    const tested = (name: string, select: string, values: unknown[]) =>
      model(name, select, { columns: { v: { tests: [{ accepted_values: values, severity: 'warn' }] } } });
    const texts = "SELECT unnest(['1', '01', ' 1', '1.0', '12', '0012', 'abc', NULL]) AS v";
    const { tests } = await run(file, [
      tested('a.text', texts, [1, 12]),
      tested('b.quoted', texts, ['0012', '1']),
      tested('c.logical', "SELECT unnest(['true', 't', '1']) AS v", [true]),
      tested('d.decimal', 'SELECT unnest([1.00, 2.50]) AS v', [1, 2]),
      tested('e.large', 'SELECT unnest([9007199254740993, 9007199254740992]) AS v', [9007199254740993n]),
    ]);
    expect(tests.map(({ model: of, failures }) => [of, failures])).toEqual([
      ['a.text', 5],
      ['b.quoted', 5],
      ['c.logical', 2],
      ['d.decimal', 1],
      ['e.large', 1],
    ]);
  });

  it('keep the rows of each in a table of its own, whatever names run together or differ in case [MODEL-023]', async () => {
    const named = (name: string, test: string) =>
      model(name, `SELECT '${name} ${test}' AS id`, { tests: [{ name: test, sql: `FROM ${name}`, severity: 'warn' }] });
    const models = [
      named('a_b.c', 't'),
      named('a.b_c', 't'),
      named('a.d', 'e__t'),
      named('a.d__e', 't'),
      named('a.d_', 't'),
    ];
    const cased = model('a.f', "SELECT 'a.f' AS id", {
      tests: [
        { name: 'coded', sql: 'FROM a.f', severity: 'warn' },
        { name: 'Coded', sql: "SELECT id || ' Coded' AS id FROM a.f", severity: 'warn' },
      ],
    });
    const files = ['g', 'G'].map((name) => sqlFile(`tests/${name}.sql`, `SELECT id || ' ${name}' AS id FROM a.f`));
    const { tests } = await run(file, [...models, cased], { tests: files });
    const kept = await Promise.all(
      tests.map(async ({ table }) => [table, Object.values((await rows(`FROM ${table}`))[0])[0]]),
    );
    expect(kept.map(([, id]) => id).sort()).toEqual([
      'a.b_c t',
      'a.d e__t',
      'a.d_ t',
      'a.d__e t',
      'a.f',
      'a.f Coded',
      'a.f G',
      'a.f g',
      'a_b.c t',
    ]);
    const tables = new Set(kept.map(([table]) => table?.toString().toLowerCase()));
    expect(tables.size).toBe(9);
    expect(tables).toContain('failures.a_b_c__t');
    expect(tables).toContain('failures.a_f__coded');
    expect(tables).toContain('failures.a_f__g');
  });

  it('keep numbers that Parquet does not have as text', async () => {
    const sums = model('staged.sums', 'SELECT 170141183460469231731687303715884105727 AS n, 1 AS k', {
      tests: [{ sql: 'SELECT * FROM staged.sums', name: 'none', severity: 'warn' }],
    });
    await run(file, [sums]);
    expect(await rows('SELECT n, k FROM failures.staged_sums__none')).toEqual([
      { n: '170141183460469231731687303715884105727', k: 1 },
    ]);
  });

  it('of a dataset: a text is never empty [MODEL-011]', async () => {
    await file.connection.run("UPDATE raw.ae SET term = '' WHERE _row = 13");
    const result = await run(file, [STAGED, AE]);
    expect(states(result)).toEqual(['staged.ae built: new', 'sdtm.ae failed: new']);
    expect(result.models[1].error?.message).toBe(
      'sdtm.ae does not hold no_empty_text: 1 row, kept in failures.sdtm_ae__no_empty_text.',
    );
  });

  it('in a file are run with the last of the models that they read', async () => {
    const none = sqlFile(
      'tests/no_cough.sql',
      "-- nobody coughs\nSELECT s.term FROM staged.ae s JOIN sdtm.ae ON true WHERE trem = 'COUGH';",
    );
    const test = sqlFile(
      'tests/no_cough.sql',
      "SELECT s.* FROM staged.ae s, sdtm.ae WHERE term = 'COUGH' AND AETERM = term",
    );
    const bad = await run(file, [STAGED, AE], { tests: [none] });
    expect(bad.models[1].error).toMatchObject({ code: 'TEST_SQL', place: { file: 'tests/no_cough.sql', line: 2 } });
    const result = await run(file, [STAGED, AE], { tests: [test] });
    expect(states(result)).toEqual(['staged.ae skipped: unchanged', 'sdtm.ae failed: new']);
    expect(result.tests).toContainEqual({
      name: 'no_cough',
      model: 'sdtm.ae',
      state: 'failed',
      failures: 1,
      table: 'failures.sdtm_ae__no_cough',
    });
  });

  it('are run again when another table that they read changed, and gate it [MODEL-044]', async () => {
    const dm = model('staged.dm', "SELECT subject FROM raw.ae WHERE subject <> '0013'");
    const related = {
      columns: {
        _row: {},
        subject: { tests: [{ relationships: { to: 'staged.dm', column: 'subject' } }] },
        seq: {},
        term: {},
      },
    };
    const ae = model('staged.ae', STAGED.sql, related);
    const full = { ...dm, sql: 'SELECT subject FROM raw.ae' };
    const good = await run(file, [ae, full]);
    expect(good.tests).toEqual([{ name: 'relationships_subject', model: 'staged.ae', state: 'passed', failures: 0 }]);
    const result = await run(file, [ae, dm]);
    expect(states(result)).toEqual(['staged.ae skipped: unchanged', 'staged.dm failed: SQL changed']);
    expect(result.models[1].error).toMatchObject({
      message:
        'staged.dm does not hold relationships_subject of staged.ae, which reads it: 1 row, kept in failures.staged_ae__relationships_subject.',
      place: { model: 'staged.ae', file: 'models/staged/ae.yml, test relationships_subject' },
      next: 'Look: warehouse query "SELECT * FROM failures.staged_ae__relationships_subject WHERE _resolved IS NULL"; the former table staged.dm is still in place.',
    });
    expect(result.tests).toMatchObject([
      { name: 'relationships_subject', model: 'staged.ae', state: 'failed', failures: 1 },
    ]);
  });

  it('are the same in a run and by themselves, that of empty text too [MODEL-042]', async () => {
    const { connection, failures: failuresDirectory } = file;
    const dataset = model('sdtm.ae', AE.sql, { tests: [{ unique: ['USUBJID', 'AESEQ'] }] });
    const tests = [sqlFile('tests/no_rash.sql', "FROM sdtm.ae WHERE AETERM = 'RASH'")];
    const given = { connection, failuresDirectory, macros: [], tests, models: [STAGED, dataset, COUNTS] };
    const all = ['unique_USUBJID_AESEQ', 'no_rash', 'no_empty_text'].map((name) => ({
      name,
      model: 'sdtm.ae',
      state: 'passed',
      failures: 0,
    }));
    expect((await run(file, given.models, { tests })).tests).toEqual(all);
    expect(await runTests({ ...given, runId: 'all' })).toEqual(all);
    expect(await runTests({ ...given, runId: 'ae', select: ['sdtm.ae'] })).toEqual(all);
    expect(await runTests({ ...given, runId: 'staged', select: ['staged.ae'] })).toEqual([]);
    await file.connection.run("UPDATE sdtm.ae SET AETERM = '' WHERE AESEQ = 2");
    expect(await runTests({ ...given, runId: 'empty' })).toContainEqual({
      name: 'no_empty_text',
      model: 'sdtm.ae',
      state: 'failed',
      failures: 1,
      table: 'failures.sdtm_ae__no_empty_text',
    });
  });

  it('of a view that can be computed no more are told with its file [MODEL-042]', async () => {
    const view = model('sdtm.ae', AE.sql, { materialized: 'view' });
    await run(file, [STAGED, view]);
    await file.connection.run('DROP TABLE staged.ae');
    const { connection, failures: failuresDirectory } = file;
    const given = { connection, failuresDirectory, macros: [], tests: [], models: [STAGED, view] };
    await expect(runTests({ ...given, runId: 'broken' })).rejects.toMatchObject({
      kind: 'usage',
      code: 'MODEL_SQL',
      place: { model: 'sdtm.ae', file: 'models/sdtm/ae.sql' },
    });
  });

  it('that cannot be understood fail their model, or themselves', async () => {
    const bad = model('sdtm.ae', AE.sql, {
      columns: { USUBJID: { tests: [{ relationships: { to: 'sdtm.dn', column: 'USUBJID' } }] }, AESEQ: {}, AETERM: {} },
    });
    const result = await run(file, [STAGED, bad], { tests: [sqlFile('tests/x.sql', 'SELECT 1; SELECT 2')] });
    expect(result.models[1].error).toMatchObject({
      code: 'MODEL_UNKNOWN_TABLE',
      place: { file: 'models/sdtm/ae.yml, test relationships_USUBJID' },
    });
    expect(result.tests).toContainEqual(
      expect.objectContaining({
        name: 'x',
        state: 'failed',
        error: expect.objectContaining({ code: 'MODEL_TWO_STATEMENTS' }),
      }),
    );
  });
});

describe('a killed run [MODEL-014]', () => {
  it('between the two steps leaves the former table, and the next run is clean', async () => {
    await run(file, [STAGED, AE]);
    const next = nextName('sdtm.ae');
    await file.connection.run(
      `${buildStatement(next, 'table', 'SELECT 1 AS x')}; COMMENT ON TABLE ${next} IS '${NEXT_MARK}'`,
    );
    file = await file.reopen();
    expect(await one('SELECT count(*) FROM sdtm.ae')).toBe(3n);
    const changed = { ...AE, sql: AE.sql.replace('term', 'lower(term)') };
    expect(states(await run(file, [STAGED, changed]))[1]).toBe('sdtm.ae built: SQL changed');
    expect(await rows("SELECT * FROM duckdb_tables() WHERE table_name LIKE '\\_next%' ESCAPE '\\'")).toEqual([]);
  });

  it.each([10, 200_000])('and one whose test fails leaves the former table alone, of %d rows', async (many) => {
    const numbers = model('work.numbers', `SELECT i AS id FROM range(${many}) r(i)`, {
      columns: { id: { tests: ['unique'] } },
    });
    const twice = { ...numbers, sql: `SELECT i // 2 AS id FROM range(${many}) r(i)` };
    expect(states(await run(file, [numbers]))).toEqual(['work.numbers built: new']);
    expect(states(await run(file, [twice]))).toEqual(['work.numbers failed: SQL changed']);
    expect(await one('SELECT count(DISTINCT id) FROM work.numbers')).toBe(BigInt(many));
    expect(await rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'work'")).toEqual([
      { table_name: 'numbers' },
    ]);
    expect(await one("SELECT failure_count FROM run.current_test WHERE model = 'work.numbers'")).toBe(BigInt(many));
    expect(await one('SELECT count(*) FROM run.model')).toBe(1n);
  });

  it('before COMMIT leaves the former table and the former record', async () => {
    await run(file, [STAGED, AE]);
    await file.connection.run('BEGIN; DROP TABLE sdtm.ae; DELETE FROM run.model');
    await expect(file.connection.rows("SELECT CAST('x' AS INTEGER)")).rejects.toThrow();
    await file.connection.run('ROLLBACK');
    expect(states(await run(file, [STAGED, AE]))[1]).toBe('sdtm.ae skipped: unchanged');
  });
});

describe('the record', () => {
  it('is read back after COMMIT, which may have kept nothing [MODEL-014]', async () => {
    await run(file, [STAGED]);
    const record = { runId: 'x', model: 'staged.ae' } as ModelRecord;
    await expect(assertRecorded(file.connection, 1n, record)).rejects.toMatchObject({
      kind: 'fault',
      code: 'RUN_NOT_RECORDED',
    });
  });

  it('says why each model was built, and what it read [MODEL-006]', async () => {
    await run(file, [STAGED, AE], { runId: 'first' });
    await file.connection.run("UPDATE raw.ae SET term = 'RASH' WHERE _row = 13");
    await run(file, [STAGED, AE], { runId: 'second' });
    expect(
      await rows('SELECT ordinal, run_id, model, reason, row_count, column_count FROM run.model ORDER BY ALL'),
    ).toEqual([
      { ordinal: 1n, run_id: 'first', model: 'staged.ae', reason: 'new', row_count: 3n, column_count: 4 },
      { ordinal: 2n, run_id: 'first', model: 'sdtm.ae', reason: 'new', row_count: 3n, column_count: 4 },
      { ordinal: 3n, run_id: 'second', model: 'staged.ae', reason: 'raw.ae changed', row_count: 3n, column_count: 4 },
      { ordinal: 4n, run_id: 'second', model: 'sdtm.ae', reason: 'staged.ae changed', row_count: 3n, column_count: 4 },
    ]);
    expect(
      await one(`SELECT reads->>'staged.ae' = (SELECT content_hash FROM run.current_model WHERE model = 'staged.ae')
        FROM run.current_model WHERE model = 'sdtm.ae'`),
    ).toBe(true);
  });
});

describe('macros [MODEL-016]', () => {
  const shout = (body: string) => [
    sqlFile(
      'macros/text.sql',
      `CREATE OR REPLACE MACRO shout(t) AS loud(t) || '!';\nCREATE OR REPLACE MACRO loud(t) AS ${body};`,
    ),
  ];
  const loud = model('staged.loud', 'SELECT shout(term) AS term FROM staged.ae');

  it('build what reaches them when they change, and nothing when their comments do', async () => {
    await run(file, [STAGED, loud], { macros: shout('upper(t)') });
    expect(await one("SELECT term FROM staged.loud WHERE term LIKE 'C%'")).toBe('COUGH!');
    expect(states(await run(file, [STAGED, loud], { macros: shout('upper(  t) -- big') }))[1]).toBe(
      'staged.loud skipped: unchanged',
    );
    expect(states(await run(file, [STAGED, loud], { macros: shout('lower(t)') }))).toEqual([
      'staged.ae skipped: unchanged',
      'staged.loud built: macro loud changed',
    ]);
    expect(existsSync(file.failures)).toBe(true);
  });

  it.each([
    ["/* 日本 */\tCREATE OR REPLACE MACRO twice(x) AS '日' || nope(x)", 53],
    ["\tCREATE OR REPLACE MACRO twice(x) AS 'é' || nope(x)", 45],
  ])('are refused at the place in the file, whatever is before it: %j [MODEL-009]', async (sql, column) => {
    await expect(run(file, [STAGED], { macros: [sqlFile('macros/twice.sql', sql)] })).rejects.toMatchObject({
      code: 'MACRO_SQL',
      place: { file: 'macros/twice.sql', line: 1, column },
    });
  });

  it('may not read a model, even one that is there', async () => {
    await run(file, [STAGED]);
    const macro = sqlFile('macros/terms.sql', 'CREATE OR REPLACE MACRO terms() AS TABLE SELECT term FROM staged.ae');
    await expect(run(file, [STAGED], { macros: [macro] })).rejects.toMatchObject({
      code: 'MACRO_READS_MODEL',
      message:
        'The macro terms reads the model staged.ae, which is built after macros are created.\n' +
        `  ${macro.sql}\n  ${' '.repeat(65)}^`,
      place: { file: 'macros/terms.sql', line: 1, column: 66 },
    });
    await expect(run(file, [STAGED])).resolves.toBeDefined();
  });

  it('count as reading what they read', async () => {
    const terms = [
      sqlFile('macros/terms.sql', 'CREATE OR REPLACE MACRO terms() AS TABLE SELECT DISTINCT term FROM raw.ae'),
    ];
    const listed = model('staged.terms', 'SELECT * FROM terms()');
    await run(file, [listed], { macros: terms });
    await file.connection.run("UPDATE raw.ae SET term = 'RASH' WHERE _row = 13");
    expect(states(await run(file, [listed], { macros: terms }))).toEqual(['staged.terms built: raw.ae changed']);
  });
});

it.each([[{ expression: 'seq > 5) AND (seq > 100' }], [{ expression: 'seq > 0', where: 'seq = 1) AND (false' }]])(
  'an expression of a test that closes what it did not open is refused, and makes no other test of it: %o',
  async (test) => {
    const tested = model('work.x', 'SELECT seq FROM staged.ae', { tests: [test] });
    const [, { error }] = (await run(file, [STAGED, tested])).models;
    expect(error).toMatchObject({ kind: 'usage', code: 'TEST_SQL' });
  },
);
