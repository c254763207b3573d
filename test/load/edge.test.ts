import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { records } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';
import { describeWithSharedData, sharedData } from '../helpers/shared-data.ts';

describeWithSharedData('edge.xml, six ways in which a loader loses data', () => {
  it('keeps four live adverse events and the start date [LOAD-001]', async () => {
    const files = { 'warehouse.yml': configuration(), 'data/edge.xml': readFileSync(sharedData('odm/edge.xml')) };
    await withProject(files, async (project) => {
      await project.build();
      expect(await records(project)).toEqual({
        '0012/SE#1/F_AE#1/IG_AE#1': { I_AE_TERM: 'NORPT', I_AE_STDAT: '2020-01-01' },
        '0013/SE#1/F_AE#1/IG_AE#1': { I_AE_TERM: 'NA' },
        '0014/SE#1/F_AE#1/IG_AE#1': { I_AE_TERM: 'FORM1' },
        '0014/SE#1/F_AE#2/IG_AE#1': { I_AE_TERM: 'FORM2' },
      });
      const staged = 'SELECT subject_key, i_ae_term, i_ae_stdat FROM staged.ig_ae ORDER BY subject_key, i_ae_term';
      expect(await project.rows(staged)).toEqual([
        ['0012', 'NORPT', '2020-01-01'],
        ['0013', 'NA', null],
        ['0014', 'FORM1', null],
        ['0014', 'FORM2', null],
      ]);
      expect(await project.rows('SELECT count(*) FROM recon.source_counts WHERE NOT equal')).toEqual([[0]]);
    });
  });
});
