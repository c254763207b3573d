import { afterEach, describe, expect, it } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import { propertiesSchema } from '../../src/project/properties.ts';
import { csvRows } from '../../src/project/unit-test.ts';
import { validateYaml } from '../../src/project/validate.ts';
import { TemporaryProject } from '../helpers/project.ts';

const read = (yaml: string) => validateYaml('models/a/b.yml', yaml, propertiesSchema);
const one = (rest: string) => `unit_tests:\n  - name: one\n${rest.replaceAll(/^/gm, '    ')}\n`;

describe('rows of a unit test [MODEL-127]', () => {
  it('may be CSV: an empty field is NULL, "" the empty text', () => {
    expect(csvRows('A,B\n1,\n"","x, y"\n')).toEqual([
      { A: '1', B: null },
      { A: '', B: 'x, y' },
    ]);
    expect(csvRows('\ufeffA\r\n1\r\n')).toEqual([{ A: '1' }]);
  });

  it('an empty line is a row of one column, as it is in a seed', () => {
    expect(csvRows('A\n1\n\n2\n')).toEqual([{ A: '1' }, { A: null }, { A: '2' }]);
    expect(csvRows('A\r\n1\r\n\r\n')).toEqual([{ A: '1' }, { A: null }]);
  });

  it.each([
    ['given: [{input: a.c}]\nexpect: {rows: []}', 'unit_tests[0].given[0] must have either rows or fixture.'],
    ['expect: {rows: [], fixture: tests/a.csv}', 'unit_tests[0].expect must have either rows or fixture.'],
    ['expect: {fixture: data/a.csv}', /^unit_tests\[0\].expect.fixture must be a CSV file in tests\//],
    ['expect: {fixture: tests/../a.csv}', /^unit_tests\[0\].expect.fixture must be a path inside the project/],
    ['expect: {rows: "A,A\\n1,2"}', /is no CSV with a header: its header names A twice/],
    ['expect: {rows: "A,B\\n1"}', /is no CSV with a header/],
    ['expect: {rows: "A,B\\n1,2\\n\\n3,4\\n"}', /is no CSV with a header: .* on line 3/],
    ['expect: {rows: [{A: {b: 1}}]}', /^unit_tests\[0\].expect.rows\[0\].A must be text, a number/],
    ['expect: {rows: [{A: 0012}]}', /is 0012, which YAML reads as the number 12/],
    [
      'expect: {rows: [{s: a}, {s: WRONG, t: b, S: right}]}',
      'unit_tests[0].expect.rows[1].S is s again: SQL does not heed case.',
    ],
    [
      'given: [{input: a.c, rows: [{Ae: 1, AE: 2}]}]\nexpect: {rows: []}',
      'unit_tests[0].given[0].rows[0].AE is Ae again: SQL does not heed case.',
    ],
    [
      'vars: {cutoff: a, CutOff: b}\nexpect: {rows: []}',
      'unit_tests[0].vars.CutOff is cutoff again: SQL does not heed case.',
    ],
    ['expect: {rows: []}\ngive: []', 'Unknown key "give" in unit_tests[0].'],
    [
      'given: [{input: "ref(c)", rows: []}]\nexpect: {rows: []}',
      /^unit_tests\[0\].given\[0\].input must be the name of/,
    ],
    ['expect: {rows: []}', undefined],
  ])('%s', (yaml, message) => {
    const { problems } = read(one(yaml));
    if (message === undefined) expect(problems).toEqual([]);
    else
      expect(problems.map((problem) => problem.message)).toEqual([
        typeof message === 'string' ? message : expect.stringMatching(message),
      ]);
  });

  it('have a name of their own among the tests of the model', () => {
    const twice = 'unit_tests:\n  - {name: a, expect: {rows: []}}\n  - {name: A, expect: {rows: []}}\n';
    expect(read(twice).problems).toMatchObject([{ message: 'unit_tests[1].name is the name of another unit test.' }]);
    const shared = 'tests: [{unique: [X]}]\nunit_tests:\n  - {name: unique_x, expect: {rows: []}}\n';
    expect(read(shared).valid?.tests).toMatchObject([{ name: 'unique_X_2' }]);
  });
});

describe('fixtures of unit tests [MODEL-127]', () => {
  let project: TemporaryProject;
  afterEach(() => project.remove());
  const files = (fixture: string, content?: string) => ({
    'warehouse.yml': 'name: a\nstudy: {id: A}\n',
    'models/a/b.sql': 'SELECT 1 AS x',
    'models/a/b.yml': `unit_tests:\n  - name: one\n    expect:\n      fixture: ${fixture}\n`,
    ...(content !== undefined && { [fixture]: content }),
  });

  it('are read with the project', async () => {
    project = new TemporaryProject(files('tests/fixtures/b.csv', 'x\n1\n'));
    const [model] = (await loadProject(project.root)).models;
    expect(model.unitTests).toMatchObject([{ name: 'one', given: [], expect: { rows: [{ x: '1' }] } }]);
  });

  it.each([
    [undefined, 'The fixture tests/b.csv is not there.'],
    ['x,x\n', 'The fixture tests/b.csv is no CSV with a header: its header names x twice.'],
  ])('that hold %j are refused at their place', async (content, message) => {
    project = new TemporaryProject(files('tests/b.csv', content));
    await expect(loadProject(project.root)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message,
      place: { file: 'models/a/b.yml', line: 4 },
    });
  });
});

describe('the tables of unit tests [MODEL-133]', () => {
  const files = (unit: string) => ({
    'warehouse.yml': 'name: a\nstudy: {id: A}\nsources: {edc: {files: data/*.xml}}\n',
    'models/a/b.sql': 'SELECT 1 AS x',
    'models/a/c.sql': 'SELECT 1 AS x',
    'models/a/b.yml': `unit_tests:\n  - name: one\n    expect: {rows: []}\n${unit.replaceAll(/^/gm, '    ')}\n`,
  });
  const given = (...inputs: string[]) => `given: [${inputs.map((input) => `{input: "${input}", rows: []}`)}]`;

  it.each([
    ["ref('c')", 'a.c'],
    ["ref('a', 'c')", 'a.c'],
    ["ref( 'a.c' )", 'a.c'],
    ["ref('ae')", 'staged.ae'],
    ["source('edc', 'ae')", 'staged.ae'],
    ["source('raw', 'delivery')", 'raw.delivery'],
    ['a.c', 'a.c'],
  ])('%s is %s', async (input, table) => {
    const project = new TemporaryProject(files(given(input)));
    const [model] = (await loadProject(project.root)).models;
    expect(model.unitTests![0].given.map((one) => one.input)).toEqual([table]);
    project.remove();
  });

  it.each([
    ['model: c', 'CONFIG_INVALID', 'unit_tests[0].model is "c", and these are the properties of a.b.', 4],
    [given('a.c', 'a.c'), 'CONFIG_INVALID', 'unit_tests[0].given[1].input is given twice: a.c.', 4],
    [given('a.c', "ref('c')"), 'CONFIG_INVALID', 'unit_tests[0].given[1].input is given twice: a.c.', 4],
    [given("source('edd', 'ae')"), 'TEMPLATE_SOURCE', 'warehouse.yml has no source edd.', 4],
    [given("ref('other', 'c')"), 'TEMPLATE_REF', 'There is no package other.', 4],
  ])('%s is refused', async (unit, code, message, line) => {
    const project = new TemporaryProject(files(unit));
    const place = expect.objectContaining({ file: 'models/a/b.yml', line });
    await expect(loadProject(project.root)).rejects.toMatchObject({ code, message, place });
    project.remove();
  });

  it.each(['model: b', 'model: a.b'])('%s says whose properties they are', async (unit) => {
    const project = new TemporaryProject(files(unit));
    expect((await loadProject(project.root)).models[0].unitTests).toHaveLength(1);
    project.remove();
  });
});

it('a test of freshness names a source of the project [MODEL-122]', async () => {
  const project = new TemporaryProject({
    'warehouse.yml': 'name: a\nstudy: {id: A}\nsources: {edc: {files: data/*.xml}}\n',
    'models/a/b.sql': 'SELECT 1 AS x',
    'models/a/b.yml': 'tests: [{freshness: {source: edcc, error_after: 3 days}}]\n',
  });
  await expect(loadProject(project.root)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: 'A test of freshness names the source edcc, which warehouse.yml does not have.',
    next: 'Did you mean edc?',
    place: { file: 'models/a/b.yml', line: 1 },
  });
  project.remove();
});
