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
    expect(await errorOf(root)).toMatchObject({ code: 'CONFIG_INVALID', place: { file: 'models/sdtm/ae.sql' } });
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
