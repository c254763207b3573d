import { renameSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BuildResult } from '../../src/build/build.ts';
import { buildIfChanged, ifNothingChanges } from '../../src/build/build-if-changed.ts';
import { lookAround, rememberBuild, standingBuild } from '../../src/build/standing-build.ts';
import { type EventSink, silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { TemporaryProject } from '../helpers/project.ts';

const EMPTY: BuildResult = {
  deliveries: [],
  models: [],
  tests: { passed: 0, warned: 0, failed: 0, found: [], unchanged: 0, standing: [] },
  validations: [],
  unread: { unconverted: 0, undecoded: 0, undecodedCodes: 0 },
  checks: { found: [], stopping: [], unchecked: 0 },
  exports: [],
  publications: [],
  ms: 0,
};

let project: TemporaryProject;
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  project.remove();
});

describe('a build that left all up to date', () => {
  beforeEach(async () => {
    project = new TemporaryProject({
      'warehouse.yml': 'name: a\nstudy: {id: A}\nsources: {site: {format: csv, files: in/*.csv, keys: [ID]}}\n',
      'in/site.csv': 'ID\n1\n',
      'data/terms/list.csv': 'A\n1\n',
      'models/work/x.sql': 'SELECT 1 AS A',
      'models/work/x.yml': 'columns: {A: {label: One}}\n',
      'macros/one.sql': 'CREATE OR REPLACE MACRO one() AS 1;\n',
      'tests/none.sql': 'SELECT 1 WHERE false',
      '.warehouse/main.duckdb': 'the working file',
      '.warehouse/ledger/main/ledger.jsonl': '{}\n',
      'target/main.duckdb': 'the published file',
      'target/export/xpt/x.xpt': 'an export',
    });
    const loaded = await loadProject(project.root);
    await rememberBuild(loaded, await lookAround(loaded), EMPTY);
  });

  const standing = async () => {
    const loaded = await loadProject(project.root);
    return standingBuild(loaded, await lookAround(loaded));
  };

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
    ['a rule', () => project.write({ 'rules/r.sql': 'SELECT _row FROM staged.site' })],
    ['a source file, of the same size', () => project.write({ 'in/site.csv': 'ID\n2\n' })],
    ['a source file that is new', () => project.write({ 'in/other.csv': 'ID\n2\n' })],
    ['a file beside those of a source', () => project.write({ 'in/other.xml': '<ODM/>' })],
    ['a seed, of the same size', () => project.write({ 'data/terms/list.csv': 'A\n2\n' })],
    ['a seed that is gone', () => project.delete('data/terms/list.csv')],
    ['the working file', () => project.write({ '.warehouse/main.duckdb': 'The working file' })],
    ['a write-ahead log', () => project.write({ '.warehouse/main.duckdb.wal': 'x' })],
    ['a working file that is gone', () => project.delete('.warehouse/main.duckdb')],
    ['the ledger', () => project.write({ '.warehouse/ledger/main/ledger.jsonl': '{ }\n' })],
    ['a published file', () => project.write({ 'target/main.duckdb': 'The published file' })],
    ['a published file that is gone', () => project.delete('target/main.duckdb')],
    ['a published file put back', () => renameSync(copied('target/main.duckdb'), project.path('target/main.duckdb'))],
    ['an exported file', () => project.write({ 'target/export/xpt/x.xpt': 'An export' })],
    ['outputs that are gone', () => project.delete('target')],
    ['SOURCE_DATE_EPOCH', () => vi.stubEnv('SOURCE_DATE_EPOCH', '1767225600')],
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

  it('does not trust a source file that has only just changed [BUILD-130]', async () => {
    const loaded = await loadProject(project.root);
    expect((await lookAround(loaded)).isSettled).toBe(false);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 10_000);
    expect((await lookAround(loaded)).isSettled).toBe(true);
  });
});

describe('the build after one that left all up to date', () => {
  const FILES = {
    'warehouse.yml':
      'name: a\nstudy: {id: A}\nsources: {site: {format: csv, files: in/*.csv, keys: [ID]}}\nexports: {datasets: [sdtm.x], formats: [csv]}\n',
    'in/site.csv': 'ID,WEIGHT\n1,70\n2,20\n',
    'models/sdtm/x.sql': "SELECT 'A-' || id AS USUBJID, weight AS WEIGHT, [_row] AS _rows FROM staged.site",
    'models/sdtm/x.yml':
      'label: X\nkeys: [USUBJID]\ncolumns:\n  USUBJID: { label: Subject, tests: [not_null, unique] }\n  WEIGHT: { label: Weight, tests: [{ expression: "CAST(WEIGHT AS INTEGER) > 30", severity: warn }] }\n',
    'models/work/v.sql': 'SELECT USUBJID FROM sdtm.x',
    'models/work/v.yml': 'materialized: view\n',
    'models/work/gone.sql': 'SELECT 1 AS A',
  };
  const clock = fixedClock('2026-03-27T08:00:00Z');
  const build = async (events: EventSink = silent, more: { select?: string[] } = {}) =>
    buildIfChanged(await loadProject(project.root), { parser: 'tokenizer', select: [], ...more }, { clock, events });
  const written = () => project.read('target/manifest.json').toString();

  it('comes to what was foreseen, and where nothing has changed, without being begun [BUILD-131]', async () => {
    project = new TemporaryProject(FILES);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 10_000);
    const timeless = ({ models, ...result }: BuildResult) => ({
      ...result,
      models: models.map((model) => ({ ...model, ms: 0 })),
      ms: 0,
    });
    await project.build();
    // A model that goes is told of once: after this build the next is ordinary, and no standing one.
    project.delete('models/work/gone.sql');
    const notices: unknown[] = [];
    const dropping = await build((event) => event.event === 'notice' && notices.push(event.code));
    expect(notices).toEqual(['MODEL_DROPPED']);
    const foreseen = ifNothingChanges(dropping);
    const manifest = written();
    const second = await build();
    expect(written()).not.toBe(manifest);
    expect(timeless(second)).toEqual(foreseen);
    expect(second.tests.standing).toMatchObject([{ name: 'expression_WEIGHT', state: 'warned', rows: 1 }]);
    const bytes = [written(), project.read('.warehouse/main.duckdb').toString('base64')];
    expect(timeless(await build())).toEqual(foreseen);
    expect([written(), project.read('.warehouse/main.duckdb').toString('base64')]).toEqual(bytes);
    // Whoever asks for a part of the models gets a build.
    await build(silent, { select: ['sdtm.x'] });
    expect(written()).not.toBe(bytes[0]);
    expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('is begun where something failed, or was withheld, or a test asks how late it is [BUILD-131]', () => {
    project = new TemporaryProject();
    const failed = { ...EMPTY, tests: { ...EMPTY.tests, failed: 1 } };
    expect(ifNothingChanges(failed)).toBeUndefined();
    expect(ifNothingChanges({ ...EMPTY, withheld: { reason: 'x' } })).toBeUndefined();
    const blocked = { name: 'work.x', state: 'blocked', rows: undefined, ms: 1, reason: 'x' } as const;
    expect(ifNothingChanges({ ...EMPTY, models: [blocked] })).toBeUndefined();
  });

  it('is begun again each time where a test of freshness is there [BUILD-131]', async () => {
    project = new TemporaryProject({
      'warehouse.yml': 'name: a\nstudy: {id: A}\n',
      'models/work/x.sql': "SELECT TIMESTAMP '2026-03-27' AS AT",
      'models/work/x.yml': 'tests: [{ freshness: { column: AT, warn_after: 7 days } }]\n',
    });
    await build();
    const first = written();
    expect((await build()).tests).toMatchObject({ passed: 1, unchanged: 0 });
    expect(written()).not.toBe(first);
  });
});
