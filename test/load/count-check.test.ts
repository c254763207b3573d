import { expect, it } from 'vitest';
import { messagesOf } from '../helpers/notices.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const document = (content: string) =>
  odm({ created: '2026-01-01T00:00:00Z' }, subject('1', {}, event('V', {}, form('F', {}, content))));

const differ = (text: string) => [['SOURCE_COUNTS_DIFFER', `data/1.xml holds other elements than landed: ${text}.`]];

it.each([
  [
    'an element that only begins like ItemData',
    group('G', {}, item('I', '1'), '<ItemDataFoo ItemOID="A">LOST</ItemDataFoo>'),
    '2 ItemData in form F (1 landed)',
    'LOST',
  ],
  [
    'ItemData of another namespace',
    group('G', {}, item('I', '1'), '<v:ItemData xmlns:v="urn:v" ItemOID="A"><v:x>LOST</v:x></v:ItemData>'),
    '2 ItemData in form F (1 landed)',
    'LOST',
  ],
  [
    'FormData in ItemGroupData',
    group('G', {}, item('I', '1'), form('X', {}, group('H', {}, item('J', 'LOST')))),
    '1 FormData in form X (0 landed), 1 ItemData in form X (0 landed), 1 ItemGroupData in form X (0 landed)',
    'LOST',
  ],
])(
  '%s is told by the load, with form and counts, and is in raw.attribute [LOAD-033]',
  async (_, content, text, value) => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': document(content) }, async (project) => {
      const notices = messagesOf(project, 'SOURCE_COUNTS_DIFFER');
      await project.build();
      expect(notices).toEqual(differ(text));
      expect(await project.value(`SELECT count(*) FROM raw.attribute WHERE value = '${value}'`)).toBe(1);
      expect((await project.checks()).find(({ name }) => name === 'source counts')?.ok).toBe(false);
      // The second time there is nothing to load.
      await project.build();
      expect(notices).toEqual(differ(text));
    });
  },
);

it('nothing is told where the counts agree: typed items, items that stand twice, refused studies, CSV lines put aside [LOAD-033]', async () => {
  const items = group('G', {}, item('I', '1'), item('I', '2'), '<ItemDataString ItemOID="S">x</ItemDataString>');
  const other =
    '<ClinicalData StudyOID="OTHER" MetaDataVersionOID="M"><SubjectData SubjectKey="9"><StudyEventData StudyEventOID="V"><FormData FormOID="F"/></StudyEventData></SubjectData></ClinicalData>';
  const files = {
    'warehouse.yml': JSON.stringify({
      name: 'test',
      study: { id: 'S' },
      sources: { edc: { files: 'data/*.xml' }, lab: { files: 'data/*.csv' } },
    }),
    'data/1.xml': document(items).replace('</ODM>', `${other}</ODM>`),
    'data/lab.csv': 'ID,VALUE\n1,a\n2\n',
  };
  await withProject(files, async (project) => {
    const notices = messagesOf(project, 'SOURCE_COUNTS_DIFFER');
    await project.build();
    expect(notices).toEqual([]);
    expect(await project.rows('FROM recon.source_counts WHERE NOT equal')).toEqual([]);
    expect(await project.value('SELECT sum(elements)::INTEGER FROM raw.refused')).toBe(4);
  });
});
