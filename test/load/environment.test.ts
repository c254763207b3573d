import { expect, it } from 'vitest';
import { document, element, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const content = (value: string) => subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', value)))));
const PROD = 'Mediflex (Prod)';

it.each(['Mediflex (Dev)', 'Mediflex (UAT)', 'Mediflex(Prod)', 'mediflex (Prod)'])(
  'data of %s are refused by name in a project for Mediflex (Prod) [ENVIRONMENT-001]',
  async (study) => {
    const files = {
      'warehouse.yml': configuration({}, [PROD]),
      'data/1.xml': odm({ created: '2026-01-01T00:00:00Z', study }, content('a')),
    };
    await withProject(files, async (project) => {
      expect(await project.failure()).toEqual({
        kind: 'data',
        code: 'STUDY_REFUSED',
        message: `The file holds data of "${study}", which this project is not for.`,
        file: 'data/1.xml',
        next: `The project's StudyOIDs are "${PROD}" (study.oids in warehouse.yml). Nothing of this file was loaded.`,
      });
      expect(await project.value('SELECT count(*) FROM raw.subject_data')).toBe(0);
    });
  },
);

it('of a file with several environments, that of the project lands [ENVIRONMENT-001]', async () => {
  const clinical = (study: string, value: string) =>
    element('ClinicalData', { StudyOID: study, MetaDataVersionOID: '1' }, content(value));
  const file = document({ created: '2026-01-01T00:00:00Z' }, clinical('Mediflex (Dev)', 'b'), clinical(PROD, 'a'));
  await withProject({ 'warehouse.yml': configuration({}, [PROD]), 'data/1.xml': file }, async (project) => {
    await project.load();
    expect(await project.column('SELECT value FROM raw.item_data')).toEqual(['a']);
    expect(await project.column('SELECT DISTINCT study_oid FROM raw.refused')).toEqual(['Mediflex (Dev)']);
  });
});
