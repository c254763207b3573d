import { describe, expect, it } from 'vitest';
import { externalFiles } from '../../src/project/external.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { folderOf } from './temporary.ts';

const PROJECT = 'name: small\nstudy: {id: S}\ntargets: {unblinded: {}}\n';

/** Projects whose models x and y are external, with these locations. */
const project = (x: string | undefined, y?: string, rest = '') =>
  folderOf({
    'warehouse.yml': `${PROJECT}${rest}`,
    'models/work/x.sql': 'SELECT 1 AS a',
    'models/work/x.yml': `materialized: external\n${x === undefined ? '' : `location: ${x}\n`}`,
    'models/work/y.sql': 'SELECT 1 AS a',
    'models/work/y.yml': y === undefined ? 'label: Y\n' : `materialized: external\nlocation: ${y}\n`,
  });

const filesOf = async (root: string, target?: string) => externalFiles(await loadProject(root, { target }));
const refusal = (root: string) =>
  loadProject(root).then(
    () => undefined,
    (error) => error,
  );

describe('the file of an external model', () => {
  it('is where location says, or named after the model, with the target in its name [MODEL-212]', async () => {
    const said = project('target/./flat/x.parquet', 'target/y.parquet');
    expect(await filesOf(said)).toEqual(['target/flat/x.parquet', 'target/y.parquet']);
    expect(await filesOf(said, 'unblinded')).toEqual(['target/flat/x-unblinded.parquet', 'target/y-unblinded.parquet']);
    expect(await filesOf(project(undefined))).toEqual(['target/external/work/x.parquet']);
  });

  it.each([
    ['out/x.parquet', 'must lie in target/'],
    ['../x.parquet', 'must be a path inside the project'],
    ['target/../x.parquet', 'must be a path inside the project'],
    ['/tmp/x.parquet', 'must be a path inside the project'],
    ['target/x.csv', 'must end in .parquet'],
    ['s3://bucket/x.parquet', 'must lie in target/'],
  ])('is not %s [MODEL-212]', async (location, message) => {
    expect(await refusal(project(location))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(message),
      place: { file: 'models/work/x.yml', line: 2 },
    });
  });

  it.each([
    ['that of another model', ['target/a.parquet', 'target/A.parquet'], 'the file of work.x for target main'],
    ['what another has for another target', ['target/a-unblinded.parquet', 'target/a.parquet'], 'work.x'],
    ['in the folder of the exports', [undefined, 'target/export/y.parquet'], 'the export of target main'],
    [
      'in the place of a publication',
      [undefined, 'target/s.duckdb/y.parquet', 'publications: {s: {}}\n'],
      'the publication s of target main',
    ],
  ] as const)('is not %s [MODEL-212]', async (_, [x, y, rest], other) => {
    const error = await refusal(project(x, y, rest));
    expect(error).toMatchObject({
      kind: 'usage',
      code: 'CONFIG_INVALID',
      place: { file: 'models/work/y.yml', line: 2 },
    });
    expect(error.message).toContain('file of work.y for target');
    expect(error.message).toContain(other);
  });

  it('is only of an external model [MODEL-212]', async () => {
    const root = folderOf({
      'warehouse.yml': PROJECT,
      'models/work/x.sql': 'SELECT 1 AS a',
      'models/work/x.yml': 'location: target/x.parquet\n',
    });
    expect(await refusal(root)).toMatchObject({
      message: expect.stringContaining('belongs to materialized: external'),
    });
  });
});
