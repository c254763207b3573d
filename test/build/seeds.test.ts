import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withProject } from '../helpers/project.ts';

const YML = JSON.stringify({ name: 'test', study: { id: 'S' } });
const CSV = 'seeds/ref/visits.csv';
const SPEC = 'seeds/ref/visits.yml';
const VISITS = 'VISITNUM,VISIT,WINDOW,PLANNED,CODE\n1,SCREENING,0.5,2026-03-31,01\n2,"WEEK 1, DAY 1",,,02\n';
const COLUMNS = `label: Visits
columns:
  VISITNUM: { type: integer, tests: [not_null, unique] }
  VISIT: { type: text }
  WINDOW: { type: float }
  PLANNED: { type: date }
  CODE: {}
`;
const files = { 'warehouse.yml': YML, [CSV]: VISITS, [SPEC]: COLUMNS };

describe('a seed', () => {
  it('is made by run in a file into which nothing was ever loaded [MODEL-161]', async () => {
    await withProject(files, async (project) => {
      expect((await project.run()).models).toMatchObject([{ name: 'ref.visits', state: 'built', rows: 2 }]);
    });
  });

  it('is a model with the types that its properties declare, and what is not declared is text [MODEL-161]', async () => {
    const reader = { 'models/work/first.sql': "SELECT VISIT FROM {{ ref('visits') }} WHERE VISITNUM = 1" };
    await withProject({ ...files, ...reader }, async (project) => {
      const { models } = await project.build();
      expect(models.map(({ name, state }) => `${name} ${state}`)).toEqual(['ref.visits built', 'work.first built']);
      expect(await project.rows('SELECT column_name, column_type FROM (DESCRIBE ref.visits)')).toEqual([
        ['VISITNUM', 'BIGINT'],
        ['VISIT', 'VARCHAR'],
        ['WINDOW', 'DOUBLE'],
        ['PLANNED', 'DATE'],
        ['CODE', 'VARCHAR'],
      ]);
      expect(await project.rows('SELECT * REPLACE (PLANNED::VARCHAR AS PLANNED) FROM ref.visits')).toEqual([
        [1, 'SCREENING', 0.5, '2026-03-31', '01'],
        [2, 'WEEK 1, DAY 1', null, null, '02'],
      ]);
      expect(await project.column('FROM work.first')).toEqual(['SCREENING']);
      expect(await project.column('SELECT test FROM run.current_test ORDER BY 1')).toEqual([
        'not_null_VISITNUM',
        'unique_VISITNUM',
      ]);
    });
  });

  it('is built again when its file changes, and never otherwise [MODEL-161]', async () => {
    const dataset = {
      'models/sdtm/tv.sql': 'SELECT VISIT FROM ref.visits',
      'models/sdtm/tv.yml': 'label: Trial Visits\nreference_data: true\n',
    };
    await withProject({ ...files, ...dataset }, async (project) => {
      await project.build();
      expect((await project.build()).models.map(({ state }) => state)).toEqual(['skipped', 'skipped']);
      project.write({ [CSV]: VISITS.replace('SCREENING', 'BASELINE') });
      const [{ state, reason }] = (await project.build()).models;
      expect([state, reason]).toEqual(['built', `${CSV} changed`]);
      const manifest = JSON.parse(readFileSync(project.path('target/export/manifest.json'), 'utf8'));
      expect(manifest.seeds.map(({ name }: { name: string }) => name)).toEqual([CSV]);
    });
  });

  it('without properties is text in every column, whatever the values look like [MODEL-161]', async () => {
    const text = '\u{feff}n,d,"q""q"\r\n007,2026-03-31,"two\r\nlines"\r\n,"",x\r\n';
    await withProject({ 'warehouse.yml': YML, [CSV]: text }, async (project) => {
      await project.build();
      expect(await project.rows('FROM ref.visits')).toEqual([
        ['007', '2026-03-31', 'two\r\nlines'],
        [null, null, 'x'],
      ]);
    });
  });

  it.for([
    ['1.5,A,1,,', 'SEED_VALUE', 4, 'The value of VISITNUM is not a whole number, such as 12.'],
    ['9223372036854775808,A,1,,', 'SEED_VALUE', 4, 'The value of VISITNUM is not a whole number, such as 12.'],
    [' 1,A,1,,', 'SEED_VALUE', 4, 'The value of VISITNUM is not a whole number, such as 12.'],
    ['1,A,1e999,,', 'SEED_VALUE', 4, 'The value of WINDOW is not a number, such as 1.5.'],
    ['1,A,1,2026-02-30,', 'SEED_VALUE', 4, 'The value of PLANNED is not a date, such as 2026-03-31.'],
    ['"1","A\nB",1,,\n2,A,x,,', 'SEED_VALUE', 6, 'The value of WINDOW is not a number, such as 1.5.'],
    ['1,A,1,', 'SEED_CSV', 4, 'The line has 4 cells, and the header 5.'],
    ['', 'SEED_CSV', 4, 'The line is empty.'],
    ['1,A"B,1,,', 'SEED_CSV', 4, 'The line is no CSV.'],
    ['1,A,1,,\r\n2,B,1,,', 'SEED_CSV', 1, 'The lines of the file end in different ways.'],
  ] as [string, string, number, string][])(
    'is refused with line and column, and no value of it: %s [MODEL-162]',
    async ([line, code, at, message]) => {
      await withProject({ ...files, [CSV]: `${VISITS}${line}\n` }, async (project) => {
        expect(await project.failure()).toMatchObject({ kind: 'usage', code, file: CSV, line: at, message });
      });
    },
  );

  it.for([
    ['VISITNUM,VISITS,WINDOW,PLANNED,CODE', `The header lacks VISIT, which ${SPEC} declares.`, 'Did you mean VISITS?'],
    ['VISITNUM,VISIT,WINDOW,PLANNED,CODE,MORE', `${SPEC} does not declare MORE.`, 'Add it under columns: there.'],
    ['VISIT,VISITNUM,WINDOW,PLANNED,CODE', `The columns stand in another order than in ${SPEC}.`],
    ['VISITNUM,VISIT,visit,PLANNED,CODE', 'The header names visit twice: SQL does not heed case.'],
    ['VISITNUM,VISIT,,PLANNED,CODE', 'A column of the header has no name.'],
  ])('is refused where its header is not what is declared: %s [MODEL-162]', async ([header, message, next]) => {
    await withProject({ ...files, [CSV]: `${header}\n` }, async (project) => {
      const failure = await project.failure();
      expect(failure).toMatchObject({ code: 'SEED_HEADER', file: CSV, line: 1, message });
      if (next !== undefined) expect(failure.next).toBe(next);
    });
  });

  it('may have a column that is called as DuckDB calls the clock, and so may a source [MODEL-161, MODEL-230]', async () => {
    const given = {
      'warehouse.yml': JSON.stringify({
        name: 'test',
        study: { id: 'S' },
        sources: { ecg: { files: 'data/ecg.csv', keys: ['id'] } },
      }),
      'data/ecg.csv': 'id,LocalTime\n1,08:30\n',
      'seeds/ref/day.csv': 'current_date\n2026-01-02\n',
      'seeds/ref/day.yml': 'columns: { current_date: { type: date, tests: [not_null] } }\n',
      'models/work/x.sql': 'SELECT e."localtime", d.current_date FROM staged.ecg e, ref.day d',
      'models/work/x.yml': 'columns: { localtime: { tests: [not_null] }, current_date: {} }\n',
    };
    await withProject(given, async (project) => {
      const { models, tests } = await project.build();
      expect([models.filter(({ state }) => state !== 'built'), tests.failed]).toEqual([[], 0]);
      expect(await project.rows('SELECT "localtime", "current_date"::VARCHAR FROM work.x')).toEqual([
        ['08:30', '2026-01-02'],
      ]);
    });
  });

  it.for([
    [{ 'seeds/visits.csv': 'a\n' }, 'SEED_NAME', 'seeds/visits.csv'],
    [{ 'seeds/ref/Visits.csv': 'a\n' }, 'SEED_NAME', 'seeds/ref/Visits.csv'],
    [{ 'seeds/raw/visits.csv': 'a\n' }, 'MODEL_RESERVED_SCHEMA', 'seeds/raw/visits.csv'],
    [{ 'seeds/ref/other.yml': 'label: x\n' }, 'MODEL_WITHOUT_SQL', 'seeds/ref/other.yml'],
    [{ 'models/ref/visits.sql': 'SELECT 1 AS a' }, 'MODEL_DUPLICATE', CSV],
    [{ [CSV]: new Uint8Array([0x61, 0x0a, 0xff, 0x0a]) }, 'CONFIG_INVALID', CSV],
    [{ [CSV]: `a\n${'x\n'.repeat(2_200_000)}` }, 'SEED_SIZE', CSV],
    [{ [SPEC]: 'lable: x\n' }, 'CONFIG_UNKNOWN_KEY', SPEC],
  ] as [Record<string, string>, string, string][])(
    'is refused where its name, its size or its encoding is not that of a seed [MODEL-162]',
    async ([more, code, file]) => {
      await withProject({ 'warehouse.yml': YML, [CSV]: 'a\nx\n', ...more }, async (project) => {
        expect(await project.failure()).toMatchObject({ kind: 'usage', code, file });
      });
    },
  );
});
