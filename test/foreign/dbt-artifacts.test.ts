import { expect, it } from 'vitest';
import { withProject } from '../helpers/project.ts';
import { describeWithPython, python } from './python.ts';

interface Artifacts {
  readonly schemas: string[];
  readonly nodes: Record<string, { type: string; materialized: string; reads: string[]; macros: string[] }>;
  readonly sources: string[];
  readonly macros: string[];
  readonly children: Record<string, string[]>;
  readonly results: Record<string, [status: string, message: string | null, failures: number | null]>;
}

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'test-study',
    study: { id: 'S' },
    sources: { ae: { files: 'data/ae.csv', keys: ['id'] } },
  }),
  'data/ae.csv': 'id,subject,term\n1,01,Headache\n2,01,\n',
  'macros/text.sql': '-- In capitals.\nCREATE OR REPLACE MACRO capital(x) AS upper(x);\n',
  'models/sdtm/ae.sql': 'SELECT id AS AESEQ, capital(term) AS AETERM, [_row] AS _rows FROM staged.ae\n',
  'models/sdtm/ae.yml':
    'label: Adverse Events\nkeys: [AESEQ]\ntags: [nightly]\nclassification: restricted\ncolumns:\n  AESEQ: { label: Sequence }\n  AETERM: { label: Term, tests: [{ not_null: true, severity: warn }] }\n',
  'models/work/was.sql': 'SELECT AESEQ, AETERM FROM sdtm.ae\n',
  'models/work/was.yml': 'materialized: snapshot\nunique_key: AESEQ\n',
  'models/work/broken.sql': 'SELECT nothing FROM sdtm.ae\n',
  'models/work/blocked.sql': 'SELECT * FROM work.broken\n',
  'tests/few.sql': '-- There are few.\nSELECT count(*) AS n FROM sdtm.ae HAVING count(*) > 9\n',
};

describeWithPython('manifest.json and run_results.json', () => {
  it('are read by the schemas of dbt, and say what the run was [BUILD-100]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const read = python<Artifacts>('read_dbt_artifacts.py', project.path('target'));
      expect(read.schemas).toEqual(['ManifestV12', 'RunResultsV6']);
      expect(read.nodes['model.test_study.sdtm.ae']).toEqual({
        type: 'model',
        materialized: 'table',
        reads: ['model.test_study.staged.ae'],
        macros: ['macro.test_study.capital'],
      });
      expect(read.nodes['snapshot.test_study.work.was']).toMatchObject({ type: 'snapshot', materialized: 'snapshot' });
      expect(read.nodes['test.test_study.sdtm.ae.not_null_AETERM'].reads).toEqual(['model.test_study.sdtm.ae']);
      expect(read.sources).toEqual(['source.test_study.state.file_ae']);
      expect(read.macros).toEqual(['macro.test_study.capital']);
      expect(read.children['model.test_study.staged.ae']).toEqual(['model.test_study.sdtm.ae']);
      expect(read.results['model.test_study.sdtm.ae']).toEqual(['success', 'new', null]);
      expect(read.results['model.test_study.work.blocked']).toEqual(['skipped', 'work.broken failed', null]);
      const [status, message] = read.results['model.test_study.work.broken'];
      expect([status, message?.split(':')[0]]).toEqual(['error', 'MODEL_SQL']);
      expect(read.results['test.test_study.sdtm.ae.not_null_AETERM']).toEqual(['warn', null, 1]);
      expect(read.results['test.test_study.sdtm.ae.few']).toEqual(['pass', null, 0]);
      await project.build();
      const again = python<Artifacts>('read_dbt_artifacts.py', project.path('target'));
      expect(again.results['model.test_study.sdtm.ae']).toEqual(['no-op', 'unchanged', null]);
    });
  });
});
