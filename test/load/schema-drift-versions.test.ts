import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { built, snapshot } from '../helpers/definitions.ts';
import { after, before, drift, events, FIRST, SECOND, type Version, version } from '../helpers/drift.ts';
import { configuration, withProject } from '../helpers/project.ts';
import { describeWithSharedData, sharedData } from '../helpers/shared-data.ts';

describe('definitions that are sent again [STAGED-032]', () => {
  it('say nothing where they are the same, in whatever order versions stand', async () => {
    const both = [version(FIRST), version(SECOND)] as const;
    const files = {
      'edc/1.xml': snapshot(1, both[0], events('1', ['a', { TERM: 'Cough' }])),
      'edc/2.xml': snapshot(2, ...both),
      'edc/3.xml': snapshot(3, both[1], both[0]),
    };
    await built(files, async (project) => {
      expect(await project.column('SELECT DISTINCT delivery_key FROM recon.schema_drift')).toEqual([2]);
    });
  });

  it('are compared with what the same version said before', async () => {
    const shorter = { ...FIRST, lists: { SEV: { 1: 'Mild', 2: 'Moderate' } } };
    const files = {
      'edc/1.xml': before,
      'edc/2.xml': after,
      'edc/3.xml': snapshot(3, version(shorter)),
    };
    await built(files, async (project) => {
      expect(
        await project.rows(
          `SELECT version_before, version_after, coded_value, change, value_count, affected_count FROM recon.schema_drift
           WHERE delivery_key = 3`,
        ),
        // 3 is in b, c and e: no version by which these are read has it any more.
      ).toEqual([['1', '1', '3', 'removed', 3, 3]]);
    });
  });

  it('are compared in the order of their times, whichever arrived first', async () => {
    await built({ 'edc/2.xml': after }, async (project) => {
      project.write({ 'edc/1.xml': before });
      await project.build();
      expect(
        await project.rows(
          `SELECT delivery_key, part, version_before, version_after, count(*) FROM recon.schema_drift GROUP BY ALL`,
        ),
      ).toEqual([[1, 'edc/2.xml', '1', '2', 12]]);
    });
  });

  it('are back where the same bytes come again', async () => {
    const timeless = (text: string) => text.replace(/ CreationDateTime="[^"]*"/, '');
    const dose = (type: string) =>
      timeless(snapshot(1, version({ ...FIRST, items: { ...FIRST.items, DOSE: { type } } })));
    await built({ 'edc/1.xml': dose('text') }, async (project) => {
      project.write({ 'edc/1.xml': dose('float') });
      await project.build();
      project.write({ 'edc/1.xml': dose('text') });
      await project.build();
      expect(
        await project.rows('SELECT delivery_key, old_value, new_value FROM recon.schema_drift ORDER BY ALL'),
      ).toEqual([
        [2, 'text', 'float'],
        [3, 'float', 'text'],
      ]);
    });
  });
});

describe('versions with Include [STAGED-033]', () => {
  it('are compared with what they include: a definition holds unless the version gives its OID', async () => {
    const second: Version = { oid: '2', include: ['S', '1'], items: { DOSE: { type: 'float' } } };
    const third: Version = { oid: '3', include: ['S', '2'], items: { DOSE: { type: 'integer' } } };
    const files = {
      'edc/1.xml': before,
      'edc/2.xml': snapshot(2, version(second)),
      'edc/3.xml': snapshot(3, version(third)),
    };
    await built(files, async (project) => {
      expect(await drift(project)).toEqual([
        ['item', 'DOSE', null, 'dose', 'retyped', 'text', 'float', 3, 1],
        ['item', 'DOSE', null, 'dose', 'retyped', 'float', 'integer', 3, 1],
      ]);
    });
  });

  it('replace a codelist and the items of an item group as a whole', async () => {
    const second: Version = {
      oid: '2',
      include: ['S', '1'],
      groups: { AE: ['TERM'] },
      lists: { SEV: { 1: 'Mild' } },
    };
    await built({ 'edc/1.xml': before, 'edc/2.xml': snapshot(2, version(second)) }, async (project) => {
      expect(await drift(project, "level = 'item'")).toEqual([
        ['item', 'DOSE', null, 'dose', 'removed', 'DOSE', null, 3, 3],
        ['item', 'OLD', null, 'old', 'removed', 'OLD', null, 2, 2],
        ['item', 'SEV', null, 'sev', 'removed', 'SEV', null, 3, 3],
      ]);
      expect(await drift(project, "level = 'code list item'")).toEqual([
        ['code list item', 'SEV', '2', 'sev', 'removed', 'Moderate', null, 1, 0],
        ['code list item', 'SEV', '3', 'sev', 'removed', 'Severe', null, 2, 0],
      ]);
    });
  });

  it('of the studies of sites tell once what the study that they include changed', async () => {
    const site = (study: string) => version({ oid: `1-${study}`, study, include: ['S', '1'] });
    const sites = [site('S_1'), site('S_2')];
    const files = {
      'edc/1.xml': snapshot(1, version(FIRST), ...sites, events('1', ['a', { DOSE: 'x' }])),
      'edc/2.xml': snapshot(2, version({ ...SECOND, oid: '1' }), ...sites),
    };
    await built(files, async (project) => {
      expect(await drift(project, "oid = 'DOSE'")).toEqual([
        ['item', 'DOSE', null, 'dose', 'retyped', 'text', 'float', 1, 1],
      ]);
    });
  });

  it('that come before what they include are not what it is compared with', async () => {
    const second: Version = { oid: '2', include: ['S', '1'], items: { DOSE: { type: 'float' } } };
    await built(
      { 'edc/1.xml': snapshot(1, version(second)), 'edc/2.xml': snapshot(2, version(FIRST)) },
      async (project) => {
        expect(await drift(project)).toEqual([]);
      },
    );
  });
});

it('definitions of another system are another history [STAGED-034]', async () => {
  const files = {
    'edc/1.xml': before,
    'lab/2.xml': snapshot(2, version({ ...SECOND, oid: '1' })),
  };
  await built(files, async (project) => {
    expect(await drift(project)).toEqual([]);
  });
});

describeWithSharedData(
  'an extract of OpenClinica, where four sites include the version of their study [STAGED-033, ODM-152]',
  () => {
    it('says nothing by itself, and once what the next extract changes', async () => {
      const extract = readFileSync(sharedData('odm/openclinica/extract.xml'), 'latin1');
      const oids = [...extract.matchAll(/<Study OID="([^"]*)"/g)].map(([, oid]) => oid);
      const files = { 'warehouse.yml': configuration({}, oids), 'data/1.xml': extract };
      await withProject(files, async (project) => {
        await project.build();
        expect(await project.rows('FROM recon.schema_drift')).toEqual([]);
        expect(await project.rows('FROM recon.unresolved_includes')).toEqual([]);
        const next = extract
          .replace('CreationDateTime="2014-01-31', 'CreationDateTime="2014-02-01')
          .replace(
            'OID="I_PHYSI_TEMPERATURE" Name="TEMPERATURE" DataType="float"',
            'OID="I_PHYSI_TEMPERATURE" Name="TEMPERATURE" DataType="integer"',
          )
          .replace(/<ItemRef ItemOID="I_PHYSI_SKIN"[^>]*\/>/, '');
        project.write({ 'data/2.xml': next });
        await project.build();
        expect(
          await project.rows(
            `SELECT study_oid, version_before, version_after, column_name, change, old_value, new_value, value_count, affected_count
           FROM recon.schema_drift ORDER BY change`,
          ),
        ).toEqual([
          ['S_R0112345', 'v1.0.0', 'v1.0.0', 'skin', 'removed', 'SKIN', null, 18, 18],
          ['S_R0112345', 'v1.0.0', 'v1.0.0', 'temperat', 'retyped', 'float', 'integer', 18, 8],
        ]);
      });
    });
  },
);
