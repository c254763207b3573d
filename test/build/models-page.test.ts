import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { document, element, event, form, group, item, subject } from '../helpers/odm.ts';
import { withProject } from '../helpers/project.ts';

/** The SQL and YAML of docs/models.md. A comment on the first line names the file that it is. */
const page = readFileSync(join(import.meta.dirname, '../../docs/models.md'), 'utf8');
const blocks = [...page.matchAll(/^```(sql|yaml)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text,
  path: /^(?:--|#) (\S+\/\S+)\n/.exec(text)?.[1],
}));
const named = blocks.flatMap(({ path, text }) => (path === undefined ? [] : [[path, text] as const]));
const unnamed = (language: string) =>
  blocks.flatMap((one) => (one.path === undefined && one.language === language ? [one.text] : []));

const ITEMS = { AETERM: 'text', AESEV: 'text', AESTDAT: 'date', AEENDAT: 'date', AESPID: 'text', AECOM: 'text' };

const study = element(
  'Study',
  { OID: 'S' },
  element(
    'MetaDataVersion',
    { OID: '1', Name: '1' },
    element(
      'ItemGroupDef',
      { OID: 'IG.AE', Name: 'Adverse events', Repeating: 'Yes' },
      ...Object.keys(ITEMS).map((name) => element('ItemRef', { ItemOID: `IT.${name}`, Mandatory: 'No' })),
    ),
    ...Object.entries(ITEMS).map(([name, type]) =>
      element('ItemDef', { OID: `IT.${name}`, Name: name, DataType: type }),
    ),
  ),
);

const adverseEvent = (repeatKey: string, ...values: string[]) =>
  group(
    'IG.AE',
    { ItemGroupRepeatKey: repeatKey },
    ...Object.keys(ITEMS).map((name, place) => item(`IT.${name}`, values[place])),
  );

const data = document(
  { created: '2026-02-01T06:00:00Z' },
  study,
  element(
    'ClinicalData',
    { StudyOID: 'S', MetaDataVersionOID: '1' },
    subject(
      '101',
      {},
      event(
        'AE',
        {},
        form(
          'F.AE',
          {},
          adverseEvent('1', 'Nausea', 'MILD', '2026-01-20', '2026-01-21', '7', 'None'),
          adverseEvent('2', 'Headache', 'SEVERE', '2026-01-05', '2026-01-04', '8', 'None'),
        ),
      ),
    ),
  ),
);

it('every example of docs/models.md runs as it stands [MODEL-021]', async () => {
  expect(named.map(([path]) => path)).toEqual([
    'models/sdtm/ae.sql',
    'models/excluded/test_subject.sql',
    'models/excluded/item_not_mapped.sql',
    'models/work/ae_days.sql',
    'models/work/ae_days.yml',
    'models/work/event_list.sql',
    'models/work/event_list.yml',
    'seeds/ref/visits.yml',
    'models/sdtm/ae.yml',
    'tests/generic/not_later.sql',
    'models/example/events.yml',
    'models/work/first_event.sql',
    'models/work/first_event.yml',
    'qc/ae.sql',
    'macros/dates.sql',
    'models/example/events.sql',
    'macros/decoded.sql',
  ]);
  expect([unnamed('sql').length, unnamed('yaml').length]).toEqual([2, 2]);
  const files: Record<string, string> = {
    ...Object.fromEntries(named),
    'warehouse.yml': JSON.stringify({
      name: 'page',
      study: { id: 'S' },
      sources: { edc: { files: 'data/*.xml' } },
      vars: { cutoff: '2026-01-10' },
    }),
    'data/edc.xml': data,
    'data/ref/visits.csv': 'VISITNUM,VISIT\n1,SCREENING\n',
    'seeds/ref/visits.csv': 'VISITNUM,VISIT,DAY\n1,SCREENING,-7.5\n',
    'models/example/decoded.sql': `SELECT {{ decoded('VISITNUM', {'1': 'first', '2': 'second'}) }} AS v FROM {{ ref('visits') }}`,
    'models/sdtm/dm.sql': `SELECT DISTINCT ON (subject_key) subject_key AS USUBJID, [_row] AS _rows FROM staged.ae ORDER BY ALL`,
    'models/example/hidden.sql': `SELECT aeterm FROM query('SELECT * FROM staged.ae') ORDER BY 1`,
    'models/example/hidden.yml': unnamed('yaml')[0],
    'models/example/much.sql': "SELECT 5 AS v, 'Y' AS AESER",
    // The tests of a column.
    'models/example/much.yml': `columns:\n  v:\n${unnamed('yaml')[1].replaceAll(/^/gm, '    ')}\n  AESER: {}\n`,
    'models/example/age.sql': `SELECT age_in_years(DATE '1990-02-28', DATE '2026-02-27') AS age`,
  };
  unnamed('sql').forEach((text, place) => {
    files[`models/example/sql${place}.sql`] = text;
  });
  await withProject(files, async (project) => {
    const { models, validations } = await project.build();
    expect(models.filter(({ state }) => state !== 'built')).toEqual([]);
    expect(validations).toEqual([{ model: 'sdtm.ae', path: 'qc/ae.sql', isValidated: true }]);
    expect(await project.rows('SELECT aeterm, days_from_first FROM work.ae_days')).toEqual([
      ['Headache', 0],
      ['Nausea', 15],
    ]);
    expect(await project.rows('SELECT USUBJID, AESEQ, AETERM, AESEV, AESTDTC, AEENDTC FROM sdtm.ae')).toEqual([
      ['101', 1, 'Headache', 'SEVERE', '2026-01-05', '2026-01-04'],
      ['101', 2, 'Nausea', 'MILD', '2026-01-20', '2026-01-21'],
    ]);
    // The tests of the page that warn find the event that ended before it began, and its day; all others hold.
    expect(
      await project.rows(`SELECT test, failure_count FROM run.current_test WHERE state <> 'passed' ORDER BY test`),
    ).toEqual([
      ['before_the_fifth', 1],
      ['ends_after_start', 1],
    ]);
    expect(
      await project.column("SELECT test FROM run.current_test WHERE model = 'example.much' ORDER BY ordinal"),
    ).toEqual(['not_null_v', 'expression_v', 'not_null_v_2']);
    expect(await project.value("SELECT state FROM run.current_test WHERE kind = 'unit_test'")).toBe('passed');
    expect(await project.rows('SELECT day::VARCHAR, mild, moderate, severe, n FROM example.events')).toEqual([
      ['2026-01-05', 0, 0, 1, 1],
    ]);
    expect(await project.column('SELECT v FROM example.decoded')).toEqual(['first']);
    expect(await project.column('SELECT aeterm FROM example.hidden')).toEqual(['Headache', 'Nausea']);
    expect(await project.column('SELECT column_name FROM recon.item_accounting WHERE NOT accounted')).toEqual([]);
    expect(await project.value('SELECT age FROM example.age')).toBe(35);
    expect(await project.column('SELECT VISIT FROM example.sql0')).toEqual(['SCREENING']);
    expect(await project.column('SELECT aeterm FROM example.sql1')).toEqual(['Headache']);
  });
});
