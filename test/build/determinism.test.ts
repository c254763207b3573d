import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit, event, form, group, insert, item, odm, remove, site, subject, update } from '../helpers/odm.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { warehouse } from '../helpers/warehouse-process.ts';

const SUBJECTS = Array.from({ length: 300 }, (_, index) => String(index + 1).padStart(4, '0'));

const snapshot = odm(
  { created: '2026-02-01T06:00:00Z' },
  ...SUBJECTS.map((key, index) =>
    subject(
      key,
      {},
      site(`S${index % 7}`),
      event(
        'V',
        { StudyEventRepeatKey: '1' },
        form(
          'F.VS',
          {},
          group(
            'IG.VS',
            {},
            item('SYSBP', `${100 + (index % 50)}.${index % 10}`),
            item('VSDTC', '2026-01-05T10:30:00'),
          ),
        ),
        form(
          'F.AE',
          {},
          ...['Headache', 'Nausea', 'Rash'].map((term) => group('IG.AE', {}, item('AETERM', `${term} ${index % 5}`))),
        ),
      ),
    ),
  ),
);
const delta = odm(
  { type: 'Transactional', created: '2026-02-22T06:00:00+02:00' },
  ...SUBJECTS.filter((_, index) => index % 3 === 0).map((key) =>
    subject(
      key,
      {},
      site('S8'),
      event(
        'V',
        { StudyEventRepeatKey: '1' },
        form(
          'F.VS',
          {},
          group('IG.VS', {}, item('SYSBP', '99.5', update, audit('2026-02-03T10:00:00')), item('DIABP', '61', insert)),
        ),
        form('F.AE', {}, group('IG.AE', remove, audit('2026-02-04T10:00:00'))),
      ),
    ),
  ),
);

const PROJECT = {
  'warehouse.yml': JSON.stringify({
    name: 'determinism',
    study: { id: 'S' },
    sources: {
      edc: { files: 'data/*.xml' },
      lab: { files: 'data/*.csv', keys: ['SUBJECT', 'TEST'] },
    },
  }),
  'models/sdtm/vs.sql': `SELECT subject_key AS USUBJID, site_oid AS SITEID, sysbp AS VSORRES, sysbp::DOUBLE AS VSSTRESN, diabp AS DIABP,
      vsdtc AS VSDTC, [_row] AS _rows FROM staged.vs`,
  'models/sdtm/vs.yml': 'label: Vital Signs\nkeys: [USUBJID]\n',
  'models/sdtm/ae.sql': `SELECT site_oid AS SITEID, aeterm AS AETERM, count(*) AS N, list(_row ORDER BY _row) AS _rows
      FROM staged.ae GROUP BY site_oid, aeterm`,
  // Keys that do not tell all rows apart: the order of an export is that of all columns.
  'models/sdtm/ae.yml': 'label: Adverse Events\nkeys: [SITEID]\ntests: [{ unique: [SITEID], severity: warn }]\n',
  'models/sdtm/lb.sql': `SELECT subject AS USUBJID, sum(result::DECIMAL(18,4)) AS TOTAL, list(_row ORDER BY _row) AS _rows FROM staged.lab GROUP BY subject`,
  'models/sdtm/lb.yml': 'label: Laboratory\nkeys: [USUBJID]\n',
  'data/1.xml': snapshot,
  'data/lab.csv': `SUBJECT,TEST,RESULT\n${SUBJECTS.map((key, index) => `${key},ALT,${index}.25\n${key},AST,0.${index}\n`).join('')}`,
};

/** Every exported file, the manifest included, by path. */
function exported(project: TemporaryProject): Record<string, string> {
  const folder = project.path('target/export');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), 'base64')]),
  );
}

describe('the same inputs give the same bytes', () => {
  it('in other folders, with one thread and two, in other time zones and at other times [BUILD-002]', async () => {
    const builds: Record<string, string>[] = [];
    for (const [threads, zone] of [
      ['1', 'America/New_York'],
      ['2', 'Asia/Kathmandu'],
    ]) {
      await withProject({ ...PROJECT, 'data/2.xml': delta }, async (project) => {
        const { code, log } = await warehouse(project.root, ['build', '--threads', threads], {
          environment: { TZ: zone },
        });
        expect([code, log]).toEqual([0, expect.any(String)]);
        builds.push(exported(project));
      });
    }
    expect(Object.keys(builds[0])).toEqual([
      'csv/ae.csv',
      'csv/lb.csv',
      'csv/vs.csv',
      'manifest.json',
      'parquet/ae.parquet',
      'parquet/lb.parquet',
      'parquet/vs.parquet',
      'xpt/ae.xpt',
      'xpt/lb.xpt',
      'xpt/vs.xpt',
    ]);
    expect(builds[1]).toEqual(builds[0]);
  });

  it('from nothing, from a delta, and with the delta before the snapshot [BUILD-002]', async () => {
    const builds: Record<string, string>[] = [];
    const both = { 'data/1.xml': snapshot, 'data/2.xml': delta };
    const beginnings: Record<string, string>[] = [both, { 'data/1.xml': snapshot }, { 'data/2.xml': delta }];
    for (const first of beginnings) {
      await withProject(PROJECT, async (project) => {
        project.delete('data/1.xml');
        project.write(first);
        await project.load();
        if ('data/1.xml' in first) await project.build();
        project.write(both);
        await project.build();
        builds.push(exported(project));
        const [row] = await project.rows(`SELECT SITEID, VSORRES, DIABP FROM sdtm.vs WHERE USUBJID = '0001'`);
        expect(row).toEqual(['S8', '99.5', '61']);
        // 300 women with three events each; a removal of the first of every third.
        expect(await project.value('SELECT sum(N)::INTEGER FROM sdtm.ae')).toBe(800);
      });
    }
    expect(builds[1]).toEqual(builds[0]);
    expect(builds[2]).toEqual(builds[0]);
  });

  it('with sax for the tokenizer [BUILD-002]', async () => {
    const builds: Record<string, string>[] = [];
    for (const parser of ['tokenizer', 'sax'] as const) {
      await withProject({ ...PROJECT, 'data/2.xml': delta }, async (project) => {
        await project.build({ parser });
        builds.push(exported(project));
      });
    }
    expect(builds[1]).toEqual(builds[0]);
  });
});
