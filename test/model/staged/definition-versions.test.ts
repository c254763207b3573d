import { describe, expect, it } from 'vitest';
import { built, data, definitions, snapshot, type Version } from '../../helpers/definitions.ts';
import { element, group, item, subject } from '../../helpers/odm.ts';
import type { TemporaryProject } from '../../helpers/project.ts';

const staged = (project: TemporaryProject) =>
  project.rows('SELECT subject_key, a_decode, b_unit FROM staged.g ORDER BY ALL');

const MEN_FIRST: Version = { decodes: { 1: 'Male', 2: 'Female' }, unit: 'kg' };
const WOMEN_FIRST: Version = { decodes: { 1: 'Female', 2: 'Male' }, unit: 'lb' };
const VALUES = { A: '1', B: '70' };

describe('a value of which definitions disagree', () => {
  it('is decoded and measured by those of its own source [DEFINITIONS-001]', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions(MEN_FIRST), data('1', VALUES)),
      'epro/1.xml': snapshot(2, definitions(WOMEN_FIRST), data('2', VALUES)),
    };
    await built(files, async (project) => {
      expect(await staged(project)).toEqual([
        ['1', 'Male', 'kg'],
        ['2', 'Female', 'lb'],
      ]);
      expect(
        await project.rows(`SELECT table_name, column_name, what, coded_value, says, source, metadata_version_oid, in_force
          FROM recon.definition_conflicts ORDER BY what, coded_value, source`),
      ).toEqual([
        ['g', 'a', 'decode', '1', 'Male', 'edc', '1', true],
        ['g', 'a', 'decode', '1', 'Female', 'epro', '1', true],
        ['g', 'a', 'decode', '2', 'Female', 'edc', '1', true],
        ['g', 'a', 'decode', '2', 'Male', 'epro', '1', true],
        ['g', 'b', 'unit', null, 'kg', 'edc', '1', true],
        ['g', 'b', 'unit', null, 'lb', 'epro', '1', true],
      ]);
    });
  });

  it('has a unit that was sent under the name that its own source gives it [DEFINITIONS-001]', async () => {
    const sent = (key: string) =>
      element(
        'ClinicalData',
        { StudyOID: 'S', MetaDataVersionOID: '1' },
        subject(
          key,
          {},
          group('G', {}, item('B', '70', {}, element('MeasurementUnitRef', { MeasurementUnitOID: 'U' }))),
        ),
      );
    const files = {
      'edc/1.xml': snapshot(1, definitions(MEN_FIRST), sent('1')),
      'epro/1.xml': snapshot(2, definitions(WOMEN_FIRST), sent('2')),
    };
    await built(files, async (project) => {
      expect(await project.rows('SELECT subject_key, b_unit FROM staged.g ORDER BY ALL')).toEqual([
        ['1', 'kg'],
        ['2', 'lb'],
      ]);
    });
  });

  it('is decoded by the version that its record names, item by item [DEFINITIONS-001]', async () => {
    const files = {
      'edc/1.xml': snapshot(
        1,
        definitions({ oid: 'M1', ...MEN_FIRST }),
        data('1', VALUES, 'M1'),
        data('2', VALUES, 'M1'),
      ),
      'edc/2.xml': snapshot(2, definitions({ oid: 'M2', ...WOMEN_FIRST }), data('3', VALUES, 'M2')),
      // Of subject 2 only item B comes again.
      'edc/3.xml': snapshot(3, data('2', { B: '71' }, 'M2')),
    };
    await built(files, async (project) => {
      expect(await staged(project)).toEqual([
        ['1', 'Male', 'kg'],
        ['2', 'Male', 'lb'],
        ['3', 'Female', 'lb'],
      ]);
    });
  });

  it('is decoded by an included version where its own does not define it [DEFINITIONS-001]', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ oid: 'M1', ...MEN_FIRST })),
      'edc/2.xml': snapshot(2, definitions({ oid: 'M2', include: 'M1', unit: 'lb' })),
      'edc/3.xml': snapshot(3, definitions({ oid: 'M3', ...WOMEN_FIRST, unit: 'st' })),
      'edc/4.xml': snapshot(4, data('1', VALUES, 'M1'), data('2', VALUES, 'M2'), data('3', VALUES, 'M3')),
    };
    await built(files, async (project) => {
      expect(await staged(project)).toEqual([
        ['1', 'Male', 'kg'],
        ['2', 'Male', 'lb'],
        ['3', 'Female', 'st'],
      ]);
    });
  });

  it('is measured as an included version says where its own names no unit [DEFINITIONS-001]', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ oid: 'M1', ...MEN_FIRST })),
      'edc/2.xml': snapshot(2, definitions({ oid: 'M2', include: 'M1' }), data('2', VALUES, 'M2')),
      'edc/3.xml': snapshot(3, definitions({ oid: 'M3', ...WOMEN_FIRST })),
    };
    await built(files, async (project) => {
      expect(await staged(project)).toEqual([['2', 'Male', 'kg']]);
    });
  });

  it('of ReferenceData is decoded by the version that this names [DEFINITIONS-001]', async () => {
    const reference = element(
      'ReferenceData',
      { StudyOID: 'S', MetaDataVersionOID: 'M1' },
      group('G', {}, item('A', '1'), item('B', '70')),
    );
    const files = {
      'edc/1.xml': snapshot(1, definitions({ oid: 'M1', ...MEN_FIRST }), reference),
      'edc/2.xml': snapshot(2, definitions({ oid: 'M2', ...WOMEN_FIRST })),
    };
    await built(files, async (project) => {
      expect(await staged(project)).toEqual([[null, 'Male', 'kg']]);
    });
  });

  it('of an item group in one of ReferenceData is decoded so too (ODM 2.0) [DEFINITIONS-001]', async () => {
    const value = (oid: string, text: string) => item(oid, undefined, {}, element('Value', {}, text));
    const innermost = group('G', {}, value('A', '1'), value('B', '70'));
    const reference = element(
      'ReferenceData',
      { StudyOID: 'S', MetaDataVersionOID: 'M1' },
      group('G', {}, value('A', '2'), group('G', {}, value('A', '1'), innermost)),
    );
    const files = {
      'edc/1.xml': snapshot(1, definitions({ oid: 'M1', ...MEN_FIRST }), reference),
      'edc/2.xml': snapshot(2, definitions({ oid: 'M2', ...WOMEN_FIRST })),
    };
    await built(files, async (project) => {
      expect(await staged(project)).toEqual([
        [null, 'Female', null],
        [null, 'Male', 'kg'],
        [null, 'Male', null],
      ]);
    });
  });

  it('ends where versions include one another [DEFINITIONS-001]', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ oid: 'M1', include: 'M2', ...MEN_FIRST })),
      'edc/2.xml': snapshot(2, definitions({ oid: 'M2', include: 'M1', unit: 'lb' }), data('1', VALUES, 'M2')),
    };
    await built(files, async (project) => {
      expect(await staged(project)).toEqual([['1', 'Male', 'lb']]);
    });
  });

  it('names a version that is not known: the newest of its source, then of all [DEFINITIONS-002]', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ oid: 'M1', ...MEN_FIRST })),
      'edc/2.xml': snapshot(2, definitions({ oid: 'M2', ...WOMEN_FIRST }), data('1', VALUES, 'M9')),
      'epro/3.xml': snapshot(3, definitions({ oid: 'M3', decodes: { 1: 'Yes' }, unit: 'st' })),
      'lab/4.xml': snapshot(4, data('2', VALUES, 'M9'), data('3', VALUES, 'M1')),
    };
    await built(files, async (project) => {
      expect(await staged(project)).toEqual([
        ['1', 'Female', 'lb'],
        ['2', 'Yes', 'st'],
        // A source without definitions of its own names a version that another has sent.
        ['3', 'Male', 'kg'],
      ]);
    });
  });

  it('has the decode of a coded value that only another version of its source has, and none of another source [DEFINITIONS-002]', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ oid: 'M1', decodes: { 1: 'Male', 3: 'Other' } })),
      'edc/2.xml': snapshot(2, definitions({ oid: 'M2', decodes: { 1: 'Man' } })),
      'epro/3.xml': snapshot(3, definitions({ oid: 'M3', decodes: { 1: 'M', 4: 'Unknown' } })),
      'edc/4.xml': snapshot(4, ...['1', '3', '4'].map((value) => data(value, { A: value }, 'M2'))),
    };
    await built(files, async (project) => {
      expect(await project.rows('SELECT a, a_decode FROM staged.g ORDER BY ALL')).toEqual([
        ['1', 'Man'],
        ['3', 'Other'],
        ['4', null],
      ]);
    });
  });

  it('is read anew when its record names another version, and only then [DEFINITIONS-003]', async () => {
    const both = [definitions({ oid: 'M1', ...MEN_FIRST }), definitions({ oid: 'M2', ...WOMEN_FIRST })];
    await built({ 'edc/1.xml': snapshot(1, ...both, data('1', VALUES, 'M1')) }, async (project) => {
      expect(await staged(project)).toEqual([['1', 'Male', 'kg']]);
      const states = async (files: Record<string, string>) => {
        project.write(files);
        return (await project.build()).models.map(({ state }) => state);
      };
      expect(await states({ 'edc/2.xml': snapshot(2, ...both, data('1', VALUES, 'M1')) })).toEqual(['skipped']);
      expect(await states({ 'edc/3.xml': snapshot(3, ...both, data('1', VALUES, 'M2')) })).toEqual(['built']);
      expect(await staged(project)).toEqual([['1', 'Female', 'lb']]);
    });
  });

  it('keeps one column, whose name and type the newest definition decides [DEFINITIONS-001]', async () => {
    const text = definitions({ oid: 'M1', ...MEN_FIRST }).replace(
      'Name="A" DataType="integer"',
      'Name="A" DataType="text"',
    );
    const files = {
      'edc/1.xml': snapshot(1, text, data('1', VALUES, 'M1')),
      'edc/2.xml': snapshot(2, definitions({ oid: 'M2', ...MEN_FIRST })),
    };
    await built(files, async (project) => {
      expect(await project.rows('SELECT a, a_n, a_decode FROM staged.g')).toEqual([['1', 1, 'Male']]);
      expect(
        await project.rows('SELECT what, says, metadata_version_oid FROM recon.definition_conflicts ORDER BY ALL'),
      ).toEqual([
        ['data type', 'integer', 'M2'],
        ['data type', 'text', 'M1'],
      ]);
    });
  });
});

it('stages data without any definitions, and definitions that agree, without variants [DEFINITIONS-002]', async () => {
  await built({ 'edc/1.xml': snapshot(1, data('1', VALUES)) }, async (project) => {
    expect(await project.rows('SELECT a, b FROM staged.g')).toEqual([['1', '70']]);
  });
  const files = {
    'edc/1.xml': snapshot(1, definitions({ oid: 'M1', ...MEN_FIRST }), data('1', VALUES, 'M1')),
    'edc/2.xml': snapshot(2, definitions({ oid: 'M2', ...MEN_FIRST }), data('2', VALUES, 'M2')),
  };
  await built(files, async (project) => {
    expect(await project.rows('FROM meta.item_variant')).toEqual([]);
    expect(await project.rows('FROM recon.definition_conflicts')).toEqual([]);
    expect(await staged(project)).toEqual([
      ['1', 'Male', 'kg'],
      ['2', 'Male', 'kg'],
    ]);
  });
});
