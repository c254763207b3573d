import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { test } from '../../src/build/build.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { TemporaryProject } from '../helpers/project.ts';

const csv = (...rows: string[]) => ['ID,VISIT,WEIGHT', ...rows, ''].join('\n');
const MODEL = `tests:
  - { freshness: { source: site, warn_after: 7 days }, name: fresh }
columns:
  USUBJID: {}
  VISITDTC: { tests: [iso8601] }
  WEIGHT: { tests: [{ expression: "> 30", error_if: "50%" }] }
`;
const UNIT = `unit_tests:
  - name: weights_are_numbers
    given: [{ input: staged.site, fixture: tests/fixtures/site.csv }]
    expect: { rows: [{ USUBJID: A-1, WEIGHT: 70.5 }, { USUBJID: A-2, WEIGHT: null }] }
`;

let project: TemporaryProject;
beforeEach(() => {
  project = new TemporaryProject({
    'warehouse.yml': 'name: a\nstudy: {id: A}\nsources: {site: {format: csv, files: data/*.csv, keys: [ID, VISIT]}}\n',
    'data/site.csv': csv('1,2026-01-02,70', '2,2026-01-03,20', '3,2026-01,66'),
    'models/work/weight.sql':
      "SELECT 'A-' || id AS USUBJID, visit AS VISITDTC, TRY_CAST(weight AS DECIMAL(5, 1)) AS WEIGHT FROM staged.site",
    'models/work/weight.yml': MODEL + UNIT,
    'tests/fixtures/site.csv': 'id,visit,weight\n1,,70.5\n2,,about 70\n',
  });
});
afterEach(() => {
  delete process.env.SOURCE_DATE_EPOCH;
  project.remove();
});

const states = () =>
  project.rows("SELECT test, state, failure_count FROM run.current_test WHERE model = 'work.weight' ORDER BY test");
const TABLE = 'failures.work_weight__expression_WEIGHT';
const kept = () =>
  project.rows(`SELECT USUBJID, strftime(_first_seen, '%d'), strftime(_resolved, '%d') FROM ${TABLE} ORDER BY ALL`);
const on = (day: string) => {
  project.clock = fixedClock(`2026-03-${day}T08:00:00Z`);
};

describe('tests of a whole project [BUILD-121]', () => {
  it('with thresholds and unit tests; rows that failed stay from build to build, in the published file too', async () => {
    on('01');
    await project.build();
    expect(await states()).toEqual([
      ['expression_WEIGHT', 'warned', 1],
      ['fresh', 'passed', 0],
      ['iso8601_VISITDTC', 'passed', 0],
      ['weights_are_numbers', 'passed', 0],
    ]);
    expect(await kept()).toEqual([['A-2', '01', null]]);
    on('02');
    expect((await project.build()).tests).toMatchObject({ passed: 1, warned: 0, failed: 0, unchanged: 3 });
    project.write({ 'data/site.csv': csv('1,2026-01-02,70', '2,2026-01-03,52', '3,2026-01,6.6') });
    on('03');
    await project.build();
    expect(await kept()).toEqual([
      ['A-2', '01', '03'],
      ['A-3', '03', null],
    ]);
    project.write({ 'data/site.csv': csv('1,2026-01-02,7', '2,2026-01-03,5', '3,2026-01,6.6') });
    on('04');
    const result = await project.build();
    expect(result.models.at(-1)).toMatchObject({ name: 'work.weight', state: 'failed' });
    expect(result.tests).toMatchObject({ failed: 1 });
  });

  it('a unit test that fails keeps its model from being built, and nothing is published', async () => {
    await project.build();
    project.write({ 'tests/fixtures/site.csv': 'id,weight\n1,70.5\n2,71\n' });
    const { models, withheld } = await project.build();
    expect(models.at(-1)).toMatchObject({
      name: 'work.weight',
      state: 'failed',
      error: { code: 'UNIT_TEST_FAILED', place: { file: 'models/work/weight.yml', line: 8 } },
    });
    expect(withheld).toBeDefined();
  });

  it('a unit test runs in a project that has never been built', async () => {
    const { tests } = await test(await loadProject(project.root), { select: [] }, project);
    expect(tests).toMatchObject({ passed: 1, failed: 0 });
  });

  it('freshness takes SOURCE_DATE_EPOCH for the time of the run', async () => {
    on('01');
    await project.build();
    on('20');
    expect((await project.build()).tests.found).toMatchObject([{ name: 'fresh', state: 'warned' }]);
    process.env.SOURCE_DATE_EPOCH = String(Date.UTC(2026, 2, 2) / 1000);
    expect((await project.build()).tests.found).toEqual([]);
  });

  it('that passed on a table that was not put in place have not passed on the one that is there', async () => {
    const of = (...expressions: string[]) =>
      `tests:\n${expressions.map((one) => `  - { expression: ${one}, name: is_${one.at(-1)} }\n`).join('')}`;
    project.write({ 'models/work/v.sql': 'SELECT 1 AS v' });
    await project.build();
    project.write({ 'models/work/v.sql': 'SELECT 2 AS v', 'models/work/v.yml': of('v = 2', 'v = 3') });
    expect((await project.build()).tests.found).toMatchObject([{ name: 'is_3', state: 'failed' }]);
    project.write({ 'models/work/v.sql': 'SELECT 1 AS v', 'models/work/v.yml': of('v = 2') });
    expect((await project.build()).tests.found).toMatchObject([{ name: 'is_2', state: 'failed', rows: 1 }]);
  });
});
