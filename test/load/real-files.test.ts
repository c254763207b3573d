import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';
import { describeWithSharedData, sharedData } from '../helpers/shared-data.ts';

const ELEMENTS = ['SubjectData', 'StudyEventData', 'FormData', 'ItemGroupData', 'ItemData'] as const;

/** A project of the OIDs that the files name, with these files and no models. */
function filesAlone(paths: readonly string[]): Record<string, string | Uint8Array> {
  const contents = paths.map((path) => readFileSync(sharedData(`odm/${path}`)));
  const oids = contents.flatMap((content) =>
    [...content.toString('latin1').matchAll(/StudyOID="([^"]*)"|<Study\s[^>]*?\bOID="([^"]*)"/g)].map(
      (m) => m[1] ?? m[2],
    ),
  );
  return {
    'warehouse.yml': configuration({}, [...new Set(['S', ...oids])]),
    ...Object.fromEntries(contents.map((content, index) => [`data/${index}.xml`, content])),
  };
}

/** Start tags of an element outside comments, as a regular expression sees them. */
function countIn(paths: readonly string[], name: string): number {
  const typed = name === 'ItemData' ? '\\w*' : '';
  const text = paths.map((path) => readFileSync(sharedData(`odm/${path}`), 'latin1')).join('');
  return [...text.replace(/<!--[\s\S]*?-->/g, '').matchAll(new RegExp(`<${name}${typed}[\\s/>]`, 'g'))].length;
}

async function landed(project: TemporaryProject): Promise<number[]> {
  const [row] = await project.rows(`
    SELECT (SELECT count(*) FROM raw.subject_data), (SELECT count(*) FROM raw.study_event_data),
      (SELECT count(*) FROM raw.form_data), (SELECT count(DISTINCT (place, parent_key)) FROM raw.item_group_data),
      (SELECT count(DISTINCT (item_group_data_key, item_code)) FROM raw.item_data)`);
  return row as number[];
}

/** How many comparisons of the second scan there are, and those that differ. */
async function different(project: TemporaryProject) {
  expect(await project.value('SELECT count(*) FROM recon.source_counts')).toBeGreaterThan(0);
  return project.rows('SELECT element, form_oid, site_oid, in_file, landed FROM recon.source_counts WHERE NOT equal');
}

interface StagedCell {
  readonly subject: string;
  readonly event: string | null;
  readonly eventRepeat: string | null;
  readonly formRepeat: string | null;
  readonly group: string;
  readonly groupRepeat: string;
  readonly item: string;
  readonly value: string;
}

/** Every value that stands in a text column of a staged table. */
async function stagedCells(project: TemporaryProject): Promise<StagedCell[]> {
  const items = await project.rows('SELECT table_name, column_name, item_oid FROM meta.item ORDER BY ALL');
  const selects = items.map(
    ([table, column, item]) => `
      SELECT to_json({subject: subject_key, event: study_event_oid, eventRepeat: study_event_repeat_key,
        formRepeat: form_repeat_key, "group": item_group_oid, groupRepeat: item_group_repeat_key,
        item: '${item}', value: "${column}"})::VARCHAR FROM staged."${table}" WHERE "${column}" IS NOT NULL`,
  );
  return (await project.column(selects.join(' UNION ALL '))).map((cell) => JSON.parse(String(cell)) as StagedCell);
}

describeWithSharedData('files of other systems, with no models at all', () => {
  // [subjects, events, forms, item groups, items], where ../shared/data/README.md gives them.
  const counted: [name: string, paths: string[], counts: (number | undefined)[]][] = [
    ['OpenEDC', ['openedc/metadata.xml', 'openedc/clinicaldata.xml'], [90, 249, 366, 595, 1684]],
    ['odmlib', ['odmlib/odm-data-snapshot.xml'], [2, 8, 16, 60, 165]],
    ['OpenClinica', ['openclinica/extract.xml'], [13, 22, 51, 56, 769]],
    ['ODM 2.0', ['odm2/Demographics_RACE_check_all_that_apply.xml'], [3, 3, 0, 24, 46]],
  ];
  it.each(counted)('%s: as many elements as its README says [LOAD-002]', async (_, paths, counts) => {
    await withProject(filesAlone(paths), async (project) => {
      await project.build();
      expect(await landed(project)).toEqual(counts);
      expect(await different(project)).toEqual([]);
    });
  });

  const others = [
    'odm2/Atlas_QS_ODMv2.xml',
    'odm2/Columbia-Suicide_Severity_Scale_ODMv2.xml',
    'odm2/RepeatingIG-UC-D-Example.xml',
    'odmlib/cdash-odm-test.xml',
    'odmlib/cdash-odm-test-invalid.xml',
    'odmlib/cdash.odm_updated.xml',
    'odmlib/test_clinical_data_01.xml',
    'odmlib/test_referece_data_01.xml',
    'redcap/arm-single-delete/project.xml',
    'redcap/checkboxes-1/project.xml',
    'redcap/simple/project.xml',
    'redcap-etl/BasicDemography.REDCap.xml',
    'redcap-etl/MultipleChoice.REDCap.xml',
    'redcap-etl/Visits.REDCap.xml',
  ];
  it.each(others)('%s loads, stages and lands every element [LOAD-002]', async (path) => {
    await withProject(filesAlone([path]), async (project) => {
      const { models } = await project.build();
      expect(models.filter(({ state }) => state !== 'built')).toEqual([]);
      expect(await landed(project)).toEqual(ELEMENTS.map((name) => countIn([path], name)));
      const counts = await project.rows('SELECT element, sum(in_file)::INTEGER FROM recon.source_counts GROUP BY ALL');
      const found = new Map(counts as [string, number][]);
      expect(ELEMENTS.map((name) => found.get(name) ?? 0)).toEqual(ELEMENTS.map((name) => countIn([path], name)));
      expect(await project.rows('FROM recon.source_counts WHERE NOT equal')).toEqual([]);
    });
  });

  it('OpenEDC: 28 ItemDefs, 90 audit records, definitions and data from two files in either order [LOAD-002]', async () => {
    const paths = ['openedc/metadata.xml', 'openedc/clinicaldata.xml'];
    await withProject(filesAlone(paths), async (project) => {
      await project.build();
      expect(await project.value('SELECT count(*) FROM meta.item_def')).toBe(28);
      expect(await project.value('SELECT count(*) FROM raw.audit_record')).toBe(90);
    });
    await withProject({ ...filesAlone(paths) }, async (project) => {
      const metadata = project.read('data/0.xml');
      project.delete('data/0.xml');
      await project.build();
      project.write({ 'data/0.xml': metadata });
      await project.build();
      // From the file: the first item group of subject 01, with the DataTypes of the definitions.
      expect(
        await project.rows(
          `SELECT age, age_n, gender, weight FROM staged.${await tableOf(project, 'IG.1')} WHERE subject_key = '01' LIMIT 1`,
        ),
      ).toEqual([['72', 72, 'Male', '49.20059']]);
    });
  });

  it('OpenClinica: staged values are the 892 cells of the flat output of its author [LOAD-003]', async () => {
    await withProject(filesAlone(['openclinica/extract.xml']), async (project) => {
      await project.build();
      expect(await project.value('SELECT count(*) FROM meta.metadata_version')).toBe(5);
      expect(await project.value('SELECT count(*) FROM meta.item_def')).toBe(143);
      expect(await project.value('SELECT count(DISTINCT study_oid) FROM staged._cells')).toBe(3);
      const { rows, cells } = flatOutput(readFileSync(sharedData('odm/openclinica/expected/data.xml'), 'utf8'));
      expect([rows.length, cells]).toEqual([56, 892]);
      const names = new Map(
        (await project.rows(`
        SELECT s.subject_key, a.alias FROM raw.subject_alias a JOIN state.subject s ON s.identity = a.subject_identity`)) as [
          string,
          string,
        ][],
      );
      const events = new Map((await project.rows('SELECT oid, name FROM meta.study_event_def')) as [string, string][]);
      const staged = (await stagedCells(project)).map((cell) =>
        [
          names.get(cell.subject),
          events.get(cell.event ?? ''),
          cell.eventRepeat,
          cell.group,
          cell.groupRepeat,
          cell.item,
          cell.value,
        ].join(' | '),
      );
      const expected = rows.flatMap(({ group, fields }) =>
        fields.items.map(([item, value]) =>
          // A repeat key that was not sent is 1 in staged, where it is the place among keyless siblings.
          [fields.subject, fields.event, fields.eventRepeat || '1', group, fields.groupRepeat || '1', item, value].join(
            ' | ',
          ),
        ),
      );
      expect(staged.sort()).toEqual(expected.sort());
    });
  });
});

describeWithSharedData('REDCap exports beside their data.csv', () => {
  // Cells of data.csv that are not empty and no key of REDCap's own (record, instrument, instance).
  it.each([
    ['clinical-trial-1', 6500],
    ['decimal-comma', 24],
    ['decimal-dot', 24],
    ['nonnumeric-record-id', 9],
    ['dag', 15],
    ['repeating-instruments', 34],
  ])('%s: the same %i cells in staged [LOAD-003]', async (folder, count) => {
    await withProject(filesAlone([`redcap/${folder}/project.xml`]), async (project) => {
      await project.build();
      const staged = (await stagedCells(project)).map((cell) =>
        JSON.stringify([cell.subject, cell.formRepeat, cell.item, cell.value.replaceAll('\r\n', '\n')]),
      );
      const expected = redcapCells(readFileSync(sharedData(`odm/redcap/${folder}/data.csv`), 'utf8'));
      expect(staged.sort()).toEqual(expected.sort());
      expect(staged.length).toBe(count);
      expect(await different(project)).toEqual([]);
    });
  });
});

/** One cell a field: record, instance (1 where there is none), field, value. The ODM has the record id once a record. */
function redcapCells(csv: string): string[] {
  const rows = parse(csv, { columns: true, bom: true }) as Record<string, string>[];
  const [record] = Object.keys(rows[0]);
  return rows.flatMap((row) => {
    const repeats = (row.redcap_repeat_instance ?? '') !== '';
    return Object.entries(row)
      .filter(([field, value]) => value !== '' && !field.startsWith('redcap_repeat_') && !(repeats && field === record))
      .map(([field, value]) => JSON.stringify([row[record], repeats ? row.redcap_repeat_instance : '1', field, value]));
  });
}

interface FlatRow {
  group: string;
  fields: { subject: string; event: string; eventRepeat: string; groupRepeat: string; items: [string, string][] };
}

/** The rows of OpenClinica's flat output and the number of cells that are not empty. */
function flatOutput(xml: string): { rows: FlatRow[]; cells: number } {
  let cells = 0;
  const rows = [...xml.matchAll(/<(IG_\w+)>([\s\S]*?)<\/\1>/g)].map(([, group, content]): FlatRow => {
    const fields = [...content.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]): [string, string] => [
      name,
      unescaped(value),
    ]);
    const found = fields.filter(([, value]) => value !== '');
    cells += found.length;
    const { SubjectID, StudyEvent, StudyEventRepeatKey = '', ItemGroupRepeatKey = '' } = Object.fromEntries(found);
    const items = found.filter(([name]) => name.startsWith('I_'));
    return {
      group,
      fields: {
        subject: SubjectID,
        event: StudyEvent,
        eventRepeat: StudyEventRepeatKey,
        groupRepeat: ItemGroupRepeatKey,
        items,
      },
    };
  });
  return { rows, cells };
}

function unescaped(text: string): string {
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };
  return text.replace(/&\w+;/g, (entity) => entities[entity]);
}

async function tableOf(project: TemporaryProject, group: string): Promise<string> {
  return String(await project.value(`SELECT table_name FROM meta.item_group WHERE item_group_oid = '${group}'`));
}
