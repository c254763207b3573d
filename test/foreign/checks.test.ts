import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { withProject } from '../helpers/project.ts';
import { describeWithSharedData, sharedData } from '../helpers/shared-data.ts';
import { describeWithPython, python } from './python.ts';

type Finding = [rule: string, ...(string | null)[]];

const inOrder = (findings: readonly Finding[]) => findings.map((one) => JSON.stringify(one)).sort();

/** Findings of items, by the warehouse and by check_odm.py, which shares nothing with it. */
async function compare(files: readonly string[], oids: readonly string[]): Promise<number> {
  const configuration = JSON.stringify({
    name: 'test',
    study: { id: 'S', oids },
    sources: Object.fromEntries(
      files.map((file, index) => [
        `source${index}`,
        { files: `data/${index}_${basename(file)}`, system: 'edc', format: 'odm' },
      ]),
    ),
  });
  const data = Object.fromEntries(files.map((file, index) => [`data/${index}_${basename(file)}`, readFileSync(file)]));
  return withProject({ 'warehouse.yml': configuration, ...data }, async (project) => {
    await project.load();
    const found = await project.rows(
      `SELECT rule, subject_key, study_event_oid, form_oid, item_group_oid, item_oid, value FROM recon.finding
       WHERE item_oid IS NOT NULL`,
    );
    const expected = python<Finding[]>('check_odm.py', ...files);
    expect(inOrder(found as Finding[])).toEqual(inOrder(expected));
    return expected.length;
  });
}

const SNAPSHOT = join(import.meta.dirname, '../../data/sources/edc/vexin03_snapshot_2026-02-02.xml.gz');

describeWithPython('findings', () => {
  it('of the snapshot of the demonstration study are those that another program has: planted typing errors [CHECK-009]', async () => {
    expect(await compare([SNAPSHOT], ['VEXIN-03'])).toBe(31);
  });

  describeWithSharedData('of real files', () => {
    it.each([
      ['odm/openclinica/extract.xml', 19],
      ['odm/odmlib/odm-data-snapshot.xml', 71],
      ['odm/redcap/clinical-trial-1/project.xml', 0],
      ['odm/redcap-etl/BasicDemography.REDCap.xml', 2],
    ])('%s are those that another program has [CHECK-009]', async (file, count) => {
      const path = sharedData(file);
      const text = readFileSync(path, 'utf8');
      const oids = [...text.matchAll(/<Study [^>]*OID="([^"]*)"|<ClinicalData[^>]*StudyOID="([^"]*)"/g)].map(
        ([, study, clinical]) => study ?? clinical,
      );
      expect(await compare([path], [...new Set(oids)])).toBe(count);
    });
  });
});
