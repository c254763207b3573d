import { describe, expect, it } from 'vitest';
import { document, element, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { type Cell, configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

const CONFIGURED = (source: string, oids: string) => `name: test
study: { id: S, oids: [${oids}] }
sources:
  ${source}: { files: data/edc.xml, format: odm }
`;
const row = (value: string, key = '1') =>
  subject(key, {}, event('V', {}, form('F', {}, group('G', {}, item('A', value)))));
const clinical = (study: string, value: string, key?: string) =>
  element('ClinicalData', { StudyOID: study, MetaDataVersionOID: '1' }, row(value, key));
const live = (project: TemporaryProject): Promise<Cell[]> => project.column('SELECT a FROM staged.g ORDER BY a');

const ANEW =
  'To do without what came from there, move .warehouse/ to another place, where it stays the record of what was done, and build from nothing.';

describe('a source that delivered and is declared no more [LOAD-053]', () => {
  it('stops the build, renamed or taken out, and nothing is loaded a second time', async () => {
    const files = {
      'warehouse.yml': CONFIGURED('edc', 'S'),
      'data/edc.xml': odm({ created: '2026-01-01T00:00:00Z' }, row('a')),
    };
    await withProject(files, async (project) => {
      await project.build();
      project.write({ 'warehouse.yml': CONFIGURED('rave', 'S') });
      expect(await project.failure()).toEqual({
        kind: 'usage',
        code: 'SOURCE_UNDECLARED',
        message: 'edc delivered before and is under sources no more: what came from there is still live.',
        file: 'warehouse.yml',
        line: 4,
        next: `Nothing was loaded. Put it back, under the same name; files that were delivered need not be there any more. ${ANEW}`,
      });
      expect(await live(project)).toEqual(['a']);
      project.write({ 'warehouse.yml': CONFIGURED('edc', 'S') });
      project.delete('data/edc.xml');
      await project.build();
      expect(await live(project)).toEqual(['a']);
    });
  });
});

describe('a StudyOID that is listed no more [LOAD-054]', () => {
  const both = document({ created: '2026-01-01T00:00:00Z' }, clinical('S', 'of S'), clinical('S (Dev)', 'of Dev'));

  it('stops the build as long as its data are live', async () => {
    const files = { 'warehouse.yml': CONFIGURED('edc', 'S, S (Dev)'), 'data/edc.xml': both };
    await withProject(files, async (project) => {
      await project.build();
      project.write({ 'warehouse.yml': CONFIGURED('edc', 'S') });
      expect(await project.failure()).toEqual({
        kind: 'usage',
        code: 'STUDY_UNDECLARED',
        message: 'Data of StudyOID S (Dev) are live, which study.oids names no more.',
        file: 'warehouse.yml',
        line: 2,
        next: `Nothing was loaded. Put it back. ${ANEW}`,
      });
    });
  });

  it('stops it too as long as ReferenceData of it are live', async () => {
    const reference = (study: string, value: string) =>
      element('ReferenceData', { StudyOID: study, MetaDataVersionOID: '1' }, group('G', {}, item('A', value)));
    const files = {
      'warehouse.yml': CONFIGURED('edc', 'S, S (Dev)'),
      'data/edc.xml': document(
        { created: '2026-01-01T00:00:00Z' },
        reference('S', 'of S'),
        reference('S (Dev)', 'of Dev'),
      ),
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await live(project)).toEqual(['of Dev']);
      project.write({ 'warehouse.yml': CONFIGURED('edc', 'S') });
      expect(await project.failure()).toMatchObject({
        code: 'STUDY_UNDECLARED',
        message: 'Data of StudyOID S (Dev) are live, which study.oids names no more.',
        line: 2,
      });
    });
  });

  it('may go once a complete snapshot has come without it', async () => {
    const settings = (oids: readonly string[]) =>
      JSON.stringify({ ...JSON.parse(configuration({ covers: 'study' }, oids)), removal_threshold: 1 });
    await withProject({ 'warehouse.yml': settings(['S', 'S (Dev)']) }, async (project) => {
      const next = document({ created: '2026-01-02T00:00:00Z' }, clinical('S', 'of S'));
      await project.loadInTurn([
        ['data/1.xml', both],
        ['data/2.xml', next],
      ]);
      project.write({ 'warehouse.yml': settings(['S']) });
      await project.build();
      expect(await live(project)).toEqual(['of S']);
    });
  });

  it('stops the build that brings its data back to life, before anything is made of them [LOAD-067]', async () => {
    const settings = (covers: string, oids: readonly string[]) =>
      JSON.stringify({ ...JSON.parse(configuration({ covers }, oids)), removal_threshold: 1 });
    await withProject({ 'warehouse.yml': settings('study', ['S', 'S (Dev)']) }, async (project) => {
      const apart = document(
        { created: '2026-01-01T00:00:00Z' },
        clinical('S', 'of S'),
        clinical('S (Dev)', 'of Dev', '2'),
      );
      await project.loadInTurn([
        ['data/1.xml', apart],
        ['data/2.xml', document({ created: '2026-01-02T00:00:00Z' }, clinical('S', 'of S'))],
      ]);
      project.write({ 'warehouse.yml': settings('study', ['S']) });
      await project.build();
      project.write({ 'warehouse.yml': settings('increment', ['S']) });
      const stopped = {
        code: 'STUDY_UNDECLARED',
        message: 'Data of StudyOID S (Dev) are live, which study.oids names no more.',
        line: 1,
      };
      const next = `What was pending is loaded; nothing was made of it. Put it back. ${ANEW}`;
      expect(await project.failure()).toMatchObject({ ...stopped, next });
      expect(await project.failure()).toMatchObject({ ...stopped, next: `Nothing was loaded. Put it back. ${ANEW}` });
      expect(await live(project)).toEqual(['of S']);
      // Put back, it stays what it is: live.
      project.write({ 'warehouse.yml': settings('increment', ['S', 'S (Dev)']) });
      await project.build();
      expect(await live(project)).toEqual(['of Dev', 'of S']);
    });
  });
});
