import { describe, expect, it } from 'vitest';
import { built, codeList, data, definitions, snapshot, type Version } from '../../helpers/definitions.ts';
import { element } from '../../helpers/odm.ts';
import type { TemporaryProject } from '../../helpers/project.ts';

const decodes = (project: TemporaryProject) => project.rows('SELECT subject_key, a_decode FROM staged.g ORDER BY ALL');

/** The codes that recon.undecoded counts, after a check that they are those without a decode in staged. */
async function undecoded(project: TemporaryProject) {
  const listed = await project.rows('SELECT code, value_count FROM recon.undecoded ORDER BY ALL');
  const inStaged = await project.rows(
    `SELECT a, count(*) FROM staged.g WHERE a <> '' AND a_decode IS NULL GROUP BY ALL ORDER BY ALL`,
  );
  expect(listed).toEqual(inStaged);
  return project.rows('SELECT code_list_oid, code, value_count, subject_count FROM recon.undecoded ORDER BY ALL');
}

const MALE: Version = { decodes: { 1: 'Male' }, unit: 'kg' };
const FEMALE: Version = { decodes: { 1: 'Female' }, unit: 'lb' };
const ONE = { A: '1' };

describe('what the system of a record does not define [DEFINITIONS-004]', () => {
  /** epro has the newest definition of all; edc that of the version that records of lab name. */
  const others = {
    'edc/1.xml': snapshot(1, definitions(MALE)),
    'epro/2.xml': snapshot(2, definitions({ oid: '9', ...FEMALE })),
  };

  it('is as another system has it in the version that the record names, item by item', async () => {
    const lab = snapshot(3, definitions({ unit: 'st' }), data('1', { A: '1', B: '70' }));
    await built({ ...others, 'lab/3.xml': lab }, async (project) => {
      expect(await project.rows('SELECT a_decode, b_unit FROM staged.g')).toEqual([['Male', 'st']]);
    });
  });

  it('is so too where only the codelist is missing', async () => {
    const lab = snapshot(3, definitions({ list: 'CL' }), data('1', ONE));
    await built({ ...others, 'lab/3.xml': lab }, async (project) => {
      expect(await decodes(project)).toEqual([['1', 'Male']]);
    });
  });

  it('is so too where a further system has sent that version without the item', async () => {
    const files = {
      ...others,
      'lab/3.xml': snapshot(3, data('1', { A: '1', B: '70' })),
      'ecg/4.xml': snapshot(4, definitions({ unit: 'ms' })),
    };
    await built(files, async (project) => {
      expect(await project.rows('SELECT a_decode, b_unit FROM staged.g')).toEqual([['Male', 'ms']]);
    });
  });

  it('is in a version which that version includes', async () => {
    const files = {
      ...others,
      'edc/3.xml': snapshot(3, definitions({ oid: '2', include: '1', unit: 'g' })),
      'lab/4.xml': snapshot(4, definitions({ oid: '2', unit: 'st' }), data('1', ONE, '2')),
    };
    await built(files, async (project) => {
      expect(await decodes(project)).toEqual([['1', 'Male']]);
    });
  });

  it('is as its own system has it in another version, before any other system', async () => {
    const lab = snapshot(
      3,
      definitions({ unit: 'st' }),
      definitions({ oid: '2', decodes: { 1: 'Man' } }),
      data('1', ONE),
    );
    await built({ ...others, 'lab/3.xml': lab, 'epro/4.xml': snapshot(4, definitions(FEMALE)) }, async (project) => {
      expect(await decodes(project)).toEqual([['1', 'Man']]);
    });
  });

  it('has single coded values by other versions of the system whose codelist it is, and by no other', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions(MALE), definitions({ oid: '2', decodes: { 3: 'Other' } })),
      'epro/2.xml': snapshot(2, definitions({ oid: '9', decodes: { 1: 'Female', 3: 'X', 4: 'Unknown' } })),
      'lab/3.xml': snapshot(3, ...['1', '3', '4'].map((value) => data(value, { A: value }))),
    };
    await built(files, async (project) => {
      expect(await decodes(project)).toEqual([
        ['1', 'Male'],
        ['3', 'Other'],
        ['4', null],
      ]);
      expect(await undecoded(project)).toEqual([['CL', '4', 1, 1]]);
    });
  });

  it('is the newest of all where nobody has sent the version that the record names', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ decodes: { 1: 'Male', 3: 'Other' } })),
      'epro/2.xml': snapshot(2, definitions({ oid: '9', ...FEMALE })),
      'lab/3.xml': snapshot(3, data('1', ONE, '7'), data('3', { A: '3' }, '7')),
    };
    await built(files, async (project) => {
      expect(await decodes(project)).toEqual([
        ['1', 'Female'],
        // epro, whose codelist it is, does not have it.
        ['3', null],
      ]);
    });
  });
});

it('is at odds where a version has but the codelist, and leaves the item to one that it includes [DEFINITIONS-001]', async () => {
  const second = definitions({ oid: '2', include: '1', unit: 'kg' }).replace(
    '</MetaDataVersion>',
    `${codeList('CL', { 1: 'Man' })}</MetaDataVersion>`,
  );
  const files = {
    'edc/1.xml': snapshot(1, definitions(MALE), data('1', ONE)),
    'edc/2.xml': snapshot(2, second, data('2', ONE, '2')),
  };
  await built(files, async (project) => {
    expect(await decodes(project)).toEqual([
      ['1', 'Male'],
      ['2', 'Man'],
    ]);
    expect(
      await project.rows(
        'SELECT what, coded_value, says, metadata_version_oid FROM recon.definition_conflicts ORDER BY ALL',
      ),
    ).toEqual([
      ['decode', '1', 'Male', '1'],
      ['decode', '1', 'Man', '2'],
    ]);
  });
});

describe('a version that was never sent [DEFINITIONS-006]', () => {
  it('is read as the newest of the same system that has the item', async () => {
    const unnamed = data('2', ONE).replace(' MetaDataVersionOID="1"', '');
    const files = {
      'edc/1.xml': snapshot(1, definitions({ oid: '1', ...MALE })),
      'edc/2.xml': snapshot(2, definitions({ oid: '2', ...FEMALE })),
      'edc/3.xml': snapshot(3, definitions({ oid: '3', unit: 'st' }), data('1', ONE, '7'), unnamed),
      'epro/4.xml': snapshot(4, definitions({ oid: '7', decodes: { 1: 'Yes' } })),
    };
    await built(files, async (project) => {
      expect(await decodes(project)).toEqual([
        ['1', 'Female'],
        ['2', 'Female'],
      ]);
    });
  });
});

describe('a version that was sent again [DEFINITIONS-005]', () => {
  const check = async (project: TemporaryProject) => {
    expect(await decodes(project)).toEqual([
      ['1', 'Man'],
      ['3', null],
    ]);
    expect(await undecoded(project)).toEqual([['CL', '3', 1, 1]]);
  };

  it('no longer decodes what it no longer lists, whatever other sources say', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ decodes: { 1: 'Male', 3: 'Other' } }), data('3', { A: '3' })),
      'edc/2.xml': snapshot(2, definitions({ decodes: { 1: 'Man' } }), data('1', ONE)),
    };
    await built(files, check);
    await built({ ...files, 'epro/3.xml': snapshot(3, definitions({ decodes: { 1: 'M', 3: 'X' } })) }, check);
  });

  it('leaves a codelist that no version in force has any more as it was sent last, whatever other sources say', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ decodes: { 1: 'Male', 3: 'Other' } }), data('3', { A: '3' })),
      'edc/2.xml': snapshot(2, definitions({ decodes: { 1: 'Man' } }), data('1', ONE)),
      'edc/3.xml': snapshot(3, definitions({ unit: 'kg' })),
    };
    await built(files, check);
    const epro = snapshot(4, definitions({ decodes: { 1: 'Female', 3: 'X' } }));
    await built({ ...files, 'epro/4.xml': epro }, async (project) => {
      await check(project);
      expect(
        await project.rows(`SELECT coded_value, says, source, in_force FROM recon.definition_conflicts
          WHERE what = 'decode' ORDER BY ALL`),
      ).toEqual([
        ['1', 'Female', 'epro', true],
        ['1', 'Male', 'edc', false],
        ['1', 'Man', 'edc', true],
        ['3', 'Other', 'edc', false],
        ['3', 'X', 'epro', true],
      ]);
    });
  });

  it('leaves an item and a unit that no version in force has any more as they were sent last', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ unit: 'lb' })),
      'edc/2.xml': snapshot(2, definitions({ unit: 'kg' }), data('1', { A: '1', B: '70' })),
      'edc/3.xml': snapshot(3, definitions({ decodes: { 1: 'Male' } })),
      'epro/4.xml': snapshot(4, definitions({ unit: 'st' })),
    };
    await built(files, async (project) => {
      expect(await project.rows('SELECT a_decode, b_unit FROM staged.g')).toEqual([['Male', 'kg']]);
    });
  });

  it('yields to an older version that is in force', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions({ oid: '1', ...MALE })),
      'edc/2.xml': snapshot(2, definitions({ oid: '2', ...FEMALE })),
      'edc/3.xml': snapshot(3, definitions({ oid: '2', list: 'CL' }), data('1', ONE, '2')),
    };
    await built(files, async (project) => {
      expect(await decodes(project)).toEqual([['1', 'Male']]);
      expect(await project.rows('SELECT decode FROM meta.decode')).toEqual([['Male']]);
    });
  });

  it('has no decodes where its codelist is empty now', async () => {
    const resent = definitions({ list: 'CL' }).replace('</MetaDataVersion>', `${codeList('CL', {})}</MetaDataVersion>`);
    const files = {
      'edc/1.xml': snapshot(1, definitions(MALE), data('1', ONE)),
      'edc/2.xml': snapshot(2, resent),
    };
    await built(files, async (project) => {
      expect(await project.rows('SELECT a FROM staged.g')).toEqual([['1']]);
      expect(await project.rows('FROM meta.decode')).toEqual([]);
      expect(await project.rows('FROM recon.undecoded')).toEqual([]);
    });
  });
});

describe('a value that its own codelist does not decode [DEFINITIONS-007]', () => {
  it('is undecoded, although another codelist of the item has it', async () => {
    const [one, two] = [ONE, { A: '2' }];
    const second = definitions({ oid: '2', list: 'DL' }).replace(
      '</MetaDataVersion>',
      `${codeList('DL', { 2: 'Yes' })}</MetaDataVersion>`,
    );
    const files = {
      'edc/1.xml': snapshot(1, definitions(MALE), data('1', one), data('2', two)),
      'edc/2.xml': snapshot(2, second, data('3', one, '2'), data('4', two, '2')),
    };
    await built(files, async (project) => {
      expect(await decodes(project)).toEqual([
        ['1', 'Male'],
        ['2', null],
        ['3', null],
        ['4', 'Yes'],
      ]);
      expect(await undecoded(project)).toEqual([
        ['CL', '2', 1, 1],
        ['DL', '1', 1, 1],
      ]);
    });
  });

  it('is none of these where its definition has no codelist', async () => {
    const files = {
      'edc/1.xml': snapshot(1, definitions(MALE), data('1', { A: '5' })),
      'edc/2.xml': snapshot(2, definitions({ oid: '2', list: null }), data('2', { A: '5' }, '2')),
    };
    await built(files, async (project) => {
      expect(await decodes(project)).toEqual([
        ['1', null],
        ['2', null],
      ]);
      expect(await project.rows('SELECT code_list_oid, code, value_count FROM recon.undecoded')).toEqual([
        ['CL', '5', 1],
      ]);
    });
  });
});

describe('an item that nobody has defined [DEFINITIONS-004]', () => {
  it('has the unit of its own system, whatever another calls it', async () => {
    const named = (unit: string) =>
      element(
        'Study',
        { OID: 'S' },
        element('GlobalVariables', {}, element('StudyName', {}, 'S')),
        element('BasicDefinitions', {}, element('MeasurementUnit', { OID: 'U', Name: unit }, element('Symbol', {}))),
        element('MetaDataVersion', { OID: '1', Name: '1' }),
      );
    const dose = data('1', { DOSE: '5' }).replace(
      '<ItemData ItemOID="DOSE" Value="5"/>',
      '<ItemData ItemOID="DOSE" Value="5"><MeasurementUnitRef MeasurementUnitOID="U"/></ItemData>',
    );
    const files = { 'a/1.xml': snapshot(1, named('mg'), dose), 'b/1.xml': snapshot(2, named('g')) };
    await built(files, async (project) => {
      expect(await project.rows('SELECT dose, dose_unit FROM staged.g')).toEqual([['5', 'mg']]);
    });
  });
});

describe('a codelist that nobody has sent [DEFINITIONS-007]', () => {
  it('leaves the values of its items undecoded', async () => {
    await built({ 'edc/1.xml': snapshot(1, definitions({ list: 'CL' }), data('1', { A: '1' })) }, async (project) => {
      expect(await project.rows('SELECT code_list_oid, code, value_count, subject_count FROM recon.undecoded')).toEqual(
        [['CL', '1', 1, 1]],
      );
    });
  });
});
