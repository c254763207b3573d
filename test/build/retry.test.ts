import { describe, expect, it } from 'vitest';
import { test } from '../../src/build/build.ts';
import { list } from '../../src/build/inspect.ts';
import { retry } from '../../src/build/retry.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'retry',
    study: { id: 'S' },
    sources: { lab: { files: 'data/lab.csv' } },
    exports: { formats: ['csv'] },
  }),
  'data/lab.csv': 'A\n1\n2\n',
  'models/sdtm/lb.sql': 'SELECT a AS A, [_row] AS _rows FROM staged.lab',
  'models/work/wrong.sql': 'SELECT nothing FROM sdtm.lb',
  'models/work/after.sql': 'SELECT * FROM work.wrong',
  'models/work/tested.sql': 'SELECT a FROM staged.lab',
  'models/work/tested.yml': 'tests: [{ name: no_two, sql: "FROM work.tested WHERE a = \'2\'" }]\n',
  'models/work/warned.sql': 'SELECT a FROM staged.lab',
  'models/work/warned.yml': 'tests: [{ name: no_one, sql: "FROM work.warned WHERE a = \'1\'", severity: warn }]\n',
};
const CORRECTED = {
  'models/work/wrong.sql': 'SELECT A FROM sdtm.lb',
  'models/work/tested.yml': 'tests: [{ name: no_two, sql: "FROM work.tested WHERE a = \'3\'" }]\n',
};

const clock = fixedClock('2026-03-27T08:00:00Z');
const again = async (project: TemporaryProject) => {
  const notices: string[] = [];
  const events: TemporaryProject['events'] = (one) => {
    if (one.event === 'notice') notices.push([`${one.code}: ${one.message}`, one.next].join(' '));
  };
  const result = await retry(await loadProject(project.root), { parser: 'tokenizer' }, { clock, events });
  return { ...result, notices };
};
const states = ({ models }: { models: readonly { name: string; state: string }[] }) =>
  models.map(({ name, state }) => `${name} ${state}`).sort();
const recorded = (project: TemporaryProject) =>
  project.rows(
    `SELECT i.ordinal, command, model, test, state, code FROM run.invocation i LEFT JOIN run.result r USING (run_id)
     WHERE i.ordinal = (SELECT max(ordinal) FROM run.invocation) ORDER BY r.ordinal`,
  );

describe('what a run came to', () => {
  it('is recorded, of each model that it did not leave as it was and each test that it ran [MODEL-105]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      expect(await recorded(project)).toEqual([
        [1, 'build', 'staged.lab', null, 'built', null],
        [1, 'build', 'sdtm.lb', null, 'built', null],
        [1, 'build', 'work.tested', null, 'failed', 'TEST_FAILED'],
        [1, 'build', 'work.warned', null, 'built', null],
        [1, 'build', 'work.wrong', null, 'failed', 'MODEL_SQL'],
        [1, 'build', 'work.after', null, 'blocked', null],
        [1, 'build', 'sdtm.lb', 'no_empty_text', 'passed', null],
        [1, 'build', 'work.tested', 'no_two', 'failed', null],
        [1, 'build', 'work.warned', 'no_one', 'warned', null],
      ]);
      await project.run({ select: ['lb'], exclude: ['work.*'] });
      expect(await recorded(project)).toEqual([[2, 'run', null, null, null, null]]);
      expect(
        await project.rows('SELECT selected::VARCHAR, excluded::VARCHAR FROM run.invocation WHERE ordinal = 2'),
      ).toEqual([['[lb]', '[work.*]']]);
    });
  });

  it('can be selected by, in the words of dbt [MODEL-102]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const selected = async (...select: string[]) => {
        const { models } = await list(await loadProject(project.root), { select }, { clock, events: silent });
        return models.map(({ name }) => name).sort();
      };
      expect(await selected('result:error')).toEqual(['work.wrong']);
      expect(await selected('result:fail')).toEqual(['work.tested']);
      expect(await selected('result:warn')).toEqual(['work.warned']);
      expect(await selected('result:skipped')).toEqual(['work.after']);
      expect(await selected('result:success')).toEqual(['sdtm.lb', 'staged.lab', 'work.warned']);
      expect(await selected('1+result:error,sdtm.*')).toEqual(['sdtm.lb']);
    });
  });

  it('is recorded from then on in a file that was made before there was such a record [MODEL-105]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      await project.inWorkingFile('DROP TABLE run.invocation; DROP TABLE run.result');
      expect(await failureOf(again(project))).toEqual({
        kind: 'usage',
        code: 'RETRY_NO_RUN',
        message: 'No build, run or test has come to its end yet.',
        next: 'Run warehouse build.',
      });
      await project.run();
      expect((await recorded(project))[0].slice(0, 3)).toEqual([1, 'run', 'work.tested']);
    });
  });
});

describe('retry [MODEL-106]', () => {
  it('does a build again, of what failed and what that blocked, and goes the whole way once all holds', async () => {
    await withProject(FILES, async (project) => {
      expect((await project.build()).withheld).toBeDefined();
      const failed = ['work.after blocked', 'work.tested failed', 'work.wrong failed'];
      const same = await again(project);
      expect([states(same), same.command]).toEqual([failed, 'build']);
      project.write({ 'models/work/wrong.sql': CORRECTED['models/work/wrong.sql'] });
      expect(states(await again(project))).toEqual(['work.after built', 'work.tested failed', 'work.wrong built']);
      project.write(CORRECTED);
      const whole = await again(project);
      expect([states(whole), whole.withheld, whole.publications?.length]).toEqual([
        ['work.tested built'],
        undefined,
        1,
      ]);
      const done = await again(project);
      expect([done.models, done.command, done.notices]).toEqual([
        [],
        undefined,
        [
          'RETRY_NOTHING: Nothing failed in the last build, so there is nothing to do again. warehouse build does whatever else there is to do.',
        ],
      ]);
    });
  });

  it('does a run again, and exports and publishes nothing', async () => {
    await withProject(FILES, async (project) => {
      await project.load();
      await project.run();
      project.write(CORRECTED);
      const done = await again(project);
      expect(states(done)).toEqual(['work.after built', 'work.tested built', 'work.wrong built']);
      expect([done.command, done.publications]).toEqual(['run', undefined]);
    });
  });

  it('does tests again: those of the models whose tests failed', async () => {
    await withProject({ ...FILES, ...CORRECTED }, async (project) => {
      await project.build();
      project.write({ 'models/work/tested.yml': FILES['models/work/tested.yml'] });
      const loaded = await loadProject(project.root);
      const first = await test(loaded, { select: [] }, { clock, events: project.events });
      expect([first.tests.passed, first.tests.failed, first.tests.warned]).toEqual([1, 1, 1]);
      const second = await again(project);
      expect([second.command, second.tests.passed, second.tests.failed, second.tests.warned]).toEqual([
        'test',
        0,
        1,
        0,
      ]);
      project.write(CORRECTED);
      expect((await again(project)).tests).toMatchObject({ passed: 1, failed: 0 });
    });
  });

  it('runs a failed test that reads no model again with all of them', async () => {
    const free = { 'tests/free.sql': 'SELECT 1 AS one' };
    await withProject({ ...FILES, ...CORRECTED, ...free }, async (project) => {
      expect((await project.build()).tests.failed).toBe(1);
      project.write({ 'tests/free.sql': 'SELECT 1 AS one WHERE false' });
      const done = await again(project);
      expect([done.tests.failed, done.withheld]).toEqual([0, undefined]);
    });
  });

  it('runs a test that what failed held back, with the model that was made, and is whole then', async () => {
    const given = {
      'warehouse.yml': FILES['warehouse.yml'],
      'data/lab.csv': FILES['data/lab.csv'],
      'models/work/ae.sql': 'SELECT nothing AS subject FROM staged.lab',
      'models/work/ae.yml':
        'columns: { subject: { tests: [not_null, { relationships: { to: work.dm, column: subject } }] } }\n',
      'models/work/dm.sql': 'SELECT a AS subject FROM staged.lab',
    };
    await withProject(given, async (project) => {
      const first = await project.build();
      expect(states(first)).toEqual(['staged.lab built', 'work.ae failed', 'work.dm built']);
      expect(first.tests.notRun).toEqual([
        { name: 'not_null_subject', model: 'work.ae' },
        { name: 'relationships_subject', model: 'work.ae' },
      ]);
      expect(first.withheld?.reason).toMatch(/\. Correct what failed, and run warehouse retry\.$/);
      expect(await project.rows("SELECT test, state, reason FROM run.result WHERE test LIKE 'rel%'")).toEqual([
        ['relationships_subject', 'blocked', 'work.ae failed'],
      ]);
      project.write({ 'models/work/ae.sql': 'SELECT a AS subject FROM staged.lab' });
      const whole = await again(project);
      expect([states(whole), whole.tests.passed, whole.withheld, whole.publications?.length]).toEqual([
        ['work.ae built', 'work.dm skipped'],
        2,
        undefined,
        1,
      ]);
      // So it is where it held on the rows that are in place until it is corrected.
      project.write({ 'models/work/ae.sql': 'SELECT nothing AS subject FROM staged.lab' });
      expect((await project.build()).tests).toMatchObject({
        notRun: [{ name: 'relationships_subject', model: 'work.ae' }],
        unchanged: 1,
      });
      project.write({ 'models/work/ae.sql': "SELECT a AS subject FROM staged.lab WHERE a = '2'" });
      expect((await again(project)).withheld).toBeUndefined();
    });
  });

  it('builds from nothing where that was asked for, and a corrected second version before its model [MODEL-106]', async () => {
    const kept = { 'models/work/kept.yml': 'materialized: incremental\nunique_key: [a]\n' };
    const given = {
      'warehouse.yml': FILES['warehouse.yml'],
      'data/lab.csv': FILES['data/lab.csv'],
      'models/work/all.sql': 'SELECT a FROM staged.lab',
      'models/work/all.yml': 'keys: [a]\n',
      'models/work/kept.sql': 'SELECT a FROM work.all',
      ...kept,
    };
    await withProject(given, async (project) => {
      await project.build();
      project.write({ 'data/lab.csv': 'A\n3\n' });
      await project.build({ acceptRemovals: true });
      expect(await project.column('SELECT a FROM work.kept ORDER BY a')).toEqual(['1', '2', '3']);
      project.write({ 'models/work/all.sql': 'SELECT nothing AS a FROM staged.lab' });
      await project.build({ fullRefresh: true });
      project.write({ 'models/work/all.sql': given['models/work/all.sql'] });
      expect(states(await again(project))).toEqual(['work.all built', 'work.kept built']);
      expect(await project.column('SELECT a FROM work.kept')).toEqual(['3']);
      project.write({ 'qc/all.sql': "SELECT '4' AS a", 'qc/all.yml': 'severity: error\n' });
      expect((await project.build()).tests.failed).toBe(1);
      project.write({ 'qc/all.sql': "SELECT '3' AS a" });
      const { models, tests, withheld } = await again(project);
      expect(models.map(({ name, state }) => `${name} ${state}`)).toContain('qc.all built');
      expect([tests.failed, withheld]).toEqual([0, undefined]);
    });
  });

  it('leaves out what is a model no more', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.delete('models/work/wrong.sql');
      project.delete('models/work/tested.sql');
      project.delete('models/work/tested.yml');
      project.write({ 'models/work/after.sql': 'SELECT 1 AS n' });
      expect(states(await again(project))).toEqual(['work.after built']);
    });
  });

  it('is refused where nothing was built', async () => {
    await withProject(FILES, async (project) => {
      expect(await failureOf(again(project))).toMatchObject({ kind: 'usage', code: 'NOT_BUILT' });
    });
  });
});
