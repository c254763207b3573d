import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { variableStatement } from '../../../src/model/reading/variables.ts';
import { configuration, withProject } from '../../helpers/project.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model, run, sqlFile, states } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
});
afterEach(() => file.remove());

const KEPT = model('report.kept', "SELECT DATE '2026-02-01' < getvariable('cutoff')::DATE AS kept");
const OTHER = model('report.other', 'SELECT 1 AS x');

const value = async (sql: string) => Object.values((await file.connection.row(sql))!)[0];

describe('a variable [MODEL-017]', () => {
  it.each([
    ["'2026-03-31'", '2026-03-31', 'VARCHAR', '2026-03-31'],
    ["'it''s'", "it's", 'VARCHAR', "it's"],
    ['CAST(3 AS BIGINT)', 3, 'BIGINT', '3'],
    ['CAST(9007199254740993 AS BIGINT)', 9007199254740993n, 'BIGINT', '9007199254740993'],
    ['CAST(-0.5 AS DOUBLE)', -0.5, 'DOUBLE', '-0.5'],
    ['CAST(1e+300 AS DOUBLE)', 1e300, 'DOUBLE', '1e+300'],
    ['true', true, 'BOOLEAN', 'true'],
  ])('%s is what getvariable() gives, in a locked instance', async (sql, given, type, text) => {
    expect(variableStatement('cutoff', given)).toBe(`SET VARIABLE "cutoff" = ${sql}`);
    const reader = model('report.a', "SELECT typeof(getvariable('cutoff')) || ' ' || getvariable('cutoff') AS v");
    expect(states(await run(file, [reader], { variables: { cutoff: given } }))).toEqual(['report.a built: new']);
    expect(await value('SELECT v FROM report.a')).toBe(`${type} ${text}`);
    await expect(file.connection.run('SET threads = 1')).rejects.toThrow('configuration has been locked');
  });

  it('whose value changed builds what reads it, and nothing else', async () => {
    const models = [KEPT, OTHER, model('report.more', 'SELECT kept FROM report.kept')];
    await run(file, models, { variables: { cutoff: '2026-03-31', unread: 1 } });
    expect(await value('SELECT kept FROM report.kept')).toBe(true);
    expect(states(await run(file, models, { variables: { cutoff: '2026-03-31', unread: 2 } }))).toEqual([
      'report.kept skipped: unchanged',
      'report.more skipped: unchanged',
      'report.other skipped: unchanged',
    ]);
    expect(states(await run(file, models, { variables: { cutoff: '2026-01-31' } }))).toEqual([
      "report.kept built: getvariable('cutoff') changed",
      'report.more built: report.kept changed',
      'report.other skipped: unchanged',
    ]);
    expect(await value('SELECT kept FROM report.kept')).toBe(false);
  });

  it('is the same in any case, as DuckDB has it', async () => {
    const reader = model('report.a', "SELECT getvariable('CutOff') AS v");
    await run(file, [reader], { variables: { cutoff: 1 } });
    expect(states(await run(file, [reader], { variables: { cutoff: 2 } }))).toEqual([
      "report.a built: getvariable('cutoff') changed",
    ]);
    expect(await value('SELECT v FROM report.a')).toBe(2n);
  });

  it('counts for a test that reads it', async () => {
    const tested = model('report.other', 'SELECT 1 AS x', {
      tests: [{ name: 'least', sql: "SELECT * FROM report.other WHERE x < getvariable('least')" }],
    });
    const first = await run(file, [tested], { variables: { least: 1 } });
    expect(first.tests).toMatchObject([{ name: 'least', state: 'passed' }]);
    expect((await run(file, [tested], { variables: { least: 1 } })).tests).toEqual([]);
    const second = await run(file, [tested], { variables: { least: 2 } });
    expect(second.tests).toMatchObject([{ name: 'least', state: 'failed', failures: 1 }]);
  });

  it('of another name is refused where it stands, with the nearest', async () => {
    const reader = model('report.a', "SELECT 1 AS a,\n  getvariable('cutof') AS v");
    const { models } = await run(file, [reader], { variables: { cutoff: 1 } });
    expect(models[0].error).toMatchObject({
      kind: 'usage',
      code: 'MODEL_VARIABLE',
      message: "There is no variable 'cutof' in warehouse.yml.\n    getvariable('cutof') AS v\n    ^",
      place: { model: 'report.a', file: 'models/report/a.sql', line: 2, column: 3 },
      next: "Did you mean 'cutoff'?",
    });
    const [alone] = (await run(file, [reader])).models;
    expect(alone.error?.next).toBe('Add it under vars: in warehouse.yml.');
  });

  it('by a computed name is refused', async () => {
    const reader = model('report.a', "SELECT getvariable('cut' || 'off') AS v");
    const { models } = await run(file, [reader], { variables: { cutoff: 1 } });
    expect(models[0].error).toMatchObject({
      code: 'MODEL_VARIABLE',
      message: "A variable is read by a name that is computed.\n  SELECT getvariable('cut' || 'off') AS v\n         ^",
      next: "Write its name: getvariable('name').",
    });
  });

  it('in a view is refused: its readers would find NULL', async () => {
    const view = model('report.kept', KEPT.sql, { materialized: 'view' });
    const { models } = await run(file, [view], { variables: { cutoff: '2026-03-31' } });
    expect(models[0]).toMatchObject({ state: 'failed' });
    expect(models[0].error).toMatchObject({
      kind: 'usage',
      code: 'MODEL_VARIABLE',
      message: "A view cannot read the variable 'cutoff': it would be NULL for those who read the published file.",
      next: 'Say materialized: table in its properties.',
    });
  });

  it('in a macro is refused, for the same reason', async () => {
    const macro = sqlFile('macros/m.sql', "CREATE OR REPLACE MACRO cutoff() AS getvariable('cutoff')::DATE;");
    await expect(run(file, [OTHER], { macros: [macro], variables: { cutoff: '2026-03-31' } })).rejects.toMatchObject({
      kind: 'usage',
      code: 'MACRO_READS_VARIABLE',
      place: { file: 'macros/m.sql', line: 1, column: 37 },
      next: 'Give the macro a parameter, and pass it getvariable() in the models that use it.',
    });
  });

  it('comes from vars: of warehouse.yml', async () => {
    const files = {
      'warehouse.yml': configuration({ files: 'data/a.csv', format: 'csv' }).replace(
        '{',
        '{"vars": {"cutoff": "2026-03-31"},',
      ),
      'data/a.csv': 'A\n1\n',
      'models/report/kept.sql': KEPT.sql,
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await project.value('SELECT kept FROM report.kept')).toBe(true);
      project.write({ 'warehouse.yml': files['warehouse.yml'].replace('2026-03-31', '2026-01-31') });
      await project.build();
      expect(await project.value('SELECT kept FROM report.kept')).toBe(false);
    });
  });
});
