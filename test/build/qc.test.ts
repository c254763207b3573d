import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import { buildSummary, exitCodeOf } from '../../src/report/summary.ts';
import { TemporaryProject } from '../helpers/project.ts';

const CSV = 'id,subject,term,grade\n1,01,Headache,1\n2,01,Nausea,2\n3,02,Cough,\n';
const YML = 'label: Adverse Events\nkeys: [USUBJID, AESEQ]\n';
const AE = `SELECT 'S-' || subject AS USUBJID, row_number() OVER (PARTITION BY subject ORDER BY id) AS AESEQ,
  upper(term) AS AETERM, grade::INTEGER AS AETOXGR, [_row] AS _rows
FROM staged.ae
`;
/** Written otherwise, with its columns in another order. */
const QC = `WITH numbered AS (
  SELECT *, (SELECT count(*) FROM staged.ae b WHERE b.subject = a.subject AND b.id <= a.id) AS n FROM staged.ae a
)
SELECT concat('S-', subject) AS USUBJID, CAST(grade AS INTEGER) AS AETOXGR, n AS AESEQ, upper(term) AS AETERM
FROM numbered
`;

let project: TemporaryProject;
beforeEach(() => {
  project = new TemporaryProject({
    'warehouse.yml': JSON.stringify({
      name: 'test',
      study: { id: 'S' },
      sources: { ae: { files: 'data/ae.csv', keys: ['id'] } },
    }),
    'data/ae.csv': CSV,
    'models/sdtm/ae.sql': AE,
    'models/sdtm/ae.yml': YML,
    'qc/ae.sql': QC,
  });
});
afterEach(() => project.remove());

const rows = (sql: string) => project.rows(sql);
const comment = () =>
  project.value("SELECT comment FROM duckdb_tables() WHERE schema_name = 'sdtm' AND table_name = 'ae'");
const VALIDATED = 'Adverse Events. Validated: qc/ae.sql, written independently, gives the same.';

describe('a second version in qc/ [MODEL-053]', () => {
  it('that gives the same validates its model, in record, comment and summary', async () => {
    const built = await project.build();
    expect(built.validations).toEqual([{ model: 'sdtm.ae', path: 'qc/ae.sql', isValidated: true }]);
    expect(buildSummary(built, { columns: 100, isInteractive: false, color: false } as never)).toContain(
      'validated  1 of 1 model of qc/',
    );
    expect(await comment()).toBe(VALIDATED);
    expect(
      await rows(`SELECT v.model, qc_path, v.fingerprint = m.fingerprint AS same
        FROM run.current_validation v JOIN run.current_model m USING (model)`),
    ).toEqual([['sdtm.ae', 'qc/ae.sql', true]]);
  });

  it('that differs says in which record, column and value, and validates nothing', async () => {
    project.write({
      'qc/ae.sql': QC.replace('upper(term)', "nullif(upper(term), 'NAUSEA')")
        .replace('CAST(grade', '1 + (grade')
        .replace(' AS INTEGER)', '::INTEGER)'),
    });
    const built = await project.build();
    expect(exitCodeOf(built)).toBe(0);
    expect(built.validations[0].isValidated).toBe(false);
    expect(built.tests.found).toEqual([
      { name: 'qc', model: 'sdtm.ae', state: 'warned', rows: 3, table: 'failures.sdtm_ae__qc' },
    ]);
    expect(
      await rows('SELECT difference, USUBJID, AESEQ, variable, model, qc FROM failures.sdtm_ae__qc ORDER BY ALL'),
    ).toEqual([
      ['value', 'S-01', '1', 'AETOXGR', '1', '2'],
      ['value', 'S-01', '2', 'AETERM', 'NAUSEA', null],
      ['value', 'S-01', '2', 'AETOXGR', '2', '3'],
    ]);
    expect(await comment()).toBe('Adverse Events');
  });

  it('tells records and columns that one of them does not have, and keys that repeat', async () => {
    const sql = "SELECT 'S-' || subject AS USUBJID, 1 AS AESEQ, upper(term) AS AETERM, 'x' AS AEOTHER FROM staged.ae";
    project.write({ 'qc/ae.sql': `${sql} UNION ALL SELECT 'S-09', 1, 'X', 'x'`, 'qc/ae.yml': 'severity: error\n' });
    const built = await project.build();
    expect(exitCodeOf(built)).toBe(3);
    expect(built.withheld).toBeDefined();
    expect(await rows('SELECT difference, USUBJID, AESEQ, variable FROM failures.sdtm_ae__qc ORDER BY ALL')).toEqual([
      ['column only in qc', null, null, 'AEOTHER'],
      ['column only in the model', null, null, 'AETOXGR'],
      ['key repeats in qc', 'S-01', '1', null],
      ['record only in qc', 'S-09', '1', null],
      ['record only in the model', 'S-01', '2', null],
      // Of the key that repeats; the columns that only one has are told once, and not by record.
      ['value', 'S-01', '1', 'AETERM'],
    ]);
  });

  it('validates for as long as both are what they were when they agreed', async () => {
    await project.build();
    project.write({ 'models/sdtm/ae.sql': AE.replace('upper(term)', 'lower(term)') });
    expect((await project.build()).validations[0].isValidated).toBe(false);
    expect(await comment()).toBe('Adverse Events');
    expect(await rows('FROM run.current_validation')).toEqual([]);
    project.write({ 'models/sdtm/ae.sql': AE.replace('upper(term)', 'ucase(term)') });
    expect((await project.build()).validations[0].isValidated).toBe(true);
    expect(await comment()).toBe(VALIDATED);
    expect((await project.build()).validations[0].isValidated).toBe(true);
    expect(await rows('SELECT count(*) AS n FROM run.validation')).toEqual([[2]]);
  });

  it.each(['view', 'table'])('that is of a %s validates it no more once what they read is another', async (kind) => {
    project.write({
      'models/work/up.sql': "SELECT 1 AS k, 'b' AS s",
      'models/work/m.sql': 'SELECT k, s FROM work.up',
      'models/work/m.yml': `label: M\nmaterialized: ${kind}\nkeys: [k]\n`,
      'qc/m.sql': "SELECT k, s || '' AS s FROM work.up",
    });
    const said = async () => [
      await rows('SELECT model FROM run.current_validation ORDER BY model'),
      await rows(`SELECT comment FROM (FROM duckdb_tables() SELECT schema_name, table_name, comment UNION ALL
        FROM duckdb_views() SELECT schema_name, view_name, comment) WHERE schema_name = 'work' AND table_name = 'm'`),
    ];
    const of = ({ validations }: { validations: readonly { model: string; isValidated: boolean }[] }) =>
      validations.filter(({ isValidated }) => isValidated).map(({ model }) => model);
    expect(of(await project.build())).toEqual(['sdtm.ae', 'work.m']);
    expect(await said()).toEqual([
      [['sdtm.ae'], ['work.m']],
      [['M. Validated: qc/m.sql, written independently, gives the same.']],
    ]);
    project.write({ 'models/work/up.sql': "SELECT 1 AS k, 'c' AS s" });
    expect(of(await project.build({ select: ['work.up'] }))).toEqual(['sdtm.ae']);
    expect(await said()).toEqual([[['sdtm.ae']], [['M']]]);
    expect(of(await project.build())).toEqual(['sdtm.ae', 'work.m']);
    expect((await said())[0]).toEqual([['sdtm.ae'], ['work.m']]);
    expect(await rows("SELECT ended_at IS NULL AS holds FROM run.validation WHERE model = 'work.m'")).toEqual([
      [false],
      [true],
    ]);
  });

  it('that cannot be run as it is now validates nothing, though its former table agrees', async () => {
    await project.build();
    project.write({ 'qc/ae.sql': 'SELECT nothing FROM staged.ae' });
    const built = await project.build();
    expect([exitCodeOf(built), built.validations[0].isValidated]).toEqual([3, false]);
    expect(await rows('FROM run.current_validation')).toEqual([]);
    expect(await comment()).toBe('Adverse Events');
  });

  it('validates no model that a test keeps from its place, and has then agreed with nothing that is there', async () => {
    project.write({ 'models/sdtm/ae.yml': `${YML}tests: [{ name: none, sql: FROM sdtm.ae }]\n` });
    const built = await project.build();
    expect([built.tests.failed, built.validations[0].isValidated]).toEqual([1, false]);
    expect(await rows('FROM run.current_validation')).toEqual([]);
  });

  it('that is gone, or is of another model now, validates the former no more', async () => {
    await project.build();
    project.delete('qc/ae.sql');
    expect((await project.build()).validations).toEqual([]);
    expect(await comment()).toBe('Adverse Events');
    project.write({ 'qc/ae.sql': QC });
    await project.build();
    expect(await comment()).toBe(VALIDATED);
    project.write({
      'models/work/other.sql': QC,
      'models/work/other.yml': 'keys: [USUBJID, AESEQ]\n',
      'qc/ae.yml': 'model: work.other\n',
    });
    expect((await project.build()).validations).toMatchObject([{ model: 'work.other', isValidated: true }]);
    expect(await comment()).toBe('Adverse Events');
  });

  it('is made apart: it does not read its model, and no model reads it', async () => {
    project.write({ 'qc/ae.sql': 'SELECT * EXCLUDE (_rows) FROM sdtm.ae' });
    const own = await project.build();
    expect(own.models.find(({ name }) => name === 'qc.ae')?.error).toMatchObject({ code: 'QC_READ' });
    project.write({ 'qc/ae.sql': QC, 'models/work/x.sql': 'SELECT * FROM qc.ae' });
    const other = await project.build();
    expect(other.models.find(({ name }) => name === 'work.x')?.error).toMatchObject({
      code: 'QC_READ',
      next: 'Read sdtm.ae.',
    });
  });

  it('has to be of a model with keys, by its name or as its properties say', async () => {
    const problemOf = async () =>
      loadProject(project.root).then(
        () => undefined,
        (error) => error.code,
      );
    project.write({ 'qc/ea.sql': QC });
    expect(await problemOf()).toBe('QC_MODEL');
    project.write({ 'qc/ea.yml': 'model: sdtm.ae\n' });
    expect(await problemOf()).toBeUndefined();
    project.write({ 'models/sdtm/ae.yml': 'label: Adverse Events\n' });
    expect(await problemOf()).toBe('QC_KEYS');
    project.write({ 'models/sdtm/ae.yml': YML, 'qc/Ae.sql': QC });
    expect(await problemOf()).toBe('QC_NAME');
  });
});
