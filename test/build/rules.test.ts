import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { exitCodeOf } from '../../src/report/summary.ts';
import { element, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { failureOf, TemporaryProject, withProject } from '../helpers/project.ts';

const itemDef = (oid: string, type: string) => element('ItemDef', { OID: oid, Name: oid, DataType: type });
const itemGroupDef = (oid: string, ...items: string[]) =>
  element(
    'ItemGroupDef',
    { OID: oid, Name: oid, Repeating: 'Yes' },
    ...items.map((one) => element('ItemRef', { ItemOID: one, Mandatory: 'No' })),
  );
const STUDY = element(
  'Study',
  { OID: 'S' },
  element(
    'MetaDataVersion',
    { OID: '1', Name: '1' },
    itemGroupDef('AE', 'AETERM', 'AESTDAT'),
    itemGroupDef('SV', 'SVDAT'),
    itemDef('AETERM', 'text'),
    itemDef('AESTDAT', 'partialDate'),
    itemDef('SVDAT', 'date'),
  ),
);

/** A woman seen first on a day, with the start dates of her adverse events. */
const woman = (key: string, seen: string, ...starts: string[]) =>
  subject(
    key,
    {},
    event('V1', {}, form('SV', {}, group('SV', {}, item('SVDAT', seen)))),
    event(
      'LOG',
      {},
      form(
        'AE',
        {},
        ...starts.map((start, index) =>
          group('AE', { ItemGroupRepeatKey: String(index + 1) }, item('AETERM', `"it's"`), item('AESTDAT', start)),
        ),
      ),
    ),
  );

const DATA = odm(
  { created: '2026-03-01T00:00:00Z' },
  woman('01', '2025-01-10', '2025-01-09', '2025-01-10', '2025-01', '2024'),
  woman('02', '2025-02-01', '2025-02-02'),
).replace('<ClinicalData', `${STUDY}<ClinicalData`);

/** Of a partial date only what is certain: 2025-01 may be after the visit, 2024 cannot. */
const BEFORE_VISIT = `-- An adverse event that starts before the first visit.
SELECT ae._row, 'aestdat' AS item, ae.aestdat AS value, 'The first visit was on ' || v.svdat || '.' AS message
FROM staged.ae AS ae
JOIN (SELECT subject_key, min(svdat) AS svdat FROM staged.sv GROUP BY subject_key) AS v USING (subject_key)
WHERE ae.aestdat < left(v.svdat, length(ae.aestdat))
`;

const MODEL = "SELECT 'S' AS STUDYID, subject_key AS USUBJID, aeterm AS AETERM, [_row] AS _rows FROM staged.ae\n";

const settings = (more: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: {
      edc: { files: 'data/*.xml', format: 'odm' },
      lab: { files: 'data/*.csv', format: 'csv', keys: ['ID'], optional: true },
    },
    exports: { formats: ['csv'] },
    ...more,
  });

const FILES = { 'warehouse.yml': settings(), 'data/1.xml': DATA, 'models/sdtm/ae.sql': MODEL };

const finding =
  'SELECT rule, severity, subject_key, item_group_repeat_key, item_oid, column_name, value, message FROM recon.finding ORDER BY ALL';

describe('rules/', () => {
  it('a rule is a table of its own, whose rows are findings, made again only when what it reads changes [CHECK-010]', async () => {
    const files = {
      ...FILES,
      'rules/ae_before_visit.sql': BEFORE_VISIT,
      'rules/ae_before_visit.yml': 'severity: warn\ndescription: Starts before the first visit\n',
      'rules/low_result.sql':
        "SELECT _row, 'result' AS item, result AS value, id FROM staged.lab WHERE result::INTEGER < 5",
      'rules/low_result.yml': `description: "Isn't possible"\n`,
      'data/lab.csv': 'ID,RESULT\n1,4\n2,5\n',
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await project.rows(finding)).toEqual([
        [
          'rules/ae_before_visit',
          'warn',
          '01',
          '1',
          'AESTDAT',
          'aestdat',
          '2025-01-09',
          'The first visit was on 2025-01-10.',
        ],
        [
          'rules/ae_before_visit',
          'warn',
          '01',
          '4',
          'AESTDAT',
          'aestdat',
          '2024',
          'The first visit was on 2025-01-10.',
        ],
        ['rules/low_result', 'error', null, null, 'RESULT', 'result', '4', "Isn't possible"],
      ]); // prettier-ignore
      expect(
        await project.rows("SELECT rule, table_name, part, source FROM recon.finding WHERE rule = 'rules/low_result'"),
      ).toEqual([['rules/low_result', 'lab', 'data/lab.csv', 'lab']]);
      // The live records of the tables in which they found something.
      const summary =
        "SELECT rule, finding_count, error_count, checked_count FROM recon.finding_summary WHERE rule LIKE 'rules/%'";
      expect(await project.rows(summary)).toEqual([
        ['rules/ae_before_visit', 2, 0, 5],
        ['rules/low_result', 1, 1, 2],
      ]);

      const again = await project.build();
      expect(new Set(again.models.map(({ state }) => state))).toEqual(new Set(['skipped']));
      // A correction of one table: only the rule over it is made again.
      project.write({ 'data/lab.csv': 'ID,RESULT\n1,6\n2,5\n' });
      const { models } = await project.build();
      expect(models.find(({ name }) => name === 'rules.low_result')?.state).toBe('built');
      expect(models.find(({ name }) => name === 'rules.ae_before_visit')?.state).toBe('skipped');
      expect(await project.column('SELECT rule FROM recon.finding')).toEqual([
        'rules/ae_before_visit',
        'rules/ae_before_visit',
      ]);

      rmSync(join(project.root, 'rules/ae_before_visit.sql'));
      rmSync(join(project.root, 'rules/ae_before_visit.yml'));
      await project.build();
      expect(await project.rows(finding)).toEqual([]);
      expect(await project.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'rules'")).toEqual([
        ['low_result'],
      ]);
    });
  });

  it('an identity that no live record has is shown as such, and a record that a rule names twice is one finding [CHECK-010]', async () => {
    const files = {
      ...FILES,
      'rules/stray.sql': 'SELECT 12::BIGINT AS _row UNION ALL SELECT 12 UNION ALL SELECT NULL',
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(
        await project.rows('SELECT rule, table_name, subject_key, message, _row FROM recon.finding ORDER BY ALL'),
      ).toEqual([
        ['rules/stray', '(not live)', null, 'Found by rules/stray.sql.', 12],
        ['rules/stray', '(not live)', null, 'Found by rules/stray.sql.', null],
      ]);
    });
  });

  it('what is wrong with a rule is told with its file and line, and stops no other [CHECK-011]', async () => {
    const files = {
      ...FILES,
      'rules/good.sql': BEFORE_VISIT,
      'rules/broken.sql': 'SELECT _row\nFROM staged.ae\nWHERE nothing = 1\n',
      'rules/unknown.sql': 'SELECT _row FROM staged.aee',
      'rules/two.sql': 'SELECT _row FROM staged.ae;\nSELECT _row FROM staged.sv',
      'rules/ahead.sql': 'SELECT unnest(_rows) AS _row FROM sdtm.ae',
      'rules/outcome.sql': 'SELECT _row FROM recon.record',
      'rules/nameless.sql': 'SELECT subject_key AS item, 1 AS message FROM staged.ae',
    };
    await withProject(files, async (project) => {
      const { models, withheld, checks, tests } = await project.build();
      const errors = models.flatMap(({ name, error }) =>
        error === undefined ? [] : [[name, error.code, error.place.file, error.place.line]],
      );
      expect(Object.fromEntries(errors.map(([name, ...rest]) => [name, rest]))).toEqual({
        'rules.ahead': ['RULE_READS', 'rules/ahead.sql', 1],
        'rules.broken': ['MODEL_SQL', 'rules/broken.sql', 3],
        'rules.nameless': ['RULE_COLUMNS', 'rules/nameless.sql', undefined],
        'rules.outcome': ['MODEL_READS_OUTCOME', 'rules/outcome.sql', 1],
        'rules.two': ['MODEL_TWO_STATEMENTS', 'rules/two.sql', 2],
        'rules.unknown': ['MODEL_UNKNOWN_TABLE', 'rules/unknown.sql', 1],
      });
      expect(models.find(({ name }) => name === 'rules.nameless')?.error?.message).toBe(
        'It has no column _row. Column message is INTEGER, not VARCHAR.',
      );
      expect(models.find(({ name }) => name === 'sdtm.ae')?.state).toBe('built');
      expect(await project.column("SELECT count(*) FROM recon.finding WHERE rule = 'rules/good'")).toEqual([2]);
      // A rule that could not be asked is no rule that found nothing.
      expect(withheld?.reason).toMatch(/not all is up to date: rules\.ahead \(RULE_READS\)/);
      expect(exitCodeOf({ models, tests, checks, withheld })).toBe(3);
    });
  });

  it('files of rules/ are named like models, and properties stand beside a rule [CHECK-011]', async () => {
    const wrong = {
      ...FILES,
      'rules/AE-1.sql': 'SELECT 1',
      'rules/gone.yml': 'severity: warn\n',
      'rules/a.sql': 'SELECT 1',
      'rules/a.yml': 'serverity: warn\n',
      'models/rules/x.sql': 'SELECT 1',
    }; // prettier-ignore
    await withProject(wrong, async (project) => {
      mkdirSync(join(project.root, 'rules/b.sql'));
      const { message } = await failureOf(project.build());
      expect(message).toMatch(/^5 problems:/);
      for (const text of [
        'models/rules/x.sql: The schema rules belongs to the warehouse.',
        'rules/AE-1.sql: A rule must be exactly rules/<name>.sql',
        'rules/b.sql: This is a folder, and a file is meant.',
        'Unknown key "serverity". Did you mean "severity"?',
        'The properties of rules/gone stand without a rule',
      ]) {
        expect(message).toContain(text);
      }
    });
  });
});

describe('checks: of warehouse.yml', () => {
  const withChecks = (checks: Record<string, unknown>) => settings({ checks });

  it('stop keeps all but the landing from being done: exit code 3, with what, how many and where to look [CHECK-012]', async () => {
    const events: WarehouseEvent[] = [];
    const project = new TemporaryProject({
      ...FILES,
      'rules/ae_before_visit.sql': BEFORE_VISIT,
      'warehouse.yml': withChecks({ 'rules/ae_before_visit': { stop: '40%' } }),
    }); // prettier-ignore
    project.events = (one) => events.push(one);
    try {
      const stopped = await project.build();
      const states = Object.fromEntries(stopped.models.map(({ name, state }) => [name, state]));
      expect(states).toEqual({
        'rules.ae_before_visit': 'built',
        'sdtm.ae': 'blocked',
        'staged.ae': 'built',
        'staged.sv': 'built',
      }); // prettier-ignore
      expect([stopped.exports, stopped.publications]).toEqual([[], []]);
      expect(exitCodeOf(stopped)).toBe(3);
      const told = events.flatMap((one) => (one.event === 'error' ? [one.error] : []));
      expect(told).toMatchObject([
        {
          kind: 'data',
          code: 'CHECKS_STOP',
          message: 'Checks of what arrived: rules/ae_before_visit has 2 findings in 5 and stops at 40 %.',
          place: { file: 'warehouse.yml' },
        },
      ]);
      expect(told[0].next).toContain(`query "FROM recon.finding WHERE rule = 'rules/ae_before_visit'"`);
      expect(await project.value('SELECT count(*) FROM staged.ae')).toBe(5);
      expect((await project.checks()).find(({ name }) => name === 'checks')).toMatchObject({ ok: false });

      // Below the limit all goes its way.
      project.write({
        'warehouse.yml': withChecks({ 'rules/ae_before_visit': { stop: '41%' }, default: { stop: 3 } }),
      });
      const built = await project.build();
      expect(built.models.filter(({ state }) => state !== 'skipped').map(({ name }) => name)).toEqual(['sdtm.ae']);
      expect(built.exports).toHaveLength(1);
      expect(exitCodeOf(built)).toBe(0);

      // And what was made stays as it was where a check stops later.
      project.write({ 'warehouse.yml': withChecks({ default: { stop: 2 } }) });
      expect((await project.run()).models.find(({ name }) => name === 'sdtm.ae')?.state).toBe('blocked');
      expect(await failureOf(project.export())).toMatchObject({ kind: 'data', code: 'CHECKS_STOP' });
      expect(await project.value('SELECT count(*) FROM sdtm.ae')).toBe(5);
    } finally {
      project.remove();
    }
  });

  it('warn says from how many on they are told; without a word every finding is [CHECK-012]', async () => {
    const files = { ...FILES, 'rules/ae_before_visit.sql': BEFORE_VISIT };
    await withProject(files, async (project) => {
      const found = async () => (await project.build()).checks.found.map(({ rule }) => rule);
      expect(await found()).toEqual(['rules/ae_before_visit']);
      project.write({ 'warehouse.yml': withChecks({ default: { warn: 3 } }) });
      expect(await found()).toEqual([]);
      project.write({
        'warehouse.yml': withChecks({ default: { warn: 3 }, 'rules/ae_before_visit': { warn: '40 %' } }),
      });
      expect(await found()).toEqual(['rules/ae_before_visit']);
    });
  });

  it.each([
    [{ codelsit: { warn: 1 } }, 'CHECK_UNKNOWN', 'Did you mean "codelist"?'],
    [{ 'rules/ae_befor_visit': { warn: 1 } }, 'CHECK_UNKNOWN', 'Did you mean "rules/ae_before_visit"?'],
    [{ codelist: { stopp: 1 } }, 'CONFIG_UNKNOWN_KEY', 'Did you mean "stop"?'],
    [{ codelist: { stop: 0 } }, 'CONFIG_INVALID', undefined],
    [{ codelist: { stop: '0%' } }, 'CONFIG_INVALID', undefined],
    [{ codelist: { stop: '101%' } }, 'CONFIG_INVALID', undefined],
    [{ codelist: { stop: '5' } }, 'CONFIG_INVALID', undefined],
  ])('refuses %o with %s [CHECK-013]', async (checks, code, next) => {
    const files = { ...FILES, 'rules/ae_before_visit.sql': BEFORE_VISIT, 'warehouse.yml': withChecks(checks) };
    await withProject(files, async (project) => {
      expect(await project.failure()).toMatchObject({
        kind: 'usage',
        code,
        file: 'warehouse.yml',
        ...(next && { next }),
      });
    });
  });
});
