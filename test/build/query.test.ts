import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/build/query.ts';
import { silent } from '../../src/lib/events.ts';
import { FOUND } from '../../src/load/state.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { Client } from '../helpers/client.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { odm, subject } from '../helpers/odm.ts';
import { configuration, failureOf, TemporaryProject } from '../helpers/project.ts';

const project = new TemporaryProject({
  'warehouse.yml': 'name: q\nstudy: {id: Q}\nvars: {cutoff: 2}\n',
  'models/report/visit.sql': 'SELECT unnest([1, 2, 3]) AS n',
  'models/overview/arm.sql': "SELECT 'Placebo' AS arm",
});
beforeAll(() => project.build());
afterAll(() => project.remove());

const ask = async (sql: string) =>
  query(await loadProject(project.root), { sql }, { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent });

describe('query', () => {
  it.each([
    ['SELECT n FROM report.visit ORDER BY n LIMIT 1;', 1],
    ['FROM report.visit', 3],
    ['WITH v AS (FROM report.visit) SELECT * FROM v -- all; of them', 3],
    ['(SELECT 1)', 1],
    ['VALUES (1), (2)', 2],
    ['PIVOT report.visit ON n USING count(*)', 1],
    ['PIVOT report.visit ON n IN (1, 2) USING count(*)', 1],
    ['DESCRIBE report.visit', 1],
    ['SUMMARIZE report.visit', 1],
    ["FROM (SHOW ALL TABLES) WHERE schema = 'report'", 1],
    ['EXPLAIN SELECT 1', 1],
  ])('answers %s [CLI-008]', async (sql, rows) => {
    expect((await ask(sql)).rows).toHaveLength(rows);
  });

  it('knows the variables of warehouse.yml [CLI-008]', async () => {
    expect(await ask("SELECT n FROM report.visit WHERE n > getvariable('cutoff')")).toEqual({
      columns: ['n'],
      rows: [[3]],
    });
  });

  it('gives NULL for a variable that warehouse.yml does not have, as any client does [CLI-008]', async () => {
    expect((await ask("SELECT getvariable('cutof') AS v")).rows).toEqual([[null]]);
  });

  it.each([
    'SET threads = 1',
    "COPY report.visit TO 'out.csv'",
    "ATTACH 'other.duckdb' AS other",
    'INSTALL httpfs',
    'LOAD httpfs',
    'CREATE TEMP TABLE t AS SELECT 1',
    'INSERT INTO report.visit VALUES (4)',
    'DELETE FROM report.visit',
    'DROP TABLE report.visit',
    'CALL pragma_version()',
    'PRAGMA version',
    "EXPORT DATABASE 'out'",
    'CHECKPOINT',
    'BEGIN',
  ])('refuses %s [CLI-008]', async (sql) => {
    const word = sql.split(' ', 1)[0];
    expect(await failureOf(ask(sql))).toEqual({
      kind: 'usage',
      code: 'QUERY_NOT_SELECT',
      message: `${word} is not a SELECT.`,
      next: 'query reads and changes nothing: give it one SELECT, FROM, SHOW, DESCRIBE, SUMMARIZE or EXPLAIN.',
    });
  });

  it.each([
    ['SELECT 1; SELECT 2', 'These are 2 statements, not one.'],
    ["SELECT ';'; DROP TABLE report.visit", 'These are 2 statements, not one.'],
    [' -- nothing\n', 'These are no statements, not one.'],
  ])('refuses %j [CLI-008]', async (sql, message) => {
    expect(await failureOf(ask(sql))).toMatchObject({ code: 'QUERY_NOT_SELECT', message });
  });

  it.each([
    'WITH v AS (SELECT 4) INSERT INTO report.visit FROM v',
    'WITH v AS (SELECT 4 AS n) UPDATE report.visit SET n = 9',
    "EXPLAIN ANALYZE COPY report.visit TO 'out.csv'",
    'FROM force_checkpoint()',
  ])('finds no way round in %s [CLI-008]', async (sql) => {
    expect(await failureOf(ask(sql))).toMatchObject({ kind: 'usage', code: 'QUERY' });
  });

  it.each([
    "SELECT * FROM read_csv('warehouse.yml')",
    "SELECT * FROM 'data/subjects.csv'",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM glob('*')",
  ])('reaches no other file by %s [CLI-008]', async (sql) => {
    const { kind, code, next } = await failureOf(ask(sql));
    expect({ kind, code, next }).toEqual({
      kind: 'usage',
      code: 'QUERY',
      next: 'query reads the working file and no other.',
    });
  });

  it('leaves nothing behind [CLI-008]', async () => {
    expect((await ask('SELECT sum(n)::INTEGER FROM report.visit')).rows).toEqual([[6]]);
    expect(existsSync('out.csv')).toBe(false);
    expect(readdirSync(project.root).sort()).toEqual(['.warehouse', 'models', 'target', 'warehouse.yml']);
  });

  it.each([
    ['FROM report.vist', 'report.visit'],
    ['FROM visit', 'report.visit'],
    ['FROM visits', 'report.visit'],
    ['FROM reprot.visit', 'report.visit'],
    ['SELECT * FROM report.visit JOIN report.arm USING (n)', 'overview.arm'],
    ['SELECT * FROM overview.arms AS report', 'overview.arm'],
  ])('says for %s what may have been meant, and which schemas there are [CLI-009]', async (sql, meant) => {
    const { code, message, next } = await failureOf(ask(sql));
    expect(code).toBe('QUERY');
    expect(message).toMatch(/^Catalog Error: Table with name .* does not exist/);
    expect(message).not.toContain('Did you mean');
    const schemas = 'audit, meta, overview, raw, recon, report, run, staged, state';
    expect(next).toBe(
      `Did you mean ${meant}? Schemas: ${schemas}. For their tables: SELECT schema, name FROM (SHOW ALL TABLES).`,
    );
  });

  it('names no table that is not near [CLI-009]', async () => {
    expect((await failureOf(ask('FROM something_else_entirely'))).next).toMatch(/^Schemas: audit, meta, /);
  });

  it('says that what is live has not been checked, where a run was cut short before it [CHECK-006]', async () => {
    const cut = new TemporaryProject({
      'warehouse.yml': configuration(),
      'data/1.xml': odm({ created: '2026-03-01T00:00:00Z' }, subject('1', {})),
    });
    try {
      await cut.load();
      const client = await Client.open(cut.path('.warehouse/main.duckdb'), true);
      for (const table of FOUND) await client.rows(`DROP TABLE recon.${table}`);
      client.close();
      const failure = await failureOf(cut.rows('FROM recon.finding'));
      expect(failure).toMatchObject({ code: 'QUERY', next: 'Run warehouse build: it goes on from there.' });
      expect((await cut.checks()).find(({ name }) => name === 'checks')).toMatchObject({ ok: false });
      await cut.load();
      expect(await cut.rows('FROM recon.finding')).toEqual([]);
    } finally {
      cut.remove();
    }
  });
});
