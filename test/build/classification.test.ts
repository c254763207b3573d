import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineage } from '../../src/build/lineage.ts';
import { plan } from '../../src/build/plan.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { document, element, event, form, group, item, subject } from '../helpers/odm.ts';
import { failureOf, TemporaryProject } from '../helpers/project.ts';

/** A document of one subject with a record of one item group. */
function odm(group_: string, items: Record<string, string>): string {
  const definition = element(
    'ItemGroupDef',
    { OID: group_, Name: group_, Repeating: 'No' },
    ...Object.keys(items).map((oid) => element('ItemRef', { ItemOID: oid, Mandatory: 'No' })),
  );
  const defined = Object.keys(items).map((oid) => element('ItemDef', { OID: oid, Name: oid, DataType: 'text' }));
  const version = element('MetaDataVersion', { OID: '1', Name: '1' }, definition, ...defined);
  const record = group(group_, {}, ...Object.entries(items).map(([oid, value]) => item(oid, value)));
  const data = subject('01', {}, event('V', {}, form('F', {}, record)));
  return document(
    { created: '2026-03-01T00:00:00Z' },
    element('Study', { OID: 'S' }, version),
    element('ClinicalData', { StudyOID: 'S', MetaDataVersionOID: '1' }, data),
  );
}

const BLINDED = `  blinded:
    models: [out.ae, mid.score, mid.dose]
    columns: { mid.dose: [subject_key, kit] }`;

const yml = (publications = `  main: { level: unblinding }\n${BLINDED}`, more = '') => `name: p
study: { id: S }
sources:
  edc: { format: odm, files: [data/edc.xml] }
  pro: { format: odm, files: [data/pro.xml], classification: restricted }
  kits: { files: data/kits.csv, keys: [kitno], classification: unblinding }
publications:
${publications}
${more}`;

const BECAUSE = 'Every event stands here, whether or not its kit is known.';

const FILES = {
  'warehouse.yml': yml(),
  'data/edc.xml': odm('AE', { 'I.AE.TERM': 'Headache', 'I.AE.KIT': 'K1' }),
  'data/pro.xml': odm('PRO', { 'I.PRO.SCORE': '7' }),
  'data/kits.csv': 'kitno,arm\nK1,B\n',
  'models/mid/dose.sql':
    'SELECT a.subject_key, a.kit, k.arm FROM staged.ae a LEFT JOIN staged.kits k ON k.kitno = a.kit',
  'models/mid/dose.yml': `declassify: { to: none, because: "${BECAUSE}" }
columns:
  subject_key: { label: Subject }
  kit: { label: Kit }
  arm: { label: Arm, tests: [{ accepted_values: [A], severity: warn }] }
`,
  'models/mid/score.sql': 'SELECT subject_key, score FROM staged.pro',
  'models/out/ae.sql': 'SELECT subject_key, term FROM staged.ae',
  'models/out/arms.sql': 'SELECT arm, count(*) AS n FROM mid.dose GROUP BY arm',
};

const project = new TemporaryProject(FILES);
beforeAll(() => project.build());
afterAll(() => project.remove());

const context = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
const planned = async () => plan(await loadProject(project.root), { select: [] }, context);
const recorded = (model: string) =>
  project.rows(`SELECT column_name, declared, inherited, effective, comes_from, reason
    FROM recon.column_classification WHERE model = '${model}' ORDER BY rowid`);

const TO_KITS = 'state.file_kits.arm ← source kits';
const BY_KIT = 'state.file_kits.kitno ← source kits';

describe('recon.column_classification', () => {
  it('has what each column is, and the way by which it came [CLASSIFICATION-009]', async () => {
    expect(await recorded('staged.kits')).toMatchObject([
      [null, null, 'unblinding', 'unblinding', 'source kits', null],
      ['kitno', null, 'unblinding', 'unblinding', BY_KIT, null],
      ['arm', null, 'unblinding', 'unblinding', TO_KITS, null],
      ['_line', null, 'unblinding', 'unblinding', 'state.file_kits._line ← source kits', null],
      ['_row', null, 'unblinding', 'unblinding', 'state.file_kits._identity ← source kits', null],
    ]);
    expect(await recorded('mid.dose')).toEqual([
      [null, null, 'unblinding', 'none', `staged.kits.kitno ← ${BY_KIT}`, BECAUSE],
      ['arm', null, 'unblinding', 'unblinding', `staged.kits.arm ← ${TO_KITS}`, null],
    ]);
    expect((await recorded('out.arms')).map(([column, , , effective]) => [column, effective])).toEqual([
      [null, 'unblinding'],
      ['arm', 'unblinding'],
      ['n', 'unblinding'],
    ]);
  });

  it('takes an ODM item group for what the sources are that brought it [CLASSIFICATION-001]', async () => {
    expect(await recorded('staged.ae')).toEqual([]);
    expect((await recorded('mid.score')).at(-1)).toEqual([
      'score',
      null,
      'restricted',
      'restricted',
      'staged.pro.score ← raw.item_data.I.PRO.SCORE ← source pro',
      null,
    ]);
  });

  it('has the tables of failing rows, whose comments say it too [CLASSIFICATION-008]', async () => {
    const table = 'failures.mid_dose__accepted_values_arm';
    const way = `${table} ← mid.dose.arm ← staged.kits.arm ← ${TO_KITS}`.replace(`${table} ← `, '');
    expect(await recorded(table)).toEqual([[null, null, 'unblinding', 'unblinding', way, null]]);
    const comment = `SELECT right(comment, 27) FROM duckdb_tables() WHERE 'failures.' || table_name = '${table}'`;
    expect(await project.value(comment)).toBe(' Classification: unblinding.'.slice(-27));
  });

  it('is in the manifest and in what lineage shows [CLASSIFICATION-009]', async () => {
    const { nodes } = JSON.parse(project.read('target/manifest.json').toString('utf8'));
    expect(nodes['model.p.mid.dose'].columns.arm.meta.classification).toBe('unblinding');
    expect(nodes['model.p.mid.dose'].columns.kit.meta.classification).toBeUndefined();
    expect(nodes['model.p.out.arms'].columns.n.meta).toEqual({ classification: 'unblinding' });
    const shown = await lineage(await loadProject(project.root), { of: 'out.arms.arm', downstream: false }, context);
    expect(shown.lineage).toMatchObject([
      { table: 'out.arms', classification: 'unblinding', next: [{ table: 'mid.dose', classification: 'unblinding' }] },
    ]);
  });

  it('is shown by lineage of columns of sources too, as the last load took them [CLASSIFICATION-012]', async () => {
    const classesOf = async (of: string, downstream = false) => {
      const shown = await lineage(await loadProject(project.root), { of, downstream }, context);
      const found = new Map<string, string | undefined>();
      const walk = ({ table, column, classification, next }: (typeof shown.lineage)[number]) => {
        if (table !== null) found.set(`${table}.${column}`, classification);
        next.forEach(walk);
      };
      shown.lineage.forEach(walk);
      return Object.fromEntries(found);
    };
    expect(await classesOf('mid.dose.arm')).toEqual({
      'mid.dose.arm': 'unblinding',
      'staged.kits.arm': 'unblinding',
      'state.file_kits.arm': 'unblinding',
    });
    expect(await classesOf('out.ae.term')).toEqual({
      'out.ae.term': undefined,
      'staged.ae.term': undefined,
      'raw.item_data.I.AE.TERM': undefined,
    });
    project.write({ 'warehouse.yml': yml().replace('classification: restricted', 'classification: none') });
    expect(await classesOf('raw.item_data.I.PRO.SCORE', true)).toMatchObject({
      'raw.item_data.I.PRO.SCORE': 'restricted',
      'staged.pro.score': 'restricted',
    });
    project.write({ 'warehouse.yml': yml() });
  });
});

describe('a publication', () => {
  it('is made where all that it shows is within its level [CLASSIFICATION-005]', async () => {
    expect(project.outputs()).toEqual(['blinded.duckdb', 'main.duckdb']);
  });

  it('that would show a column above its level is refused by plan and by build, before anything is made [CLASSIFICATION-005]', async () => {
    project.write({
      'warehouse.yml': yml(`  main: { level: unblinding }\n${BLINDED.replace('kit]', 'kit, ARM]')}`),
      'models/out/ae.sql': 'SELECT subject_key, lower(term) AS term FROM staged.ae',
    });
    const failure = {
      kind: 'usage',
      code: 'PUBLICATION_CLASSIFIED',
      message: `publications.blinded shows mid.dose.arm, which is unblinding: mid.dose.arm ← staged.kits.arm ← ${TO_KITS}. Its level is restricted.`,
      file: 'warehouse.yml',
      line: 9,
    };
    expect(await failureOf(planned())).toMatchObject(failure);
    const before = await project.value('SELECT max(ordinal) FROM run.model');
    expect(await project.failure()).toMatchObject(failure);
    expect(await project.value('SELECT max(ordinal) FROM run.model')).toBe(before);
  });

  it('whose condition chooses by what is above its level is refused [CLASSIFICATION-005]', async () => {
    const where = `"subject_key IN (SELECT d.subject_key FROM mid.dose d WHERE d.arm = 'A')"`;
    project.write({ 'warehouse.yml': yml(`  blinded: { models: [out.ae], where: { out.ae: ${where} } }`) });
    const { code, message } = await failureOf(planned());
    expect(code).toBe('PUBLICATION_CLASSIFIED');
    expect(message).toContain(`mid.dose.arm ← staged.kits.arm ← ${TO_KITS}`);
  });

  it('is not made of what is built where only its columns tell that it may hold more [CLASSIFICATION-004, CLASSIFICATION-005]', async () => {
    const unbuilt = new TemporaryProject({
      ...FILES,
      'warehouse.yml': yml('  blinded: { columns: { out.fields: [x_1] } }'),
      'models/mid/fields.sql': "SELECT {'x': kit, 'y': kit} AS s, arm FROM mid.dose",
      // The name of the last column is that of a field of s: the syntax tree alone does not tell that it becomes another.
      'models/out/fields.sql':
        'SELECT q.* FROM (SELECT subject_key AS x FROM mid.dose) AS o, LATERAL (SELECT s.*, x FROM mid.fields) AS q',
    });
    const code = 'PUBLICATION_CLASSIFIED';
    const message = `publications.blinded shows out.fields.x_1, which is unblinding: out.fields.x_1 ← mid.dose.arm ← staged.kits.arm ← ${TO_KITS}. Its level is restricted.`;
    const plannedNow = async () => plan(await loadProject(unbuilt.root), { select: [] }, context);
    expect((await plannedNow()).models).toContainEqual(
      expect.objectContaining({ name: 'out.fields', action: 'build' }),
    );
    const { models, publications, withheld } = await unbuilt.build();
    expect(models.find(({ name }) => name === 'out.fields')).toMatchObject({ state: 'built' });
    expect(publications).toEqual([]);
    expect(withheld).toMatchObject({
      reason: 'Nothing was exported or published. The models are built.',
      error: { code, message, kind: 'usage' },
    });
    expect(unbuilt.outputs()).toEqual([]);
    expect(await failureOf(plannedNow())).toMatchObject({ code, message });
    expect(await unbuilt.failure()).toMatchObject({ code, message });
    unbuilt.remove();
  });

  it('of the whole file shows what was loaded: without a level it is refused where that unblinds [CLASSIFICATION-005, CLASSIFICATION-007]', async () => {
    project.write({ 'warehouse.yml': yml('  main: {}') });
    const { code, message } = await failureOf(planned());
    expect(code).toBe('PUBLICATION_CLASSIFIED');
    expect(message).toMatch(
      /^publications\.main shows the whole file, and so all that was loaded, which is unblinding: all that was loaded ← source kits\. Its level is restricted\. \d+ others are above it too: (\w+\.\w+(\.\w+| \(rows\)), ){4}\w+\.\w+\.\w+ and \d+ more\.$/,
    );
    project.write({ 'warehouse.yml': yml('  main: {}').replace(/publications:[\s\S]*/, '') });
    expect(await failureOf(planned())).toEqual({
      kind: 'usage',
      code: 'PUBLICATION_CLASSIFIED',
      message: expect.stringMatching(
        /^publications\.main, which is the whole file where publications: is not written, shows it, and so all /,
      ),
      file: 'warehouse.yml',
      next: expect.stringMatching(/^Write publications: \{ main: \.\.\. \} and say level: unblinding where /),
    });
  });
});

describe('an export', () => {
  it('that would write a column above its level is refused by plan and export [CLASSIFICATION-006]', async () => {
    const exports = 'exports: { datasets: ["out.*"], formats: [csv] }';
    project.write({ 'warehouse.yml': yml('  main: { level: unblinding }', exports) });
    const failure = { code: 'EXPORT_CLASSIFIED', kind: 'usage', file: 'warehouse.yml', line: 9 };
    expect(await failureOf(planned())).toMatchObject(failure);
    expect(await failureOf(project.export())).toMatchObject(failure);
  });

  it('of rows that were chosen by what is above its level is refused, though no column is [CLASSIFICATION-006]', async () => {
    const exports = 'exports: { datasets: [out.chosen], formats: [csv] }';
    project.write({
      'warehouse.yml': yml('  main: { level: unblinding }', exports),
      'models/out/chosen.sql': "SELECT subject_key FROM mid.dose WHERE arm = 'A'",
      'models/out/chosen.yml': 'columns:\n  subject_key: { declassify: { to: none, because: A number. } }\n',
    });
    const message = `exports writes out.chosen (rows), which is unblinding: out.chosen (rows) ← mid.dose.arm ← staged.kits.arm ← ${TO_KITS}. Its level is restricted.`;
    expect(await failureOf(planned())).toMatchObject({ code: 'EXPORT_CLASSIFIED', message });
    project.delete('models/out/chosen.sql');
    project.delete('models/out/chosen.yml');
  });
});

describe('a column that only orders rows', () => {
  it('counts as one that the value is made of [CLASSIFICATION-001, LINEAGE-008]', async () => {
    const ordered = new TemporaryProject({
      'warehouse.yml': 'name: p\nstudy: { id: S }\nsources:\n  edc: { format: odm, files: [data/edc.xml] }\n',
      'data/edc.xml': FILES['data/edc.xml'],
      'models/mid/told.sql': 'SELECT subject_key, term, kit FROM staged.ae',
      'models/mid/told.yml':
        'columns:\n  subject_key: {}\n  term: { classification: restricted }\n  kit: { classification: identifier }\n',
      'models/mid/numbered.sql': `
        SELECT subject_key, row_number() OVER (PARTITION BY kit ORDER BY term) AS seq, row_number() OVER (PARTITION BY kit) AS of_kit
        FROM mid.told`,
      'models/out/copied.sql': 'SELECT subject_key, seq AS no FROM mid.numbered',
      'models/out/listed.sql': 'SELECT subject_key, list(1 ORDER BY term) AS ones FROM mid.told GROUP BY subject_key',
    });
    try {
      await ordered.build();
      const classes = await ordered.rows(`SELECT model || '.' || column_name, effective
        FROM recon.column_classification WHERE (model = 'mid.numbered' OR starts_with(model, 'out.')) AND column_name IS NOT NULL ORDER BY ALL`);
      expect(classes).toEqual([
        ['mid.numbered.of_kit', 'identifier'],
        ['mid.numbered.seq', 'restricted'],
        ['out.copied.no', 'restricted'],
        ['out.listed.ones', 'restricted'],
      ]);
    } finally {
      ordered.remove();
    }
  });
});

describe('a declaration', () => {
  it('that is lower than what comes in is refused with what comes in, and asks for a reason [CLASSIFICATION-003]', async () => {
    project.write({
      'warehouse.yml': yml(),
      'models/out/arms.yml': 'columns:\n  arm: {}\n  n: { classification: none }\n',
    });
    expect(await failureOf(planned())).toEqual({
      kind: 'usage',
      code: 'CLASSIFICATION_LOWER',
      message: `out.arms.n is declared none, and what it comes from is unblinding: out.arms.n ← out.arms (rows) ← mid.dose.arm ← staged.kits.arm ← ${TO_KITS}.`,
      file: 'models/out/arms.yml',
      line: 3,
      next: 'Declare it unblinding, or write declassify: {to: none, because: ...} in its place, with the reason.',
    });
  });

  it('that gives its reason lets it be shown: of a column that, of the model which rows there are [CLASSIFICATION-003, CLASSIFICATION-005]', async () => {
    const columns =
      'columns:\n  arm: {}\n  n: { declassify: { to: none, because: How many there are of each is in the protocol. } }\n';
    project.write({
      'warehouse.yml': yml('  counts: { columns: { out.arms: [n] } }'),
      'models/out/arms.yml': columns,
    });
    const message = `publications.counts shows out.arms (rows), which is unblinding: out.arms (rows) ← mid.dose.arm ← staged.kits.arm ← ${TO_KITS}. Its level is restricted.`;
    expect(await failureOf(planned())).toMatchObject({ code: 'PUBLICATION_CLASSIFIED', message });
    project.write({ 'models/out/arms.yml': `declassify: { to: none, because: Each arm has doses. }\n${columns}` });
    expect((await planned()).models.find(({ name }) => name === 'out.arms')).toMatchObject({ action: 'build' });
  });
});
