import { existsSync, mkdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BuildOptions, BuildResult } from '../../src/build/build.ts';
import { ifNothingChanges, lookAround } from '../../src/build/build-and-remember.ts';
import { buildIfChanged } from '../../src/build/build-if-changed.ts';
import { lookAtWritten, rememberBuild, standingBuild } from '../../src/build/standing-build.ts';
import { type EventSink, silent } from '../../src/lib/events.ts';
import { fileState } from '../../src/lib/file-state.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { DUCKDB_VERSION } from '../../src/store/warehouse-file.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { TemporaryProject } from '../helpers/project.ts';
import { bytesOf } from '../helpers/snapshot.ts';

const EMPTY: BuildResult = {
  deliveries: [],
  models: [],
  tests: { passed: 0, warned: 0, failed: 0, found: [], notRun: [], unchanged: 0, standing: [] },
  validations: [],
  unread: { unconverted: 0, undecoded: 0, undecodedCodes: 0 },
  checks: { found: [], stopping: [], unchecked: 0 },
  exports: [],
  publications: [],
  ms: 0,
};

const versions = vi.hoisted(() => ({ library: '1.5.5-r.5' }));
vi.mock('../../src/build/tool-version.ts', async (original) => ({
  ...(await original<typeof import('../../src/build/tool-version.ts')>()),
  libraryVersion: () => versions.library,
}));

let project: TemporaryProject;
const choice = (target = 'main') => ({ root: project.root, target });
/** What there is to see before a build, as a build that succeeds would keep it; undefined where it would keep nothing. */
const surroundings = async (target?: string) => {
  const written = await lookAtWritten(choice(target));
  return lookAround(choice(target), await loadProject(project.root, { target }), written);
};
const OUTPUTS = ['target/main.duckdb', 'target/export/xpt/x.xpt'];
const stateOf = (path: string) => [path, fileState(project.path(path))] as const;
const remember = async (target?: string, placed = new Map(OUTPUTS.map(stateOf))) => {
  const before = await surroundings(target);
  const outcome = { result: EMPTY, placed, others: ['target/manifest.json'] };
  if (before) await rememberBuild(choice(target), before, outcome);
  return before !== undefined;
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  versions.library = '1.5.5-r.5';
  project.remove();
});

describe('a build that left all up to date', () => {
  beforeEach(async () => {
    project = new TemporaryProject({
      'warehouse.yml': 'name: a\nstudy: {id: A}\nsources: {site: {format: csv, files: in/*.csv, keys: [ID]}}\n',
      'in/site.csv': 'ID\n1\n',
      'data/terms/list.csv': 'A\n1\n',
      'seeds/ref/visits.csv': 'V\n1\n',
      'models/work/x.sql': 'SELECT 1 AS A',
      'models/work/x.yml':
        'keys: [A]\ncolumns: {A: {label: One}}\nunit_tests: [{name: u, given: [], expect: {fixture: tests/fixtures/a/x.csv}}]\n',
      'tests/fixtures/a/x.csv': 'A\n1\n',
      'tests/generic/own.sql': '{% test own(model) %} SELECT 1 FROM {{ model }} WHERE false {% endtest %}',
      'qc/x.sql': 'SELECT 1 AS A',
      'macros/one.sql': 'CREATE OR REPLACE MACRO one() AS 1;\n',
      'tests/none.sql': 'SELECT 1 WHERE false',
      '.warehouse/main.duckdb': 'the working file',
      '.warehouse/ledger/main/ledger.jsonl': '{}\n',
      'target/main.duckdb': 'the published file',
      'target/export/xpt/x.xpt': 'an export',
      'target/manifest.json': '{}',
    });
    expect(await remember()).toBe(true);
  });

  const standing = async (target?: string) => standingBuild(choice(target), await lookAtWritten(choice(target)));

  it('stands while nothing has changed [BUILD-130]', async () => {
    expect(await standing()).toEqual(EMPTY);
  });

  it.each<[string, () => void]>([
    ['warehouse.yml', () => project.write({ 'warehouse.yml': 'name: b\nstudy: {id: A}\n' })],
    ['the SQL of a model', () => project.write({ 'models/work/x.sql': 'SELECT 2 AS A' })],
    ['properties', () => project.write({ 'models/work/x.yml': 'columns: {A: {label: Two}}\n' })],
    ['a model that is new', () => project.write({ 'models/work/y.sql': 'SELECT 1 AS B' })],
    ['a model that is gone', () => project.delete('models/work')],
    ['a macro', () => project.write({ 'macros/one.sql': 'CREATE OR REPLACE MACRO one() AS 2;\n' })],
    ['a test', () => project.write({ 'tests/none.sql': 'SELECT 1' })],
    ['a fixture', () => project.write({ 'tests/fixtures/a/x.csv': 'A\n2\n' })],
    [
      'a kind of test',
      () => project.write({ 'tests/generic/own.sql': '{% test own(model) %} SELECT 1 {% endtest %}' }),
    ],
    ['a second version', () => project.write({ 'qc/x.sql': 'SELECT 2 AS A' })],
    ['a seed that is a model', () => project.write({ 'seeds/ref/visits.csv': 'V\n2\n' })],
    ['a rule', () => project.write({ 'rules/r.sql': 'SELECT _row FROM staged.site' })],
    ['a source file, of the same size', () => project.write({ 'in/site.csv': 'ID\n2\n' })],
    ['a source file that is new', () => project.write({ 'in/other.csv': 'ID\n2\n' })],
    ['a file beside those of a source', () => project.write({ 'in/other.xml': '<ODM/>' })],
    ['a file for SQL to read, of the same size', () => project.write({ 'data/terms/list.csv': 'A\n2\n' })],
    ['a file for SQL to read that is gone', () => project.delete('data/terms/list.csv')],
    ['the working file', () => project.write({ '.warehouse/main.duckdb': 'The working file' })],
    ['a write-ahead log', () => project.write({ '.warehouse/main.duckdb.wal': 'x' })],
    ['a working file that is gone', () => project.delete('.warehouse/main.duckdb')],
    ['the ledger', () => project.write({ '.warehouse/ledger/main/ledger.jsonl': '{ }\n' })],
    ['a published file', () => project.write({ 'target/main.duckdb': 'The published file' })],
    ['a published file that is gone', () => project.delete('target/main.duckdb')],
    ['a published file put back', () => renameSync(copied('target/main.duckdb'), project.path('target/main.duckdb'))],
    ['an exported file', () => project.write({ 'target/export/xpt/x.xpt': 'An export' })],
    ['an artifact', () => project.write({ 'target/manifest.json': '{ }' })],
    ['a schema for editors', () => project.write({ '.warehouse/schemas/model.json': '{}' })],
    ['outputs that are gone', () => project.delete('target')],
    ['SOURCE_DATE_EPOCH', () => vi.stubEnv('SOURCE_DATE_EPOCH', '1767225600')],
    ["the version of DuckDB's library", () => Object.assign(versions, { library: '1.5.6-r.1' })],
    ['what was remembered, torn', () => project.write({ '.warehouse/main.standing.json': '{"given":"' })],
    ['what was remembered, gone', () => project.delete('.warehouse/main.standing.json')],
  ])('does not stand once this is another: %s [BUILD-130]', async (_, change) => {
    change();
    expect(await standing()).toBeUndefined();
  });

  /** Another file of the same bytes beside it. */
  function copied(path: string): string {
    writeFileSync(project.path(`${path}.copy`), project.read(path));
    return project.path(`${path}.copy`);
  }

  it('does not trust a file that it reads and that has only just changed [BUILD-130]', async () => {
    const isSettled = async () => (await surroundings()) !== undefined;
    // Of a small file all bytes are compared.
    expect(await isSettled()).toBe(true);
    const now = vi.spyOn(Date, 'now');
    for (const path of [
      'in/site.csv',
      'data/terms/list.csv',
      'seeds/ref/visits.csv',
      'models/work/x.yml',
      'tests/none.sql',
      'warehouse.yml',
    ]) {
      const small = project.read(path);
      project.write({ [path]: `${small}${'\n'.repeat(3 * 4096)}` });
      const changed = statSync(project.path(path)).ctimeMs;
      now.mockReturnValue(changed + 1_900);
      expect(await isSettled(), path).toBe(false);
      now.mockReturnValue(changed + 2_100);
      expect(await isSettled(), path).toBe(true);
      project.write({ [path]: small });
    }
  });

  it('follows links to folders within the project, and trusts no fixture where it does not look [BUILD-130]', async () => {
    project.write({ 'common/y.sql': 'SELECT 1 AS B' });
    symlinkSync('../common', project.path('models/shared'));
    expect(await remember()).toBe(true);
    expect(await standing()).toEqual(EMPTY);
    project.write({ 'common/y.sql': 'SELECT 2 AS B' });
    expect(await standing()).toBeUndefined();
    renameSync(project.path('tests/fixtures/a'), project.path('common/a'));
    symlinkSync('../../common/a', project.path('tests/fixtures/a'));
    expect(await remember()).toBe(true);
    project.write({ 'common/a/rows.csv': 'x\n1\n' });
    expect(await standing()).toBeUndefined();
    project.write({
      'tests/.a/x.csv': 'A\n1\n',
      'models/work/x.yml': project.read('models/work/x.yml').toString().replace('fixtures/a', '.a'),
    });
    expect(await remember()).toBe(false);
  });

  it('does not stand where what is no file has come to where a file is meant [BUILD-130]', async () => {
    for (const path of ['in/later.csv', 'seeds/ref/later.csv', 'models/work/later.sql']) {
      symlinkSync('nowhere', project.path(path));
      await expect(standing(), path).rejects.toMatchObject({ code: 'LINK_OUTSIDE' });
      project.delete(path);
      expect(await standing()).toEqual(EMPTY);
    }
    for (const path of ['qc/y.sql', 'models/work/X.sql']) {
      mkdirSync(project.path(path));
      await expect(standing(), path).rejects.toMatchObject({ code: 'NOT_A_FILE' });
      project.delete(path);
      expect(await standing()).toEqual(EMPTY);
    }
  });

  it('stands whatever another target has left beside it [BUILD-130]', async () => {
    project.write({ 'target/main-other.duckdb': 'x', 'target/export-other/x.csv': 'x' });
    expect(await standing()).toEqual(EMPTY);
  });

  it('is not kept where what it handed over is no more as it was then [BUILD-130]', async () => {
    project.delete('.warehouse/main.standing.json');
    const placed = new Map(OUTPUTS.map(stateOf));
    project.write({ 'target/export/xpt/x.xpt': 'an expert' });
    await remember('main', placed);
    expect(await standing()).toBeUndefined();
    await remember();
    expect(await standing()).toEqual(EMPTY);
  });

  it('is that of one target [BUILD-130]', async () => {
    project.write({ 'warehouse.yml': 'name: a\nstudy: {id: A}\ntargets: {other: {}}\n' });
    expect(await remember()).toBe(true);
    project.write({ '.warehouse/other.standing.json': project.read('.warehouse/main.standing.json') });
    expect(await standing()).toEqual(EMPTY);
    expect(await standing('other')).toBeUndefined();
    expect(await standing('../.warehouse/main')).toBeUndefined();
  });

  it("knows the version of DuckDB's library without loading it [BUILD-130]", async () => {
    const { libraryVersion } = await vi.importActual<typeof import('../../src/build/tool-version.ts')>(
      '../../src/build/tool-version.ts',
    );
    expect(`v${libraryVersion().split('-')[0]}`).toBe(DUCKDB_VERSION);
  });
});

describe('the build after one that left all up to date', () => {
  const clock = fixedClock('2026-03-27T08:00:00Z');
  const build = async (options: Partial<BuildOptions> = {}, events: EventSink = silent) =>
    buildIfChanged(choice(), { parser: 'tokenizer', select: [], ...options }, { clock, events });

  it('comes to what was foreseen, begun or not; not begun it writes nothing [BUILD-131]', async () => {
    const properties = (label: string) =>
      `label: X\nkeys: [USUBJID]\ncolumns:\n  USUBJID: { ${label}tests: [not_null, unique] }\n  WEIGHT: { label: Weight, tests: [{ expression: "CAST(WEIGHT AS INTEGER) > 30", severity: warn }] }\n`;
    project = new TemporaryProject({
      'warehouse.yml':
        'name: a\nstudy: {id: A}\nsources: {site: {format: csv, files: in/*.csv, keys: [ID]}}\nexports: {datasets: [sdtm.x], formats: [xpt]}\n',
      'in/site.csv': 'ID,WEIGHT\n1,70\n2,20\n',
      'models/sdtm/x.sql': "SELECT 'A-' || id AS USUBJID, weight AS WEIGHT, [_row] AS _rows FROM staged.site",
      'models/sdtm/x.yml': properties(''),
      'models/work/v.sql': 'SELECT USUBJID FROM sdtm.x',
      'models/work/v.yml': 'materialized: view\n',
    });
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 600_000);
    const timeless = ({ models, ...result }: BuildResult) => ({
      ...result,
      models: models.map((model) => ({ ...model, ms: 0 })),
      ms: 0,
    });
    const notices: string[] = [];
    await build({}, (event) => event.event === 'notice' && notices.push(event.code));
    // It would be told again, so the next one is begun.
    expect(notices).toEqual(['XPT_NO_LABELS']);
    expect(existsSync(project.path('.warehouse/main.standing.json'))).toBe(false);
    project.write({ 'models/sdtm/x.yml': properties('label: Subject, ') });
    const foreseen = ifNothingChanges(await build());
    const bytes = bytesOf(project.root);
    const standing = await build();
    expect(bytesOf(project.root)).toEqual(bytes);
    expect(standing).toEqual(foreseen);
    expect(timeless(await project.build())).toEqual(foreseen);
    expect(standing.tests.standing).toMatchObject([{ name: 'expression_WEIGHT', state: 'warned', rows: 1 }]);
    expect(standing.exports).toEqual([{ path: 'target/export/xpt/x.xpt', rows: 2, unchanged: true }]);
    // From nothing, it is begun; it leaves the same, and so the one after it is not.
    const foreseenAgain = ifNothingChanges(await build({ fullRefresh: true }));
    const bytesAgain = bytesOf(project.root);
    expect([await build(), foreseenAgain]).toEqual([foreseen, foreseen]);
    expect(bytesOf(project.root)).toEqual(bytesAgain);
    for (const path of ['target/export/xpt/x.xpt', 'target/main.duckdb', 'target/run_results.json']) {
      project.delete(path);
      await build();
      expect(existsSync(project.path(path)), path).toBe(true);
    }
  }, 400_000);

  it('is not foreseen where something failed, was blocked or withheld [BUILD-131]', () => {
    project = new TemporaryProject();
    const blocked = { name: 'work.x', state: 'blocked', rows: undefined, ms: 1, reason: 'x' } as const;
    expect(ifNothingChanges({ ...EMPTY, tests: { ...EMPTY.tests, failed: 1 } })).toBeUndefined();
    expect(ifNothingChanges({ ...EMPTY, withheld: { reason: 'x' } })).toBeUndefined();
    expect(ifNothingChanges({ ...EMPTY, models: [blocked] })).toBeUndefined();
    expect(ifNothingChanges(EMPTY)).toEqual(EMPTY);
  });

  it('is always begun with a selection, from nothing, for a release, and where a test asks how late it is [BUILD-131, BUILD-140]', async () => {
    // What a build refuses as soon as it is begun.
    const refused = 'publications: {main: {models: [work.nothing]}}\n';
    const begun = { code: 'PUBLICATION_UNKNOWN' };
    project = new TemporaryProject({
      'warehouse.yml': `name: a\nstudy: {id: A}\n${refused}`,
      'models/work/x.sql': "SELECT TIMESTAMP '2026-03-27' AS AT",
      '.warehouse/main.duckdb': 'the working file',
    });
    await remember();
    expect(await build()).toEqual(EMPTY);
    await expect(build({ select: ['work.x'] })).rejects.toMatchObject(begun);
    await expect(build({ exclude: ['work.x'] })).rejects.toMatchObject(begun);
    await expect(build({ fullRefresh: true })).rejects.toMatchObject(begun);
    await expect(build({ release: true })).rejects.toMatchObject(begun);
    project.write({ 'models/work/x.yml': 'tests: [{ freshness: { column: AT, warn_after: 7 days } }]\n' });
    expect(await remember()).toBe(false);
    await expect(build()).rejects.toMatchObject(begun);
  });

  it('is begun where it cannot be told what has changed, and tells itself what is wrong [BUILD-131]', async () => {
    project = new TemporaryProject({
      'warehouse.yml': 'name: a\nstudy: {id: A}\npublications: {main: {models: [work.nothing]}}\n',
    });
    symlinkSync('/', project.path('data'));
    await expect(build()).rejects.toMatchObject({ code: 'PUBLICATION_UNKNOWN' });
  });
});
