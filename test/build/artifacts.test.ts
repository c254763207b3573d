import { createHash } from 'node:crypto';
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

describe('manifest.json [BUILD-100]', () => {
  it('has what is written: the template, its checksum, one macro each, and texts as the tables have them', async () => {
    const template = "{{ config(tags=['x']) }}\nSELECT capital(term) AS t FROM {{ source('ae', 'ae') }}\n";
    const own = 'CREATE OR REPLACE MACRO other.capital(x) AS lower(x)';
    await withProject(FILES, async (project) => {
      project.write({
        'models/work/x.sql': template,
        'models/work/x.yml':
          "label: Terms?\ncomment: In capitals\ncolumns: { t: { label: Term, comment: 'As said.' } }\n",
        'models/other/y.sql': 'SELECT 1 AS y\n',
        'tests/no_x.sql': "SELECT * FROM {{ ref('x') }} WHERE t IS NULL\n",
        'macros/text.sql': `-- In capitals.\nCREATE OR REPLACE MACRO capital(x) AS upper(x);\n${own};\n`,
      });
      await project.build({ storeFailures: false });
      const read = () => JSON.parse(project.read('target/manifest.json').toString());
      const { nodes, macros } = read();
      expect(nodes['model.test.work.x']).toMatchObject({
        raw_code: template,
        checksum: { name: 'sha256', checksum: createHash('sha256').update(template).digest('hex') },
        compiled_code: expect.stringContaining('FROM "staged"."ae"'),
        description: 'Terms? In capitals.',
        columns: { t: { description: 'Term. As said.' } },
        depends_on: { macros: ['macro.test.capital', 'macro.test.other.capital'] },
      });
      expect(await project.value("SELECT comment FROM duckdb_tables() WHERE schema_name = 'work'")).toBe(
        'Terms? In capitals.',
      );
      expect(nodes['test.test.work.x.no_x']).toMatchObject({
        raw_code: "SELECT * FROM {{ ref('x') }} WHERE t IS NULL\n",
        config: { store_failures: false },
      });
      expect(Object.values<Record<string, string>>(macros).map(({ name, macro_sql }) => [name, macro_sql])).toEqual([
        ['capital', 'CREATE OR REPLACE MACRO capital(x) AS upper(x)'],
        ['capital', own],
      ]);
      await project.build();
      expect(read().nodes['test.test.work.x.no_x'].config.store_failures).toBe(true);
    });
  });
});
