import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { findProject } from '../../src/project/find-project.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { folderOf } from './temporary.ts';

const CONFIGURATION = 'name: vexin\nstudy: {id: VEXIN-03}\n';

async function errorOf(root: string, target?: string): Promise<WarehouseError> {
  const error = await loadProject(root, { target }).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(WarehouseError);
  expect(error.kind).toBe('usage');
  return error;
}

const withModels = (files: Record<string, string>) => folderOf({ 'warehouse.yml': CONFIGURATION, ...files });

describe('a project', () => {
  it('is its configuration, models with properties, macros and tests, by name, frozen [PROJECT-011]', async () => {
    const root = withModels({
      'models/sdtm/dm.sql': 'SELECT 1 AS A',
      'models/sdtm/ae.sql': '\u{feff}SELECT 2 AS A',
      'models/sdtm/ae.yml': 'label: Adverse Events\ncolumns:\n  A: {label: A}\n',
      'models/staged/ae.sql': 'SELECT 3 AS A',
      'models/README.md': 'notes',
      'models/sdtm/.ae.sql.swp': 'x',
      'macros/iso8601.sql': 'CREATE MACRO a() AS 1',
      'tests/none.sql': 'SELECT 1 WHERE false',
    });
    const project = await loadProject(root);
    expect(project.models.map(({ name, path, sql }) => [name, path, sql])).toEqual([
      ['sdtm.ae', 'models/sdtm/ae.sql', 'SELECT 2 AS A'],
      ['sdtm.dm', 'models/sdtm/dm.sql', 'SELECT 1 AS A'],
      ['staged.ae', 'models/staged/ae.sql', 'SELECT 3 AS A'],
    ]);
    const [ae, dm] = project.models;
    expect(ae).toMatchObject({ schema: 'sdtm', propertiesPath: 'models/sdtm/ae.yml', generated: false });
    expect(ae.properties.label).toBe('Adverse Events');
    expect(ae.locate?.(['columns', 'A', 'label'])).toEqual({ file: 'models/sdtm/ae.yml', line: 3, column: 14 });
    expect(dm.propertiesPath).toBeUndefined();
    expect(project.macros.map(({ name }) => name)).toEqual(['iso8601']);
    expect(project.tests).toEqual([
      { name: 'none', path: 'tests/none.sql', sql: 'SELECT 1 WHERE false', severity: 'error' },
    ]);
    expect(project.target).toEqual({ name: 'main', workingFile: '.warehouse/main.duckdb' });
    expect(Object.isFrozen(project) && Object.isFrozen(project.models[0].properties.columns.A)).toBe(true);
  });

  it('reports the problems of all its files in one error [PROJECT-003]', async () => {
    const root = folderOf({
      'warehouse.yml': `${CONFIGURATION}sorces: {}\n`,
      'models/sdtm/ae.sql': 'SELECT 1',
      'models/sdtm/ae.yml': 'lable: x\n',
      'models/sdtm/dm.yml': 'label: x\n',
    });
    const error = await errorOf(root);
    expect(error.code).toBe('CONFIG_UNKNOWN_KEY');
    expect(error.place).toEqual({ file: 'warehouse.yml', line: 3, column: 1 });
    expect(error.message).toBe(
      [
        '3 problems:',
        '  warehouse.yml, line 3, column 1: Unknown key "sorces". Did you mean "sources"?',
        '  models/sdtm/ae.yml, line 1, column 1: Unknown key "lable". Did you mean "label"?',
        '  models/sdtm/dm.yml: The properties of sdtm.dm stand without a model: there is no models/sdtm/dm.sql. Write its SELECT there, or rename or remove this file as its model was.',
      ].join('\n'),
    );
  });

  it('says of properties without a model which file is missing [PROJECT-012]', async () => {
    expect(await errorOf(withModels({ 'models/sdtm/dm.yml': 'label: Demographics\n' }))).toMatchObject({
      code: 'MODEL_WITHOUT_SQL',
      message: 'The properties of sdtm.dm stand without a model: there is no models/sdtm/dm.sql.',
      place: { file: 'models/sdtm/dm.yml' },
      next: 'Write its SELECT there, or rename or remove this file as its model was.',
    });
  });

  it.each([
    ['MODEL_MISPLACED', 'models/ae.sql'],
    ['MODEL_MISPLACED', 'models/sdtm/safety/ae.sql'],
    ['MODEL_RESERVED_SCHEMA', 'models/raw/ae.sql'],
    ['MODEL_RESERVED_SCHEMA', 'models/information_schema/ae.sql'],
    ['MODEL_NAME', 'models/sdtm/AE.sql'],
    ['MODEL_NAME', 'models/SDTM/ae.sql'],
    ['MODEL_NAME', 'models/sdtm/_next_ae.sql'],
    ['MODEL_NAME', 'models/sdtm/ae.v2.sql'],
    ['MODEL_NAME', 'models/sdtm/ae.yaml'],
  ])('says %s of %s [PROJECT-012]', async (code, path) => {
    const error = await errorOf(withModels({ [path]: 'SELECT 1' }));
    expect(error).toMatchObject({ code, place: { file: path } });
  });

  const DBT = 'version: 2\nmodels:\n  - name: dm\n    columns: [{name: id, data_tests: [unique]}]\n';

  it.each([
    'models/schema.yml',
    'models/sdtm/schema.yml',
    'models/sdtm/_sdtm__models.yml',
    'models/sdtm/schema.yaml',
    'models/sdtm/safety/schema.yml',
    'models/sdtm/dm.yml',
    'seeds/schema.yml',
  ])('says of %s, a properties file of dbt, where what is in it belongs [PROJECT-042]', async (path) => {
    const error = await errorOf(withModels({ 'models/sdtm/dm.sql': 'SELECT 1 AS id', [path]: DBT }));
    expect(error).toMatchObject({
      code: 'MODEL_PROPERTIES_OF_DBT',
      message:
        'This is a properties file of dbt. Here each model has its properties in a file of its own, in another form.',
      place: { file: path, line: 2, column: 1 },
      next: 'Write models/<schema>/<name>.yml for each model, beside its SQL, with label or comment for description, tests for data_tests, and columns as a mapping: columns: {id: {tests: [not_null]}}. See docs/coming-from.md.',
    });
  });

  it('says where the sources of a dbt project are declared [PROJECT-042]', async () => {
    const error = await errorOf(
      withModels({ 'models/sources.yml': 'sources:\n  - name: edc\n    tables: [{name: ae}]\n' }),
    );
    expect(error).toMatchObject({
      code: 'MODEL_PROPERTIES_OF_DBT',
      next: 'Declare sources in warehouse.yml. See docs/coming-from.md.',
    });
  });

  it('refuses two models that differ only in case [PROJECT-012]', async () => {
    const error = await errorOf(withModels({ 'models/sdtm/ae.sql': 'SELECT 1', 'models/sdtm/AE.sql': 'SELECT 1' }));
    expect(error.code).toBe('MODEL_DUPLICATE');
    expect(error.message).toContain('AE.sql and ae.sql differ only in case');
  });

  it('refuses a file that is not UTF-8, naming it [PROJECT-004]', async () => {
    const root = folderOf({ 'warehouse.yml': CONFIGURATION, 'models/sdtm/ae.sql': Uint8Array.of(0x53, 0xe9) });
    expect(await errorOf(root)).toMatchObject({
      code: 'CONFIG_INVALID',
      place: { file: 'models/sdtm/ae.sql', line: 1, byte: 1 },
    });
  });

  it('tells of every file that is not UTF-8, with the line and byte, and of all other problems [PROJECT-003]', async () => {
    const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
    const root = folderOf({
      'warehouse.yml': latin1('name: vexin\nstudy: {id: Gér}\n'),
      'macros/a.sql': latin1('-- é'),
      'models/sdtm/ae.sql': 'SELECT 1',
      'models/sdtm/ae.yml': latin1('label: Événement\n'),
      'models/sdtm/dm.yml': 'label: x\n',
      'models/sdtm/vs.sql': latin1('SELECT\n\n  1 AS é'),
      'seeds/ref/visits.csv': latin1('V\né'),
      'rules/r.sql': latin1('é'),
      'tests/none.sql': latin1('\r\né'),
      'tests/generic/own.sql': latin1('é'),
    });
    const { message } = await errorOf(root);
    expect(message.split('\n').map((line) => line.replace(/: The .*| Save .*/, ''))).toEqual([
      '9 problems:',
      '  warehouse.yml, line 2, byte 25',
      '  macros/a.sql, line 1, byte 3',
      '  tests/generic/own.sql, line 1, byte 0',
      '  models/sdtm/ae.yml, line 1, byte 7',
      '  models/sdtm/dm.yml',
      '  models/sdtm/vs.sql, line 3, byte 15',
      '  seeds/ref/visits.csv, line 2, byte 2',
      '  rules/r.sql, line 1, byte 0',
      '  tests/none.sql, line 2, byte 2',
    ]);
  });

  it.each([
    'models/sdtm/ae.sql',
    'models/sdtm/ae.yml',
    'models/work',
    'macros/m.sql',
    'rules/r.yml',
    'qc/ae.sql',
    'tests/none.sql',
    'tests/generic/own.sql',
    'seeds/ref/visits.csv',
    'seeds/ref/visits.yml',
  ])('refuses %s that is a link to nowhere, a named pipe or a folder [PROJECT-033]', async (path) => {
    const root = withModels({});
    mkdirSync(join(root, dirname(path)), { recursive: true });
    const isFile = path.includes('.');
    symlinkSync('nowhere', join(root, path));
    expect(await errorOf(root)).toMatchObject({
      code: 'LINK_OUTSIDE',
      message: `${path} is a link to nowhere, which is not there.`,
      place: { file: path },
    });
    execFileSync('rm', [join(root, path)]);
    execFileSync('mkfifo', [join(root, path)]);
    const refusal = { code: 'NOT_A_FILE', place: { file: path }, next: 'Put the file in its place, or take it away.' };
    const message = (what: string) => `This is ${what}, and a file is meant.`;
    expect(await errorOf(root)).toMatchObject({ ...refusal, message: message('a named pipe') });
    execFileSync('rm', [join(root, path)]);
    if (!isFile) return;
    mkdirSync(join(root, path));
    expect(await errorOf(root)).toMatchObject({ ...refusal, message: message('a folder') });
  });

  it('tells of all of them at once, and of a folder that is a link to nowhere [PROJECT-033]', async () => {
    const root = withModels({ 'models/sdtm/ae.sql': 'SELECT 1', 'models/sdtm/dm.yml': 'label: x\n' });
    symlinkSync('nowhere.sql', join(root, 'models/sdtm/b.sql'));
    symlinkSync('elsewhere', join(root, 'tests'));
    expect((await errorOf(root)).message.split('\n').map((line) => line.slice(0, 60))).toEqual([
      '3 problems:',
      '  models/sdtm/b.sql: models/sdtm/b.sql is a link to nowhere.',
      '  models/sdtm/dm.yml: The properties of sdtm.dm stand withou',
      '  tests: tests is a link to elsewhere, which is not there. P',
    ]);
  });

  it('refuses files that lead out of the project, and reads those of folders in it through links [PROJECT-030]', async () => {
    const elsewhere = folderOf({ 'm.sql': 'CREATE MACRO m() AS 1' });
    const root = withModels({ 'common/ae.sql': 'SELECT 1 AS A', 'lists/visits.csv': 'V\n1\n' });
    mkdirSync(join(root, 'models'));
    mkdirSync(join(root, 'seeds'));
    symlinkSync('../common', join(root, 'models/work'));
    symlinkSync('../lists', join(root, 'seeds/ref'));
    expect((await loadProject(root)).models.map(({ name }) => name)).toEqual(['ref.visits', 'work.ae']);
    mkdirSync(join(root, 'macros'));
    symlinkSync(join(elsewhere, 'm.sql'), join(root, 'macros/m.sql'));
    expect(await errorOf(root)).toMatchObject({ code: 'LINK_OUTSIDE', place: { file: 'macros/m.sql' } });
  });

  it('has the tests and macros of folders in their folders, as in dbt [PROJECT-034]', async () => {
    const root = withModels({
      'tests/singular/x.sql': 'SELECT 1',
      'tests/a/b/y.sql': 'SELECT 2',
      'tests/generic/own.sql': '{% test own(model) %} SELECT 1 {% endtest %}',
      'macros/dates/one.sql': 'CREATE MACRO one() AS 1',
    });
    const { tests, macros } = await loadProject(root);
    expect(tests.map(({ name, path }) => [name, path])).toEqual([
      ['y', 'tests/a/b/y.sql'],
      ['x', 'tests/singular/x.sql'],
    ]);
    expect(macros.map(({ path }) => path)).toEqual(['macros/dates/one.sql']);
  });

  it.each([
    ['TEST_FILE', 'tests/x.SQL', 'A test ends in .sql, in lower-case letters.', 'Rename it to tests/x.sql.'],
    ['TEST_FILE', 'tests/b/none.sql', 'tests/a/none.sql is a test none too.', 'Rename one of them.'],
    [
      'MACRO_FILE',
      'macros/a/m.Sql',
      'A file of macros ends in .sql, in lower-case letters.',
      'Rename it to macros/a/m.sql.',
    ],
    ['RULE_NAME', 'rules/a/r.sql', undefined, undefined],
    ['QC_NAME', 'qc/a/r.sql', undefined, undefined],
    ['MODEL_MISPLACED', 'models/a/b/c/r.sql', undefined, undefined],
  ])('says %s of %s, which would be passed over [PROJECT-034]', async (code, file, message, next) => {
    const error = await errorOf(withModels({ 'tests/a/none.sql': 'SELECT 1', [file]: 'SELECT 1' }));
    expect(error).toMatchObject({ code, place: { file }, ...(message && { message, next }) });
  });

  it('is found from any folder below it [PROJECT-013]', () => {
    const root = withModels({ 'models/sdtm/ae.sql': 'SELECT 1' });
    expect(findProject(`${root}/models/sdtm`)).toBe(root);
    expect(() => findProject('/')).toThrow(expect.objectContaining({ code: 'PROJECT_NOT_FOUND', kind: 'usage' }));
  });

  it('says that there is none where there is no warehouse.yml [PROJECT-013]', async () => {
    expect((await errorOf(folderOf({}))).code).toBe('PROJECT_NOT_FOUND');
  });
});

describe('a target', () => {
  const root = () =>
    folderOf({
      'warehouse.yml': `${CONFIGURATION}
sources:
  edc: {files: data/edc.xml}
  kits: {files: data/dummy.csv}
  arms: {files: data/arms.csv, classification: restricted}
targets:
  unblinded:
    sources: {kits: {files: data/real.csv, classification: unblinding}, arms: {files: data/real_arms.csv}}
    level: unblinding
  dry: {file: target/rehearsal.duckdb}
publications:
  main: {}
  safety: {models: sdtm.ae, file: target/for-safety.duckdb, level: identifier}
`,
    });
  const filesOf = ({ publications }: { publications: readonly { file: string }[] }) =>
    publications.map(({ file }) => file);

  it('has files of its own for its sources, and a working file, publications and exports of its own [PROJECT-014]', async () => {
    const folder = root();
    const main = await loadProject(folder);
    const unblinded = await loadProject(folder, { target: 'unblinded' });
    expect(main.sources.map(({ files }) => files)).toEqual([['data/edc.xml'], ['data/dummy.csv'], ['data/arms.csv']]);
    expect(unblinded.sources.map(({ files }) => files)).toEqual([
      ['data/edc.xml'],
      ['data/real.csv'],
      ['data/real_arms.csv'],
    ]);
    expect(main.sources.map(({ classification }) => classification)).toEqual(['none', 'none', 'restricted']);
    expect(unblinded.sources.map(({ classification }) => classification)).toEqual(['none', 'unblinding', 'restricted']);
    expect(unblinded.target.workingFile).toBe('.warehouse/unblinded.duckdb');
    expect(filesOf(main)).toEqual(['target/main.duckdb', 'target/for-safety.duckdb']);
    expect(filesOf(unblinded)).toEqual(['target/main-unblinded.duckdb', 'target/for-safety-unblinded.duckdb']);
    expect([main.exports.directory, unblinded.exports.directory]).toEqual(['target/export', 'target/export-unblinded']);
  });

  it('shows nothing unblinding without a word; its level is that of what has none of its own [CLASSIFICATION-007]', async () => {
    const levelsOf = async (options: { target?: string }) => {
      const { publications, exports } = await loadProject(root(), options);
      return [...publications.map(({ level }) => level), exports.level];
    };
    expect(await levelsOf({})).toEqual(['restricted', 'identifier', 'restricted']);
    expect(await levelsOf({ target: 'unblinded' })).toEqual(['unblinding', 'identifier', 'unblinding']);
    expect(await levelsOf({ target: 'dry' })).toEqual(['restricted', 'identifier', 'restricted']);
  });

  it('may name the file of the publication main [PROJECT-014]', async () => {
    expect(filesOf(await loadProject(root(), { target: 'dry' }))).toEqual([
      'target/rehearsal.duckdb',
      'target/for-safety-dry.duckdb',
    ]);
  });

  it('that does not exist is a usage error with the nearest [PROJECT-014]', async () => {
    expect(await errorOf(root(), 'unblnded')).toMatchObject({
      code: 'TARGET_UNKNOWN',
      message: 'There is no target "unblnded".',
      next: 'Did you mean "unblinded"?',
    });
    expect((await errorOf(root(), 'toString')).code).toBe('TARGET_UNKNOWN');
  });
});
