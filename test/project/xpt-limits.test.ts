import { describe, expect, it } from 'vitest';
import type { WarehouseError } from '../../src/lib/errors.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { folderOf } from './temporary.ts';

const CONFIGURATION = 'name: a\nstudy: {id: A}\n';
const L41 = 'L'.repeat(41);

/** The error of a project with this model, and these lines more in warehouse.yml. */
async function errorOf(model: string, yml: string, more = ''): Promise<WarehouseError | undefined> {
  const root = folderOf({
    'warehouse.yml': CONFIGURATION + more,
    [`models/${model}.sql`]: 'SELECT 1 AS A',
    [`models/${model}.yml`]: yml,
  });
  return loadProject(root).then(
    () => undefined,
    (error: WarehouseError) => error,
  );
}

describe('a dataset that is exported as XPT', () => {
  it('has a label of at most 40 characters, and so have its columns [PROJECT-016]', async () => {
    expect(await errorOf('sdtm/ae', `label: ${L41}\n`)).toMatchObject({
      kind: 'usage',
      code: 'XPT_LABEL',
      message: `label "${L41}" has 41 characters; an XPT file holds at most 40.`,
      place: { file: 'models/sdtm/ae.yml', line: 1, column: 8 },
      next: 'Shorten it, or leave xpt out of exports.formats, or the dataset out of exports.datasets, in warehouse.yml.',
    });
    expect(await errorOf('sdtm/ae', `columns:\n  A: {}\n  B:\n    label: ${L41}\n`)).toMatchObject({
      code: 'XPT_LABEL',
      message: `columns.B.label "${L41}" has 41 characters; an XPT file holds at most 40.`,
      place: { file: 'models/sdtm/ae.yml', line: 4, column: 12 },
    });
    expect(await errorOf('sdtm/ae', `label: ${'L'.repeat(40)}\ncolumns: {A: {label: ${'é'.repeat(40)}}}\n`)).toBe(
      undefined,
    );
  });

  it('has a name of at most 8 characters, and so have its columns [PROJECT-016]', async () => {
    expect(await errorOf('sdtm/suppaeaex', '{}')).toMatchObject({
      kind: 'usage',
      code: 'XPT_NAME',
      message:
        'The name SUPPAEAEX (9 characters) cannot stand in an XPT file: at most 8 of A-Z, 0-9 and _, beginning with a letter.',
      place: { file: 'models/sdtm/suppaeaex.sql' },
    });
    expect(await errorOf('sdtm/ae', 'columns:\n  AESTDTC: {}\n  AESTRESNX: {}\n')).toMatchObject({
      code: 'XPT_NAME',
      message: expect.stringContaining('The name AESTRESNX (9 characters)'),
      place: { file: 'models/sdtm/ae.yml', line: 3 },
    });
    expect((await errorOf('sdtm/ae', 'columns: {aeterm: {}}\n'))?.code).toBe('XPT_NAME');
    expect(await errorOf('sdtm/ae', 'columns: {AEACNOTH: {}, _identities: {}}\n')).toBe(undefined);
  });

  it('has texts of at most 200 bytes; the length of a number is in digits [PROJECT-016]', async () => {
    expect(await errorOf('sdtm/ae', 'columns:\n  A: {type: text, length: 201}\n')).toMatchObject({
      kind: 'usage',
      code: 'XPT_LENGTH',
      message: 'columns.A.length is 201; an XPT file holds texts of at most 200 bytes.',
      place: { file: 'models/sdtm/ae.yml', line: 2, column: 27 },
    });
    expect(await errorOf('sdtm/ae', 'columns: {A: {type: text, length: 200}}\n')).toBe(undefined);
  });

  it('is told of everything at once [PROJECT-016]', async () => {
    const error = await errorOf('sdtm/ae', `label: ${L41}\ncolumns: {A: {label: ${L41}, length: 999}}\n`);
    expect(error?.message).toMatch(/^3 problems:\n {2}models\/sdtm\/ae.yml, line 1, column 8: label/);
  });
});

it.each([
  ['no xpt is written', 'sdtm/ae', 'exports: {formats: [csv, parquet]}\n'],
  ['it is not among the datasets', 'sdtm/ae', 'exports: {datasets: [sdtm.dm]}\n'],
  ['it is no dataset', 'work/ae', ''],
])('a label may be longer where %s [PROJECT-016]', async (_, model, more) => {
  expect(await errorOf(model, `label: ${L41}\ncolumns: {much_too_long_a_name: {length: 999}}\n`, more)).toBe(undefined);
});
