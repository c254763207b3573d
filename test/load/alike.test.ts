import { describe, expect, it } from 'vitest';
import { buildSummary } from '../../src/report/summary.ts';
import { document, element, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';
import { screen } from '../report/screen.ts';

const KEYS = ['study_event_repeat_key', 'form_repeat_key', 'item_group_repeat_key'];
const COLUMNS = `subject_key, ${KEYS.join(', ')}, ${KEYS.map((key) => `${key}_sent`).join(', ')}, part`;
const alike = (project: TemporaryProject) => project.rows(`SELECT ${COLUMNS} FROM recon.alike ORDER BY ALL`);

/** One record of one subject, with the repeat keys that are given. */
const record = (subjectKey: string, [visit, page, line]: readonly (string | undefined)[], value: string) =>
  subject(
    subjectKey,
    {},
    event(
      'V',
      { StudyEventRepeatKey: visit },
      form('F', { FormRepeatKey: page }, group('G', { ItemGroupRepeatKey: line }, item('I', value))),
    ),
  );

const DEFINITIONS = `<Study OID="S"><MetaDataVersion OID="1" Name="1"><ItemGroupDef OID="G" Name="G" Repeating="No">
  <ItemRef ItemOID="I" Mandatory="No"/></ItemGroupDef><ItemDef OID="I" Name="I" DataType="text"/></MetaDataVersion></Study>`;
const first = odm({ created: '2026-01-01T00:00:00Z' }, record('a', [], '1'), record('b', ['1', '1', '1'], '1')).replace(
  '<ClinicalData',
  `${DEFINITIONS}<ClinicalData`,
);
const delta = (...subjects: readonly string[]) =>
  odm({ type: 'Transactional', created: '2026-01-02T00:00:00Z' }, ...subjects);

describe('records that look alike in staged [BUILD-012]', () => {
  it('are told with the keys that were sent, by build, load and verify', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': first }, async (project) => {
      expect((await project.build()).unread).not.toHaveProperty('alike');
      expect(await alike(project)).toEqual([]);
      // a has a key now where none was sent; b has the same keys as before.
      project.write({ 'data/2.xml': delta(record('a', ['1'], '2'), record('b', ['1', '1', '1'], '2')) });
      const { unread } = await project.load();
      expect(unread).toMatchObject({ alike: 2 });
      expect(buildSummary({ unread, ms: 300 }, screen())).toBe(
        'alike      2 records have the same keys in staged as another, see recon.alike\ntime       0.3 s\n',
      );
      expect((await project.build()).unread).toMatchObject({ alike: 2 });
      expect(await alike(project)).toEqual([
        ['a', '1', '1', '1', '1', null, null, 'data/2.xml'],
        ['a', '1', '1', '1', null, null, null, 'data/1.xml'],
      ]);
      expect(
        await project.rows('SELECT table_name, item_group_oid, study_event_oid, form_oid FROM recon.alike'),
      ).toEqual([
        ['g', 'G', 'V', 'F'],
        ['g', 'G', 'V', 'F'],
      ]);
      expect(await project.rows('SELECT i FROM staged.g JOIN recon.alike USING (_row) ORDER BY i')).toEqual([
        ['1'],
        ['2'],
      ]);
      expect((await project.checks()).find(({ name }) => name === 'values')).toEqual({
        name: 'values',
        ok: true,
        detail: 'alike: 2 records have the same keys in staged as another',
        next: 'See them: warehouse query "FROM recon.alike".',
      });
    });
  });

  it.each([
    ['form', [undefined, '1', undefined]],
    ['item group', [undefined, undefined, '1']],
    ['all levels', ['1', '1', '1']],
  ])('are found by a key of the %s', async (_, keys) => {
    const files = {
      'warehouse.yml': configuration(),
      'data/1.xml': first,
      'data/2.xml': delta(record('a', keys, '2')),
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await alike(project)).toEqual([
        ['a', '1', '1', '1', ...keys.map((key) => key ?? null), 'data/2.xml'],
        ['a', '1', '1', '1', null, null, null, 'data/1.xml'],
      ]);
    });
  });

  it('are none where keys differ as they are shown, or stand in different records around them', async () => {
    const different = [['2'], [''], ['01'], [undefined, '2'], ['1', '1', '2']].map((keys) => record('a', keys, '2'));
    const inner = element(
      'ItemGroupData',
      { ItemGroupOID: 'IN' },
      element('ItemData', { ItemOID: 'I' }, element('Value', {}, 'x')),
    );
    const outer = (key: string) => element('ItemGroupData', { ItemGroupOID: 'OUT', ItemGroupRepeatKey: key }, inner);
    const nested = document(
      {
        created: '2026-01-03T00:00:00Z',
        root: { xmlns: 'http://www.cdisc.org/ns/odm/v2.0', ODMVersion: '2.0', Granularity: 'All' },
      },
      element(
        'ClinicalData',
        { StudyOID: 'S', MetaDataVersionOID: '1' },
        element(
          'SubjectData',
          { SubjectKey: 'c' },
          element('StudyEventData', { StudyEventOID: 'V' }, outer('1'), outer('2')),
        ),
      ),
    );
    const files = {
      'warehouse.yml': configuration(),
      'data/1.xml': first,
      'data/2.xml': delta(...different),
      'data/3.xml': nested,
    };
    await withProject(files, async (project) => {
      await project.build();
      // a: the first and five others; b; c: two outer groups, each with one in it.
      expect(await project.rows('SELECT subject_key, count(*) FROM staged._cells GROUP BY ALL ORDER BY ALL')).toEqual([
        ['a', 6],
        ['b', 1],
        ['c', 4],
      ]);
      expect(await alike(project)).toEqual([]);
    });
  });
});
