import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile, list } from '../../src/build/inspect.ts';
import { plan } from '../../src/build/plan.ts';
import type { SelectOptions } from '../../src/build/selection.ts';
import { silent, type WarehouseEvent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { element, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';
import { bytesOf } from '../helpers/snapshot.ts';

const CONTEXT = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
const ALL: SelectOptions = { select: [] };

const data = (day: number, ...groups: string[]) =>
  odm({ created: `2026-01-0${day}T00:00:00Z` }, subject('1', {}, event('V', {}, form('F', {}, ...groups))));
const DEFINITIONS = element(
  'ODM',
  { xmlns: 'http://www.cdisc.org/ns/odm/v1.3', ODMVersion: '1.3.2', FileType: 'Snapshot', FileOID: 'D' },
  element(
    'Study',
    { OID: 'S' },
    element(
      'MetaDataVersion',
      { OID: '1', Name: 'one' },
      element(
        'ItemGroupDef',
        { OID: 'IG.AE', Name: 'Events', Repeating: 'Yes' },
        element('ItemRef', { ItemOID: 'I.TERM' }),
      ),
      element('ItemDef', { OID: 'I.TERM', Name: 'Term', DataType: 'text' }),
    ),
  ),
);

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'plan',
    study: { id: 'S' },
    sources: { edc: { files: 'data/*.xml' }, lab: { files: 'data/lab.csv' }, codes: { files: 'data/codes.csv' } },
  }),
  'models/sdtm/x.sql': 'SELECT i AS TERM, twice(1) AS N, [_row] AS _rows FROM staged.g',
  'models/sdtm/y.sql': 'SELECT a AS TERM, [_row] AS _rows FROM staged.lab',
  // A join: DuckDB writes its syntax tree in one way or another, by the version that the file is kept in.
  'models/sdtm/z.sql': 'SELECT a.code AS CODE, [a._row] AS _rows FROM staged.codes a JOIN staged.codes b USING (code)',
  'macros/own.sql': 'CREATE MACRO twice(x) AS 2 * x;',
  'data/1.xml': data(1, group('G', {}, item('I', 'a'))),
  'data/lab.csv': 'A,B\n1,2\n',
  'data/codes.csv': 'CODE\nX\n',
};

const planned = async (project: TemporaryProject) => plan(await loadProject(project.root), ALL, CONTEXT);
/** By name: the order in which they run is shown elsewhere. */
const actions = async (project: TemporaryProject) =>
  (await planned(project)).models.map(({ name, action, reason }) => [name, action, reason]).sort();

describe('plan', () => {
  it('shows, on a new project, the staged tables that pending files will bring and what reads them [PLAN-002]', async () => {
    await withProject({ ...FILES, 'data/0.xml': DEFINITIONS }, async (project) => {
      const before = bytesOf(project.root);
      const { deliveries } = await planned(project);
      expect(deliveries.map(({ source, file, reason }) => [source, file, reason])).toEqual([
        ['edc', 'data/0.xml', 'new file'],
        ['edc', 'data/1.xml', 'new file'],
        ['lab', 'data/lab.csv', 'new file'],
        ['codes', 'data/codes.csv', 'new file'],
      ]);
      const names = ['sdtm.x', 'sdtm.y', 'sdtm.z', 'staged.ae', 'staged.codes', 'staged.g', 'staged.lab'];
      expect(await actions(project)).toEqual(names.map((name) => [name, 'build', 'new']));
      expect(bytesOf(project.root)).toEqual(before);
      expect(existsSync(project.path('.warehouse'))).toBe(false);
    });
  });

  it('plans nothing where nothing changed, and what a change reaches where something did [PLAN-002]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      expect((await actions(project)).map(([, action]) => action)).toEqual(Array(6).fill('skip'));
      project.write({ 'macros/own.sql': 'CREATE MACRO twice(x) AS 3 * x;' });
      expect(await actions(project)).toContainEqual(['sdtm.x', 'build', 'macro twice changed']);
      project.write({ 'macros/own.sql': FILES['macros/own.sql'], 'data/lab.csv': 'A,B\n1,3\n' });
      const after = await planned(project);
      expect(after.deliveries).toEqual([{ source: 'lab', file: 'data/lab.csv', reason: 'changed' }]);
      expect(await actions(project)).toEqual([
        ['sdtm.x', 'skip', 'unchanged'],
        ['sdtm.y', 'depends', 'built only if staged.lab changes'],
        ['sdtm.z', 'skip', 'unchanged'],
        ['staged.codes', 'skip', 'unchanged'],
        ['staged.g', 'skip', 'unchanged'],
        ['staged.lab', 'depends', 'built only if data/lab.csv changes what it reads'],
      ]);
    });
  });

  it('names the tests that are run though their model stays, and tells what is wrong with a model [PLAN-101]', async () => {
    await withProject({ ...FILES, 'models/sdtm/y.yml': 'label: Y\n' }, async (project) => {
      await project.build();
      expect((await planned(project)).tests).toEqual([]);
      project.write({
        'models/sdtm/y.yml': 'label: Y\ntests: [{ row_count: { min: 2 }, name: enough }]\n',
        'tests/none.sql': 'SELECT * FROM sdtm.z WHERE CODE IS NULL',
        'models/sdtm/x.sql': 'SELECT nothing FROM staged.nowhere',
      });
      const told: string[] = [];
      const events = (event: WarehouseEvent) => {
        if (event.event === 'error') told.push(`${event.error.code} ${event.error.place.file}`);
      };
      const { models, tests } = await plan(await loadProject(project.root), ALL, { ...CONTEXT, events });
      expect(models.filter(({ action }) => action !== 'skip').map(({ name, action }) => [name, action])).toEqual([
        ['sdtm.x', 'blocked'],
      ]);
      expect(told).toEqual(['MODEL_UNKNOWN_TABLE models/sdtm/x.sql']);
      expect(tests).toEqual([
        { model: 'sdtm.y', name: 'enough' },
        { model: 'sdtm.z', name: 'none' },
      ]);
      await project.build();
      expect((await planned(project)).tests).toEqual([{ model: 'sdtm.y', name: 'enough' }]);
    });
  });

  const toldOf = async (project: TemporaryProject, work: typeof plan | typeof compile) => {
    const told: string[] = [];
    const events = (event: WarehouseEvent) => {
      if (event.event === 'error') told.push(`${event.error.code} ${event.error.place.model}: ${event.error.message}`);
    };
    const options = { ...ALL, check: true };
    const { models, errors } = await work(await loadProject(project.root), options, { ...CONTEXT, events });
    expect(errors).toHaveLength(told.length);
    return { models, told };
  };

  it('binds what would be built over the columns that there will be, and tests too [PLAN-101]', async () => {
    const files = {
      'models/work/one.sql': 'SELECT a, b FROM staged.lab',
      'models/work/b.sql': 'SELECT a AS c FROM work.one',
      'models/work/b.yml': 'materialized: view\n',
      'models/work/c.sql': 'SELECT c FROM work.b',
      'models/work/c.yml': 'label: C\n',
    };
    await withProject({ ...FILES, ...files }, async (project) => {
      const wrongWith = async (changed: Record<string, string>) => {
        project.write({ ...files, ...changed });
        const { models, told } = await toldOf(project, plan);
        const blocked = models.flatMap((model) =>
          'action' in model && model.action === 'blocked' ? [`${model.name}: ${model.reason}`] : [],
        );
        return { blocked, told: told.map((text) => text.split('\n')[0]) };
      };
      expect(await wrongWith({})).toEqual({ blocked: [], told: [] });
      await project.build();
      expect(await wrongWith({ 'models/work/one.sql': 'SELECT b FROM staged.lab' })).toEqual({
        blocked: ['work.b: MODEL_SQL', 'work.c: work.b is blocked'],
        told: ['MODEL_SQL work.b: Binder Error: Referenced column "a" not found in FROM clause!'],
      });
      expect(await wrongWith({ 'models/work/c.yml': 'columns: { d: {} }\n' })).toEqual({
        blocked: ['work.c: MODEL_COLUMNS'],
        told: [
          'MODEL_COLUMNS work.c: c is in the SELECT and not in columns of models/work/c.yml; d is in columns of models/work/c.yml and not in the SELECT.',
        ],
      });
      expect(
        await wrongWith({
          'models/work/c.sql': 'SELECT c, 1 AS n FROM work.b',
          'models/work/c.yml': 'tests: [{ expression: m > 1, name: more }]\n',
        }),
      ).toEqual({
        blocked: [],
        told: ['TEST_SQL work.c: Binder Error: Referenced column "m" not found in FROM clause!'],
      });
      expect(
        await wrongWith({
          'models/work/c.sql': 'SELECT c FROM work.nowhere',
          'models/work/c.yml': 'unit_tests: [{ name: u, given: [], expect: { rows: [] } }]\n',
        }),
      ).toEqual({
        blocked: ['work.c: MODEL_UNKNOWN_TABLE'],
        told: ['MODEL_UNKNOWN_TABLE work.c: There is no model and no table work.nowhere.'],
      });
      project.write({ ...files, 'data/lab.csv': 'A,B,NEW\n1,2,3\n' });
      expect(await wrongWith({ 'models/work/one.sql': 'SELECT a, new FROM staged.lab' })).toEqual({
        blocked: [],
        told: [],
      });
    });
  });

  it('refuses what a build would: a snapshot that is to be something else [PLAN-101]', async () => {
    const snapshot = 'materialized: snapshot\nunique_key: [a]\n';
    const files = { 'models/work/s.sql': 'SELECT a FROM staged.lab', 'models/work/s.yml': snapshot };
    await withProject({ ...FILES, ...files }, async (project) => {
      await project.build();
      project.delete('models/work/s.yml');
      const { told } = await toldOf(project, plan);
      const message = 'SNAPSHOT_HISTORY work.s: work.s is a snapshot, and its history could not be made again.';
      expect(told).toEqual([message]);
      expect(await actions(project)).toContainEqual(['work.s', 'blocked', 'SNAPSHOT_HISTORY']);
      const { models } = await project.build();
      expect(models.find(({ name }) => name === 'work.s')).toMatchObject({
        state: 'failed',
        reason: 'SNAPSHOT_HISTORY',
      });
    });
  });

  it('names all that a model waits for, and leaves a view whose table somebody has dropped [PLAN-002]', async () => {
    const files = {
      'models/work/both.sql': 'SELECT a, code FROM staged.lab, staged.codes',
      'models/work/t.sql': 'SELECT 1 AS a',
      'models/work/v.sql': 'SELECT a FROM work.t',
      'models/work/v.yml': 'materialized: view\n',
    };
    await withProject({ ...FILES, ...files }, async (project) => {
      await project.build();
      await project.inWorkingFile('DROP TABLE work.t');
      project.write({ 'data/lab.csv': 'A,B\n1,3\n', 'data/codes.csv': 'CODE\nY\n' });
      expect((await actions(project)).filter(([name]) => name.startsWith('work.'))).toEqual([
        ['work.both', 'depends', 'built only if staged.codes or staged.lab changes'],
        ['work.t', 'build', 'its table is missing'],
        ['work.v', 'depends', 'built only if work.t changes'],
      ]);
      const { models } = await project.build();
      expect(models.find(({ name }) => name === 'work.v')?.state).toBe('skipped');
    });
  });

  it('says, as a build does, that another file would be read from where it was started [PLAN-101]', async () => {
    await withProject({ ...FILES, 'seeds/ref/m.csv': 'A\n1\n' }, async (project) => {
      const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
      const before = process.cwd();
      mkdirSync(join(elsewhere, 'seeds/ref'), { recursive: true });
      writeFileSync(join(elsewhere, 'seeds/ref/m.csv'), 'A\n2\n');
      try {
        process.chdir(elsewhere);
        const message =
          'The folder in which the command was started has a file seeds/ref/m.csv too, and DuckDB would read that one.';
        expect((await toldOf(project, plan)).told).toEqual([`MODEL_FILE ref.m: ${message}`]);
        const { models } = await project.build();
        expect(models.find(({ name }) => name === 'ref.m')?.error).toMatchObject({ code: 'MODEL_FILE', message });
      } finally {
        process.chdir(before);
        rmSync(elsewhere, { recursive: true });
      }
      expect((await project.build()).models.find(({ name }) => name === 'ref.m')?.state).toBe('built');
    });
  });

  it('compiles what is no single SELECT as a comment, and says what is wrong with it [PLAN-003]', async () => {
    const files = {
      'models/work/two.sql': 'SELECT 1;\nSELECT 2\n',
      'models/work/empty.sql': '',
      'models/work/made.sql': 'CREATE TABLE x AS SELECT 1',
      'models/work/open.sql': 'SELECT 1 /* x',
      'models/work/lost.sql': 'SELECT 1 FROM work.nowhere',
    };
    await withProject({ ...FILES, ...files }, async (project) => {
      await project.build();
      const { models, told } = await toldOf(project, compile);
      const sql = models.flatMap((model) => ('sql' in model ? [[model.name, model.sql]] : []));
      expect(sql.filter(([name]) => name.startsWith('work.'))).toEqual([
        ['work.empty', '-- '],
        ['work.lost', 'SELECT 1 FROM work.nowhere;'],
        ['work.made', '-- CREATE TABLE x AS SELECT 1'],
        ['work.open', '-- SELECT 1 /* x'],
        ['work.two', '-- SELECT 1;\n-- SELECT 2'],
      ]);
      expect(told.map((text) => text.split(':')[0])).toEqual([
        'MODEL_EMPTY work.empty',
        'MODEL_UNKNOWN_TABLE work.lost',
        'MODEL_NOT_SELECT work.made',
        'MODEL_SQL work.open',
        'MODEL_TWO_STATEMENTS work.two',
      ]);
    });
  });

  it('sees what a pending delivery brings to a project that has been built [PLAN-002]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write({
        'data/2.xml': data(2, group('G', {}, item('I', 'b'), item('J', 'c')), group('H', {}, item('K', 'd'))),
        'data/lab.csv': 'A,B,C\n1,2,3\n',
      });
      const found = await actions(project);
      expect(found).toContainEqual(['staged.g', 'build', 'SQL changed']);
      expect(found).toContainEqual(['staged.h', 'build', 'new']);
      expect(found).toContainEqual(['staged.lab', 'build', 'SQL changed']);
      expect(found).toContainEqual(['staged.codes', 'skip', 'unchanged']);
      const built = await project.build();
      expect(built.models.find(({ name }) => name === 'staged.h')?.state).toBe('built');
    });
  });

  it('says at which delivery a build would stop [PLAN-002]', async () => {
    await withProject({ ...FILES, 'data/2.xml': data(2).slice(0, 200) }, async (project) => {
      const { deliveries, models } = await planned(project);
      expect(deliveries.map(({ file, reason }) => [file, reason])).toEqual([
        ['data/1.xml', 'new file'],
        ['data/2.xml', 'new file; the build would stop here: ODM_TRUNCATED'],
        ['data/lab.csv', 'new file; not reached'],
        ['data/codes.csv', 'new file; not reached'],
      ]);
      expect(models.find(({ name }) => name === 'sdtm.x')).toMatchObject({ action: 'build' });
      expect(models.find(({ name }) => name === 'sdtm.y')).toMatchObject({ action: 'blocked' });
    });
  });
});

describe('what only looks', () => {
  it('leaves every byte as it was, also where a macro is new and nothing was run yet [PLAN-001]', async () => {
    await withProject(FILES, async (project) => {
      await project.load();
      project.write({ 'macros/more.sql': 'CREATE MACRO thrice(x) AS 3 * x;' });
      const before = bytesOf(project.root);
      const loaded = await loadProject(project.root);
      await planned(project);
      const { models } = await list(loaded, ALL, CONTEXT);
      expect(models.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['staged.codes', 'staged.g', 'staged.lab', 'sdtm.x', 'sdtm.y', 'sdtm.z']),
      );
      const { models: compiled } = await compile(loaded, ALL, CONTEXT);
      expect(compiled.find(({ name }) => name === 'sdtm.x')?.sql).toBe(`${FILES['models/sdtm/x.sql']};`);
      expect(bytesOf(project.root)).toEqual(before);
    });
  });

  it('works out in memory what a run that was cut short did not [PLAN-001]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      await project.inWorkingFile('DROP TABLE staged._cells');
      const before = bytesOf(project.root);
      expect(await actions(project)).toEqual(
        ['sdtm.x', 'sdtm.y', 'sdtm.z', 'staged.codes', 'staged.g', 'staged.lab'].map((name) => [
          name,
          'skip',
          'unchanged',
        ]),
      );
      expect(bytesOf(project.root)).toEqual(before);
    });
  });

  it('compiles SELECTs that a client runs as they are pasted, one after the other, and that change nothing [PLAN-003]', async () => {
    const configuration = { ...JSON.parse(FILES['warehouse.yml']), vars: { cutoff: '2026-01-01' } };
    const files = {
      ...FILES,
      'warehouse.yml': JSON.stringify(configuration),
      'models/sdtm/c.sql': "-- one row\nSELECT getvariable('cutoff') AS C, [1::BIGINT] AS _rows; -- the end",
      'models/work/v.sql': 'FROM sdtm.x',
      'models/work/v.yml': 'materialized: view\n',
    };
    await withProject(files, async (project) => {
      await project.build();
      const { models } = await compile(await loadProject(project.root), ALL, CONTEXT);
      const sqlOf = (name: string) => models.find((model) => model.name === name)?.sql;
      expect(sqlOf('sdtm.c')).toBe(
        `SET VARIABLE "cutoff" = '2026-01-01';\n-- one row\nSELECT getvariable('cutoff') AS C, [1::BIGINT] AS _rows;`,
      );
      expect(sqlOf('work.v')).toBe('FROM sdtm.x;');
      const file = await WarehouseFile.open(project.path('.warehouse/main.duckdb'));
      const connection = await file.connect();
      const tables = () => connection.rows('SELECT database_oid, table_oid, sql FROM duckdb_tables() ORDER BY ALL');
      const before = await tables();
      const pasted = await connection.duck.extractStatements(models.map(({ sql }) => sql).join('\n'));
      expect(pasted.count).toBe(models.length + 1);
      for (let place = 0; place < pasted.count; place++) await (await pasted.prepare(place)).run();
      expect(await tables()).toEqual(before);
      connection.close();
      file.close();
    });
  });

  it('of a build from nothing says what that does, of what is selected [PLAN-002]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const loaded = await loadProject(project.root);
      const told = async (...select: string[]) => {
        const { models } = await plan(loaded, { select, fullRefresh: true }, CONTEXT);
        return models.map(({ name, action, reason }) => `${name} ${action}: ${reason}`);
      };
      const before = bytesOf(project.root);
      const names = ['staged.codes', 'sdtm.z', 'staged.g', 'sdtm.x', 'staged.lab', 'sdtm.y'];
      const whole = await told();
      expect([...whole].sort()).toEqual(names.map((name) => `${name} build: full refresh`).sort());
      expect(await told('sdtm.x')).toContain('sdtm.x build: full refresh');
      expect((await told('sdtm.x')).filter((one) => one.includes(' build: '))).toHaveLength(1);
      expect(bytesOf(project.root)).toEqual(before);
      const { models } = await project.build({ fullRefresh: true });
      expect(models.map(({ name, reason }) => `${name} build: ${reason}`)).toEqual(whole);
    });
  });

  it('lists and compiles, where nothing has been built, what there is after a build [PLAN-001]', async () => {
    await withProject(FILES, async (project) => {
      const loaded = await loadProject(project.root);
      const look = async () => [await list(loaded, ALL, CONTEXT), await compile(loaded, ALL, CONTEXT)] as const;
      const before = bytesOf(project.root);
      const [{ models }, compiled] = await look();
      expect(bytesOf(project.root)).toEqual(before);
      const names = ['staged.codes', 'sdtm.z', 'staged.g', 'sdtm.x', 'staged.lab', 'sdtm.y'];
      expect(models.map(({ name }) => name).sort()).toEqual(names.sort());
      await project.build();
      expect(await look()).toEqual([{ models }, compiled]);
    });
  });

  it('lists nothing past a delivery that a build would stop at, where nothing has been built [PLAN-001]', async () => {
    await withProject({ ...FILES, 'data/2.xml': data(2).slice(0, 200) }, async (project) => {
      const loaded = await loadProject(project.root);
      expect(await failureOf(list(loaded, ALL, CONTEXT))).toMatchObject({ code: 'ODM_TRUNCATED' });
    });
  });

  it('is refused while another process, as a build does, has the working file open [PLAN-001]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const holder = spawn(process.execPath, [
        '--input-type=module',
        '-e',
        HOLDS,
        project.path('.warehouse/main.duckdb'),
      ]);
      try {
        await once(holder.stdout, 'data');
        expect(await failureOf(planned(project))).toMatchObject({ kind: 'fault', code: 'STORE_LOCKED' });
      } finally {
        holder.kill();
        await once(holder, 'exit');
      }
      expect(await planned(project)).toBeDefined();
    });
  });
});

/** Opens a DuckDB file, says so, and holds it until it is killed. */
const HOLDS = `
  import { DuckDBInstance } from '@duckdb/node-api';
  const instance = await DuckDBInstance.create(process.argv[1]);
  process.stdout.write('open');
  process.stdin.on('data', () => instance.closeSync());`;
