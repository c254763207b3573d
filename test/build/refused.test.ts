import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const data = (...values: string[]) =>
  odm(
    { created: '2026-01-01T00:00:00Z' },
    subject('1', {}, event('V', {}, form('F', {}, ...values.map((value) => group('G', {}, item('I', value)))))),
  );
const SQL = `SELECT subject_key AS USUBJID, i AS TERM, [_row] AS _rows FROM staged.g`;
const yml = (label: string) =>
  `label: Test\nkeys: [USUBJID, TERM]\ncolumns:\n  USUBJID: { label: Subject }\n  TERM: { label: "${label}" }\n  _rows: { label: Rows }\n`;

/** The error of the exports, of a build that has built everything. */
async function refusal(project: TemporaryProject) {
  const { models, exports, publications, withheld } = await project.build();
  expect(models.every(({ state }) => state === 'built' || state === 'skipped')).toBe(true);
  expect([exports, publications]).toEqual([[], []]);
  expect(withheld?.reason).toBe('Nothing was exported or published. The models are built.');
  return failureOf(Promise.reject(withheld?.error));
}

describe('the study and its environment, which are part of every identity', () => {
  const named = (id: string, environment: string) => {
    return JSON.stringify({ name: 'test', study: { id, environment }, sources: { lab: { files: 'data/lab.csv' } } });
  };

  it.each([
    ['T', 'Prod', 'T (Prod)'],
    ['S', 'UAT', 'S (UAT)'],
  ])('cannot change to %s in %s once a working file is made [BUILD-014]', async (id, environment, said) => {
    await withProject({ 'warehouse.yml': named('S', 'Prod'), 'data/lab.csv': 'A\n1\n' }, async (project) => {
      await project.build();
      project.write({ 'warehouse.yml': named(id, environment), 'data/lab.csv': 'A\n2\n' });
      expect(await project.failure()).toEqual({
        kind: 'usage',
        code: 'WAREHOUSE_OTHER_STUDY',
        message: `.warehouse/main.duckdb was made for study S (Prod), format 1; warehouse.yml says ${said}, format 1.`,
        file: 'warehouse.yml',
        next: 'The study and its environment are part of every identity and cannot change. Use another folder, or move .warehouse aside.',
      });
      project.write({ 'warehouse.yml': named('S', 'Prod') });
      expect(await project.column('SELECT a FROM staged.lab')).toEqual(['1']);
    });
  });
});

describe('models that cannot be built', () => {
  it('an unknown column is told with its place and the nearest column [BUILD-006]', async () => {
    const sql =
      'SELECT\n  subject_key AS USUBJID,\n  trem AS TERM,\n  [_row] AS _rows\nFROM (SELECT *, i AS term FROM staged.g)';
    await withProject(
      { 'warehouse.yml': configuration(), 'data/1.xml': data('a'), 'models/sdtm/x.sql': sql },
      async (project) => {
        const { models } = await project.build();
        const model = models.find(({ name }) => name === 'sdtm.x');
        expect(model).toMatchObject({ state: 'failed', rows: undefined });
        expect(model?.error).toMatchObject({
          kind: 'usage',
          code: 'MODEL_SQL',
          place: { model: 'sdtm.x', file: 'models/sdtm/x.sql', line: 3, column: 3 },
          message: expect.stringMatching(
            /^Binder Error: Referenced column "trem" not found in FROM clause!\nCandidate bindings: "term"/,
          ),
        });
      },
    );
  });

  it('models in a circle are refused with the whole circle [BUILD-006]', async () => {
    const files = {
      'warehouse.yml': configuration({ optional: true }),
      'models/work/a.sql': 'SELECT * FROM work.b',
      'models/work/b.sql': 'SELECT * FROM work.c',
      'models/work/c.sql': 'SELECT * FROM work.a',
    };
    await withProject(files, async (project) => {
      expect(await project.failure()).toEqual({
        kind: 'usage',
        code: 'MODEL_CYCLE',
        message: 'Models read each other in a circle: work.a reads work.b reads work.c reads work.a.',
        next: 'Move what they share into a model that both read.',
      });
      expect(existsSync(project.path('target/main.duckdb'))).toBe(false);
    });
  });
});

describe('values and labels that XPT cannot hold', () => {
  it('a label of 41 characters is told where it is written, before anything is done [BUILD-007]', async () => {
    const files = {
      'warehouse.yml': configuration(),
      'models/sdtm/x.sql': SQL,
      'models/sdtm/x.yml': yml('L'.repeat(41)),
    };
    await withProject({ ...files, 'data/1.xml': data('a') }, async (project) => {
      expect(await project.failure()).toMatchObject({
        kind: 'usage',
        code: 'XPT_LABEL',
        message: `columns.TERM.label "${'L'.repeat(41)}" has 41 characters; an XPT file holds at most 40.`,
        file: 'models/sdtm/x.yml',
        line: 5,
      });
      expect(existsSync(project.path('.warehouse'))).toBe(false);
    });
  });

  it.each([
    [
      'a value of 201 bytes',
      'v'.repeat(201),
      'Term',
      {
        code: 'XPT_VALUE_LENGTH',
        message: 'X.TERM, row 2 by USUBJID, TERM: the value has 201 bytes; XPT v5 holds at most 200.',
        next: 'Shorten it in the model, or move the rest of the text to SUPP--. To find the rows: SELECT * FROM sdtm.x WHERE strlen("TERM") > 200.',
      },
    ],
    [
      'a character that is not printable ASCII',
      'Fi\u00e8vre',
      'Term',
      {
        code: 'XPT_NOT_ASCII',
        message: 'X.TERM, row 1 by USUBJID, TERM: character U+00E8 at place 3 of the value is not printable ASCII.',
        next: `Replace it in the model with reviewed text, for example by xpt_text(). To find the rows: SELECT * FROM sdtm.x WHERE NOT regexp_full_match("TERM", '[ -~]*').`,
      },
    ],
  ])(
    '%s stops the export: no file of it appears, and the former ones stay [BUILD-007]',
    async (_, value, label, expected) => {
      const files = { 'warehouse.yml': configuration(), 'models/sdtm/x.sql': SQL, 'models/sdtm/x.yml': yml(label) };
      await withProject({ ...files, 'data/1.xml': data('a', value) }, async (project) => {
        expect(await refusal(project)).toEqual({ kind: 'data', ...expected });
        expect(existsSync(project.path('target/export/xpt/x.xpt'))).toBe(false);
        expect(existsSync(project.path('target/export/csv/x.csv'))).toBe(false);
        expect(existsSync(project.path('target/main.duckdb'))).toBe(false);
        expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
      });
      await withProject({ ...files, 'models/sdtm/x.yml': yml('Term'), 'data/1.xml': data('a') }, async (project) => {
        await project.build();
        const before = project.read('target/export/xpt/x.xpt');
        const manifest = project.read('target/export/manifest.json');
        project.write({
          'models/sdtm/x.yml': yml(label),
          'data/2.xml': data('a', value).replace('2026-01-01', '2026-01-02'),
        });
        expect(await refusal(project)).toEqual({ kind: 'data', ...expected });
        expect(project.read('target/export/xpt/x.xpt').equals(before)).toBe(true);
        expect(project.read('target/export/manifest.json').equals(manifest)).toBe(true);
        expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
      });
    },
  );
});
