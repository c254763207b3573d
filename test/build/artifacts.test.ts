import { describe, expect, it } from 'vitest';
import { withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { ae: { files: 'data/ae.csv', keys: ['id'] } },
  }),
  'data/ae.csv': 'id,term\n1,Headache\n',
  'models/sdtm/ae.sql': 'SELECT id AS AESEQ, term AS AETERM, [_row] AS _rows FROM staged.ae\n',
};

describe('warehouse_results.json [BUILD-101]', () => {
  it('has for each model why it was built, its fingerprint and what it was made of', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const [[fingerprint, content]] = await project.rows(
        "SELECT fingerprint, content_hash FROM run.current_model WHERE model = 'sdtm.ae'",
      );
      const written = JSON.parse(project.read('target/warehouse_results.json').toString());
      expect(written).toMatchObject({ command: 'build', project: 'test', study: 'S', target: 'main' });
      expect(written.deliveries).toEqual([{ source: 'ae', name: 'data/ae.csv' }]);
      expect(written.models.find(({ name }: { name: string }) => name === 'sdtm.ae')).toMatchObject({
        state: 'built',
        reason: 'new',
        stale: null,
        reads: ['staged.ae'],
        fingerprint,
        content_hash: content,
        rows: 1,
        validated: null,
      });
    });
  });

  it('and the others hold no value of the data', async () => {
    await withProject(FILES, async (project) => {
      project.write({ 'models/work/x.sql': 'SELECT term::INTEGER AS n FROM staged.ae\n' });
      await project.build();
      for (const name of ['manifest', 'run_results', 'warehouse_results']) {
        expect(project.read(`target/${name}.json`).toString()).not.toContain('Headache');
      }
    });
  });
});
