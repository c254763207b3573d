import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plan } from '../../src/build/plan.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { failureOf, TemporaryProject, withProject } from '../helpers/project.ts';

const kits = (file: string) => `  kits: { files: ${file}, keys: [kitno], classification: unblinding }\n`;

const yml = (publications: string, sources = kits('data/kits.csv')) => `name: p
study: { id: S }
sources:
  doses: { files: data/doses.csv, keys: [subject] }
${sources}publications:
  main: { level: unblinding }
${publications}`;

const FILES = {
  'warehouse.yml': yml(''),
  'data/doses.csv': 'subject,kit\n01,K1\n',
  'data/kits.csv': 'kitno,arm\nK1,B\n',
  'models/mid/dose.sql': 'SELECT d.subject, k.arm FROM staged.doses d LEFT JOIN staged.kits k ON k.kitno = d.kit',
  'models/mid/dose.yml': 'declassify: { to: none, because: Every dose is here. }\n',
  'models/out/dose.sql': 'SELECT subject FROM staged.doses',
  'models/snap/dose.sql': 'SELECT subject, arm FROM mid.dose',
  'models/snap/dose.yml':
    'materialized: snapshot\nunique_key: subject\ndeclassify: { to: none, because: Every dose is here. }\n',
};

const project = new TemporaryProject(FILES);
beforeAll(() => project.build());
afterAll(() => project.remove());

const context = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
const planned = async () => plan(await loadProject(project.root), { select: [] }, context);
const classified = (message: string) => ({ code: 'PUBLICATION_CLASSIFIED', message: expect.stringContaining(message) });

describe('what a publication may not show', () => {
  it('is chosen by a condition that asks through a macro [CLASSIFICATION-005]', async () => {
    project.write({
      'warehouse.yml': yml('  p: { models: [out.dose], where: { out.dose: got_b(subject) } }\n'),
      'macros/arm.sql': "CREATE MACRO got_b(s) AS s IN (SELECT kitno FROM state.file_kits WHERE arm = 'B')",
    });
    expect(await failureOf(planned())).toMatchObject(classified('state.file_kits.arm ← source kits'));
  });

  it('is chosen by a condition, or made by a SELECT, that hides what it reads [CLASSIFICATION-005]', async () => {
    const hidden = (arm: string) =>
      `SELECT subject FROM query('SELECT d.subject FROM staged.kits k, staged.doses d ${arm}')`;
    project.write({
      'warehouse.yml': yml(
        `  p: { models: [out.dose], where: { out.dose: "subject IN (${hidden("WHERE arm = ''B''")})" } }\n`,
      ),
    });
    expect(await failureOf(planned())).toMatchObject(classified('any table ← source kits'));
    project.write({
      'warehouse.yml': yml('  p: { models: [out.hidden] }\n'),
      'models/out/hidden.sql': hidden(''),
      'models/out/hidden.yml': 'depends_on: [staged.doses]\n',
    });
    expect(await failureOf(planned())).toMatchObject(classified('publications.p shows out.hidden'));
    project.delete('models/out/hidden.sql');
    project.delete('models/out/hidden.yml');
  });

  it('are rows that a test is going to keep for the first time [CLASSIFICATION-008]', async () => {
    project.write({
      'warehouse.yml': yml('  p: { schemas: [failures] }\n'),
      'tests/b.sql': "SELECT subject FROM mid.dose WHERE arm = 'B'",
    });
    expect(await failureOf(planned())).toMatchObject(classified('publications.p shows failures.'));
    project.delete('tests/b.sql');
  });

  it('are rows that a unit test keeps of what it is not given [CLASSIFICATION-008]', async () => {
    project.write({
      'warehouse.yml': yml('  p: { models: [failures.out_listed__u] }\n'),
      'models/out/listed.sql':
        "SELECT d.subject, r.arm FROM staged.doses d LEFT JOIN read_csv('data/list.csv') r ON r.subject = d.subject",
      'data/list.csv': 'subject,arm\nS1,B\n',
      'models/out/listed.yml': `columns: { subject: {}, arm: { classification: unblinding } }
unit_tests:
  - name: u
    given: [{ input: staged.doses, rows: [{ subject: S1 }] }]
    expect: { rows: [{ subject: S1, arm: A }] }
`,
    });
    const table = 'failures.out_listed__u';
    expect(await failureOf(planned())).toMatchObject(classified(`publications.p shows ${table}, which is unblinding`));
    await project.run({ select: ['out.listed'] });
    expect(await project.rows(`SELECT _difference, subject, arm FROM ${table} ORDER BY ALL`)).toEqual([
      ['missing', 'S1', 'A'],
      ['unexpected', 'S1', 'B'],
    ]);
    const comment = `SELECT comment FROM duckdb_tables() WHERE 'failures.' || table_name = '${table}'`;
    expect(await project.value(comment)).toMatch(/ Classification: unblinding\.$/);
    for (const ending of ['sql', 'yml']) project.delete(`models/out/listed.${ending}`);
  });

  it('is a column of a snapshot that its SELECT gives no more, and what is made of it [CLASSIFICATION-011]', async () => {
    project.write({
      'warehouse.yml': yml('  p: { models: [snap.dose] }\n'),
      'models/snap/dose.sql': 'SELECT subject FROM mid.dose',
    });
    expect(await failureOf(planned())).toMatchObject(classified('snap.dose.valid_from, which is unblinding'));
    project.write({
      'warehouse.yml': yml(''),
      'models/out/former.sql': 'SELECT arm FROM snap.dose WHERE valid_to IS NULL',
    });
    await project.build();
    const recorded = await project.rows(
      "SELECT model, effective FROM recon.column_classification WHERE column_name = 'arm' AND model IN ('snap.dose', 'out.former')",
    );
    expect(recorded.sort()).toEqual([
      ['out.former', 'unblinding'],
      ['snap.dose', 'unblinding'],
    ]);
    project.delete('models/out/former.sql');
  });

  it('is a snapshot that was kept when its model went [CLASSIFICATION-011]', async () => {
    for (const name of ['snap/dose', 'mid/dose']) {
      for (const ending of ['sql', 'yml']) project.delete(`models/${name}.${ending}`);
    }
    await project.build();
    project.write({ 'warehouse.yml': yml('  p: { models: ["*.dose"] }\n') });
    expect(await failureOf(planned())).toMatchObject(classified('publications.p shows snap.dose'));
    await project.failure();
    expect(await failureOf(planned())).toMatchObject(classified('publications.p shows snap.dose'));
  });

  it('is made of a file that a source delivered and brings no more [CLASSIFICATION-001]', async () => {
    project.write({
      'warehouse.yml': yml('  p: { models: [out.arm] }\n', kits('data/kits-2.csv')),
      'data/kits-2.csv': 'kitno,arm\nK1,B\n',
      'models/out/arm.sql': "SELECT arm FROM 'data/kits.csv'",
    });
    expect(await failureOf(planned())).toMatchObject(classified('out.arm.arm, which is unblinding'));
  });
});

describe('rows that failed when they were classified higher', () => {
  const study = (level: string) => `name: p
study: { id: S }
sources:
  doses: { files: data/doses.csv, keys: [subject] }
publications:
  main: { level: ${level} }
`;
  const subject = (says: string) =>
    `columns:\n  subject: { ${says}tests: [{ accepted_values: ["02"], severity: warn }] }\n`;
  const kept = 'failures.mid_dose__accepted_values_subject';

  it('stay what they were, through a run too, until their table is dropped [CLASSIFICATION-008]', async () => {
    const files = {
      'warehouse.yml': study('unblinding'),
      'data/doses.csv': 'subject\n01\n',
      'models/mid/dose.sql': 'SELECT subject FROM staged.doses',
      'models/mid/dose.yml': subject('classification: unblinding, '),
    };
    await withProject(files, async (held) => {
      const next = async () => plan(await loadProject(held.root), { select: [] }, context);
      await held.build();
      held.write({ 'warehouse.yml': study('restricted'), 'models/mid/dose.yml': subject('') });
      expect(await failureOf(next())).toMatchObject(classified(kept));
      await held.run();
      const refused = await failureOf(next());
      expect(refused).toMatchObject(classified(`${kept} ← ${kept} as of an earlier run`));
      expect(refused.next).toContain(
        `If the rows in ${kept} were classified too high in earlier runs, drop that table`,
      );
      await held.inWorkingFile(`DROP TABLE ${kept}`);
      const { models } = await next();
      expect(models.filter(({ action }) => action === 'build')).toEqual([]);
      await held.build();
      const seen = "SELECT count(*) FROM recon.column_classification WHERE effective = 'unblinding'";
      expect(await held.value(seen)).toBe(0);
    });
  });
});

describe('rows that stay from build to build', () => {
  const study = (publication: string) => `name: p
study: { id: S }
sources:
  kits: { files: data/kits.csv, keys: [subject], classification: unblinding }
  people: { files: data/people.csv, keys: [subject] }
publications:
  open: { models: ["work.*"]${publication} }
`;
  const arms = 'SELECT subject, arm AS note FROM staged.kits';
  const sites = "SELECT subject, site AS note FROM staged.people WHERE subject > '01'";
  const files = (making: string) => ({
    'warehouse.yml': study(', level: unblinding'),
    'data/kits.csv': 'subject,arm\n01,A\n02,B\n',
    'data/people.csv': 'subject,site\n01,S1\n02,S2\n',
    'models/work/up.sql': arms,
    'models/work/kept.sql': 'SELECT subject, note FROM work.up',
    'models/work/kept.yml': making,
  });
  const BY_KEY = 'materialized: incremental\nunique_key: [subject]\n';
  const classOf = (held: TemporaryProject) =>
    held.rows(
      "SELECT column_name, effective FROM recon.column_classification WHERE model = 'work.kept' ORDER BY column_name",
    );
  const UNBLINDING = [
    [null, 'unblinding'],
    ['note', 'unblinding'],
    ['subject', 'unblinding'],
  ].sort();

  it.each([
    ['by key', BY_KEY],
    ['of a snapshot', 'materialized: snapshot\nunique_key: [subject]\n'],
  ])('are what they were %s, whatever the SELECT that it reads is now [CLASSIFICATION-011]', async (_, making) => {
    await withProject(files(making), async (held) => {
      await held.build();
      held.write({ 'warehouse.yml': study(''), 'models/work/up.sql': sites });
      const failure = await held.failure();
      expect(failure).toMatchObject(classified('publications.open shows work.kept.subject, which is unblinding'));
      expect(failure.message).toContain('work.kept.note');
      expect(failure.message).not.toContain('work.up');
      expect(failure.next).toContain('--full-refresh');
      await held.run();
      expect(await held.value("SELECT note FROM work.kept WHERE subject = '01'")).toBe('A');
      expect(await held.failure()).toMatchObject(classified('work.kept as of an earlier run'));
    });
  });

  it('are what is there now once the model is made anew [CLASSIFICATION-011]', async () => {
    await withProject(files(BY_KEY), async (held) => {
      await held.build();
      held.write({ 'warehouse.yml': study(''), 'models/work/up.sql': sites });
      await held.build({ fullRefresh: true });
      expect(await held.rows('SELECT note FROM work.kept')).toEqual([['S2']]);
      expect(await classOf(held)).toEqual([]);
      // A SELECT of its own that is another begins anew too.
      held.write({ 'warehouse.yml': study(', level: unblinding'), 'models/work/up.sql': arms });
      await held.build();
      held.write({
        'warehouse.yml': study(''),
        'models/work/up.sql': sites,
        'models/work/kept.sql': 'SELECT subject, upper(note) AS note FROM work.up',
      });
      await held.build();
      expect(await held.rows('SELECT note FROM work.kept')).toEqual([['S2']]);
      expect(await classOf(held)).toEqual([]);
    });
  });

  it('are what they were while a model cannot be read or is made of what is out of date [CLASSIFICATION-011]', async () => {
    await withProject(files(BY_KEY), async (held) => {
      await held.build();
      held.write({ 'models/work/kept.sql': 'SELECT subject, note FROM' });
      await held.run();
      expect((await classOf(held)).sort()).toEqual(UNBLINDING);
      // A new model is made of the table of a former SELECT.
      held.write({
        'models/work/up.sql': sites,
        'models/work/up.yml': 'classification: none\n',
        'models/work/kept.sql': 'SELECT subject, note FROM work.up',
        'models/work/late.sql': 'SELECT subject, note FROM work.up',
        'models/work/late.yml': BY_KEY,
        'warehouse.yml': study(''),
      });
      await held.run({ select: ['work.late'] });
      expect(await held.value("SELECT note FROM work.late WHERE subject = '01'")).toBe('A');
      const refused = await held.failure();
      expect(refused).toMatchObject(classified('work.kept as of an earlier run'));
      expect(refused.message).toContain('work.late.note');
    });
  });

  it('by subject are what is there now: those of a subject whose rows are others are made again [CLASSIFICATION-011]', async () => {
    const making = 'materialized: incremental\nby_subject: { column: subject, inputs: { work.up: subject } }\n';
    await withProject(files(making), async (held) => {
      await held.build();
      held.write({ 'warehouse.yml': study(''), 'models/work/up.sql': sites });
      await held.build();
      expect(await held.rows('SELECT subject, note FROM work.kept')).toEqual([['02', 'S2']]);
      expect(await classOf(held)).toEqual([]);
    });
  });
});
