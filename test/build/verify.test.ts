import { appendFileSync, chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/build/check.ts';
import { verify } from '../../src/build/verify.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';
import { bytesOf } from '../helpers/snapshot.ts';

const CONTEXT = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
const DEFINITIONS = `<Study OID="S"><MetaDataVersion OID="1" Name="1"><ItemGroupDef OID="G" Name="G" Repeating="No">
  <ItemRef ItemOID="I" Mandatory="No"/></ItemGroupDef><ItemDef OID="I" Name="I" DataType="text"/></MetaDataVersion></Study>`;
const DATA = odm(
  { created: '2026-01-01T00:00:00Z' },
  subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', 'a'))))),
).replace('<ClinicalData', `${DEFINITIONS}<ClinicalData`);

const configured = (lab: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: 'verify',
    study: { id: 'S' },
    sources: { edc: { files: 'data/*.xml' }, lab: { files: 'data/lab.csv', ...lab } },
  });

const FILES = {
  'warehouse.yml': configured(),
  'models/sdtm/x.sql': 'SELECT subject_key AS USUBJID, i AS TERM, [_row] AS _rows FROM staged.g',
  'models/sdtm/x.yml': 'label: Test\nkeys: [USUBJID]\n',
  'models/sdtm/y.sql': 'SELECT a AS USUBJID, b AS TERM, [_row] AS _rows FROM staged.lab',
  'models/sdtm/y.yml': 'label: Test\nkeys: [USUBJID]\n',
  'data/1.xml': DATA,
  'data/lab.csv': 'A,B\n1,2\n',
};
const LEDGER = '.warehouse/ledger/main/ledger.jsonl';

/** The checks, after making sure that checking left every byte as it was. */
async function checked(project: TemporaryProject): Promise<Check[]> {
  const before = bytesOf(project.root);
  const { checks } = await verify(await loadProject(project.root), {}, CONTEXT);
  expect(bytesOf(project.root)).toEqual(before);
  return checks;
}

/** What does not agree, or is worth knowing. */
async function told(project: TemporaryProject): Promise<Check[]> {
  return (await checked(project)).filter(({ ok, next }) => !ok || next !== undefined);
}

describe('verify', () => {
  it('tells of each check what it saw, and writes nothing [VERIFY-001]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      expect(await checked(project)).toEqual([
        { name: 'working file', ok: true, detail: '.warehouse/main.duckdb, study S (Prod)' },
        { name: 'ledger', ok: true, detail: expect.stringMatching(/^\d+ records, one chain$/) },
        { name: 'vault', ok: true, detail: '2 files, unchanged since arrival' },
        { name: 'source counts', ok: true, detail: expect.stringMatching(/ 0 different$/) },
        { name: 'models', ok: true, detail: '3 tables, as made' },
        { name: 'row accounting', ok: true, detail: 'every live record is used or excluded by a rule' },
        { name: 'item accounting', ok: true, detail: 'every live value reaches a dataset or is excluded by a rule' },
        { name: 'values', ok: true, detail: 'all convert to their DataType and have their decode' },
        { name: 'checks', ok: true, detail: 'no findings' },
        { name: 'exports', ok: true, detail: '6 files, as written' },
        { name: 'published files', ok: true, detail: 'target/main.duckdb, as published' },
      ]);
    });
  });

  it('tells which tables of models are not what was made, and how to make them anew [VERIFY-023]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      await project.inWorkingFile("UPDATE sdtm.x SET TERM = 'b'; ALTER TABLE sdtm.y RENAME TO z");
      const [found] = await told(project);
      expect(found).toMatchObject({ name: 'models', ok: false, detail: 'not what was made: sdtm.x, sdtm.y' });
      expect(found.next).toContain('warehouse build --full-refresh --select "sdtm.x sdtm.y"');
      await project.build({ fullRefresh: true, select: ['sdtm.x', 'sdtm.y'] });
      expect((await told(project)).filter(({ name }) => name === 'models')).toEqual([]);
    });
  });

  it('says so before anything was built, or where the first build was killed at once [VERIFY-001]', async () => {
    await withProject(FILES, async (project) => {
      const expected = { kind: 'usage', code: 'NOT_BUILT', next: 'Run warehouse build (or load) first.' };
      const before = bytesOf(project.root);
      expect(await failureOf(checked(project))).toMatchObject({
        ...expected,
        message: 'Nothing has been built yet: there is no .warehouse/main.duckdb.',
      });
      expect(bytesOf(project.root)).toEqual(before);
      (await WarehouseFile.open(project.path('.warehouse/main.duckdb'))).close();
      expect(await failureOf(checked(project))).toMatchObject({
        ...expected,
        message: 'Nothing has been built yet: nothing is in .warehouse/main.duckdb.',
      });
      for (const bytes of [0, 4096, 8192]) {
        project.delete('.warehouse');
        await project.load();
        const whole = project.read('.warehouse/main.duckdb');
        project.delete('.warehouse');
        project.write({ '.warehouse/main.duckdb': whole.subarray(0, bytes) });
        expect(await failureOf(checked(project))).toMatchObject(expected);
      }
      await project.build();
      expect(await told(project)).toEqual([]);
    });
  });

  it('runs after load alone, and after load of what is newer than the datasets [VERIFY-002, VERIFY-010]', async () => {
    await withProject(FILES, async (project) => {
      await project.load();
      const checks = await checked(project);
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(checks).toContainEqual({
        name: 'row accounting',
        ok: true,
        detail: 'there are no datasets yet; open: 1 of g, 1 of lab',
        next: 'See all: warehouse query "FROM recon.row_accounting_summary". A model with a column _rows uses records, one of schema excluded leaves them out: docs/models.md.',
      });
      expect(checks).toContainEqual({ name: 'published files', ok: true, detail: 'there are none' });
      await project.build();
      project.write({ 'data/lab.csv': 'A,B\n1,2\n3,4\n' });
      await project.load();
      expect(await told(project)).toEqual([
        { name: 'row accounting', ok: false, detail: 'open: 1 of lab', next: expect.stringContaining('NOT accounted') },
      ]);
      await project.build();
      expect(await told(project)).toEqual([]);
    });
  });

  it('takes models with _rows in whatever schema for datasets, as the row accounting does [VERIFY-008]', async () => {
    const { 'models/sdtm/x.sql': x, 'models/sdtm/x.yml': about } = FILES;
    const files = {
      'warehouse.yml': FILES['warehouse.yml'],
      'data/1.xml': FILES['data/1.xml'],
      'data/lab.csv': FILES['data/lab.csv'],
      'models/tabulation/x.sql': x,
      'models/tabulation/x.yml': about,
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await told(project)).toEqual([
        { name: 'row accounting', ok: false, detail: 'open: 1 of lab', next: expect.stringContaining('NOT accounted') },
      ]);
    });
  });

  it('checks what lies beside a working file that is gone, damaged or of another study [VERIFY-002]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const whole = project.read('.warehouse/main.duckdb');
      project.write({ '.warehouse/main.duckdb': 'no database '.repeat(2000) });
      const damaged = await checked(project);
      expect(damaged.map(({ name, ok }) => [name, ok])).toEqual([
        ['working file', false],
        ['ledger', true],
        ['exports', true],
        ['published files', true],
      ]);
      expect(damaged[0].detail).toContain('not a valid DuckDB database file');
      project.delete('.warehouse/main.duckdb');
      expect((await told(project))[0]).toMatchObject({
        name: 'working file',
        detail: 'there is no .warehouse/main.duckdb, though its ledger is there',
        next: expect.stringContaining('restore it from a backup, or run warehouse build'),
      });
      (await WarehouseFile.open(project.path('.warehouse/main.duckdb'))).close();
      expect((await told(project))[0].detail).toBe('nothing is in .warehouse/main.duckdb, though its ledger is there');
      project.write({ '.warehouse/main.duckdb': whole, 'warehouse.yml': configured().replace('"S"', '"T"') });
      expect((await told(project))[0]).toMatchObject({
        name: 'working file',
        detail: expect.stringContaining('study S'),
      });
    });
  });

  it('does not stop at a check that cannot be carried out [VERIFY-002]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      await project.inWorkingFile('DROP TABLE sdtm.y');
      const [models, found, ...others] = await told(project);
      expect(models).toMatchObject({ name: 'models', detail: 'not what was made: sdtm.y' });
      // The accounting of items stands on that of rows.
      expect(others).toMatchObject([{ ...found, name: 'item accounting' }]);
      expect(found).toMatchObject({
        name: 'row accounting',
        ok: false,
        next: expect.stringContaining('warehouse build'),
      });
      expect(found.detail).toMatch(/^could not be checked: /);
      await project.build();
      expect(await told(project)).toEqual([]);
    });
  });

  it('shows no value of the data that a check stumbles over [VERIFY-002, MODEL-022]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      await project.inWorkingFile(
        "DROP TABLE sdtm.y; CREATE VIEW sdtm.y AS SELECT [CAST(v AS BIGINT)] AS _rows FROM (VALUES ('SECRET')) t(v)",
      );
      const found = (await told(project)).find(({ name }) => name === 'row accounting');
      expect(found?.detail).toBe('could not be checked: Conversion Error: Could not convert string …');
    });
  });

  it('finds copies, exports and published files that were changed or are gone [VERIFY-003]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const vault = project.path('.warehouse/vault/main');
      const copies = readdirSync(vault, { recursive: true, encoding: 'utf8' }).filter((name) => name.length > 60);
      const sizes = new Map(copies.map((name) => [readFileSync(join(vault, name)).length, join(vault, name)]));
      const xml = sizes.get(DATA.length) as string;
      const csv = sizes.get('A,B\n1,2\n'.length) as string;
      chmodSync(xml, 0o600);
      appendFileSync(xml, ' ');
      rmSync(csv);
      appendFileSync(project.path('target/export/csv/x.csv'), ' ');
      project.delete('target/export/csv/y.csv');
      appendFileSync(project.path('target/main.duckdb'), ' ');
      const found = await told(project);
      expect(found.map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
        ['vault', false, 'the copy of data/1.xml was changed, the copy of data/lab.csv is missing'],
        [
          'exports',
          false,
          expect.stringMatching(
            /^csv\/x.csv is not what record \d+ of the ledger says was written, csv\/y.csv is missing$/,
          ),
        ],
        [
          'published files',
          false,
          expect.stringMatching(/^target\/main.duckdb is not what record \d+ of the ledger says was written$/),
        ],
      ]);
      expect(found[1].next).toContain('Run warehouse build: it writes them again.');
      await project.build();
      expect((await told(project)).map(({ name }) => name)).toEqual(['vault']);
    });
  });

  it('finds a published file that is gone [VERIFY-003]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.delete('target/main.duckdb');
      const detail = 'target/main.duckdb is missing';
      expect(await told(project)).toMatchObject([{ name: 'published files', ok: false, detail }]);
    });
  });

  it('notes a referenced file that is changed or gone, and claims nothing of others [VERIFY-003]', async () => {
    await withProject({ ...FILES, 'warehouse.yml': configured({ keep: 'reference' }) }, async (project) => {
      await project.build();
      const reference = { name: 'referenced files', ok: true };
      expect(await checked(project)).toContainEqual({ ...reference, detail: '1 file, unchanged since loading' });
      const next = expect.stringContaining('keep: sealed');
      project.write({ 'data/lab.csv': 'A,B\n5,6\n' });
      expect(await told(project)).toEqual([
        { ...reference, detail: 'data/lab.csv was changed since it was loaded', next },
      ]);
      // A newer delivery under the same name takes the place of the older, whose bytes nobody has any more.
      await project.build();
      expect(await told(project)).toEqual([]);
      project.delete('data/lab.csv');
      expect(await told(project)).toEqual([{ ...reference, detail: 'data/lab.csv is gone since it was loaded', next }]);
    });
    await withProject({ ...FILES, 'warehouse.yml': configured({ keep: 'none' }) }, async (project) => {
      await project.build();
      project.delete('data/lab.csv');
      expect((await checked(project)).filter(({ name }) => name === 'referenced files')).toEqual([]);
      expect(await told(project)).toEqual([]);
    });
  });
});

describe('a ledger that a build refuses', () => {
  it('is verified all the same, and says what to do [VERIFY-002]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const whole = project.read(LEDGER).toString();
      const lines = whole.split('\n').slice(0, -1);
      const cut = lines.slice(0, 1).map((line) => `${line}\n`);
      project.write({ [LEDGER]: cut.join('') });
      expect(await project.failure()).toMatchObject({ code: 'LEDGER_BEHIND' });
      expect(await told(project)).toEqual([
        {
          name: 'ledger',
          ok: false,
          detail: expect.stringMatching(/^LEDGER_ROW_UNKNOWN: record 2: A row has no record in the file/),
          next: expect.stringContaining('warehouse restore-ledger files'),
        },
        { name: 'exports', ok: false, detail: expect.stringContaining('is in no record'), next: expect.anything() },
      ]);
      project.write({ [LEDGER]: whole.replace('"sequence":2', '"sequence":7') });
      expect((await told(project))[0]).toMatchObject({ name: 'ledger', ok: false });
      project.delete(LEDGER);
      expect((await told(project))[0]).toMatchObject({
        name: 'ledger',
        next: expect.stringContaining('warehouse restore-ledger files'),
      });
    });
  });
});

describe('after a run that was cut short', () => {
  it('before what is live was worked out, verify says so, and the next build goes on [VERIFY-007]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      await project.inWorkingFile('DROP TABLE state.subject');
      const next = 'Run warehouse build: it goes on from there.';
      const detail = 'not known: the last run stopped after it had loaded and before it had worked out what is live';
      expect(await told(project)).toEqual([{ name: 'row accounting', ok: false, detail, next }]);
      await project.build();
      expect(await told(project)).toEqual([]);
    });
  });

  it('between the ledger and the commit, verify names the records, and the next build records it [VERIFY-007]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const last = project.read(LEDGER).toString().split('\n').length - 1;
      await project.inWorkingFile(`DELETE FROM audit.ledger WHERE sequence = ${last}`);
      writeFileSync(project.path(LEDGER), '{"action":', { flag: 'a' });
      expect(await told(project)).toEqual([
        {
          name: 'ledger',
          ok: false,
          detail: `Record ${last} stands in the file and not in the database: what they tell of was rolled back or cut short, or the database is an older one`,
          next: 'Run warehouse build: it keeps what is torn aside and records what this database does not hold.',
        },
      ]);
      await project.build();
      expect(await told(project)).toEqual([]);
      expect(existsSync(project.path('.warehouse/ledger/main/ledger.torn-1'))).toBe(true);
    });
  });
});
