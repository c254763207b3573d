import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { build } from '../../src/build/build.ts';
import { init } from '../../src/build/init.ts';
import { query } from '../../src/build/query.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silent, type WarehouseEvent } from '../../src/lib/events.ts';
import { coversOf } from '../../src/load/source-delivery.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { folderOf } from '../project/temporary.ts';

const context = { events: silent, clock: systemClock };
const SHARED = '../shared/data/odm';
const hasShared = existsSync(SHARED);
if (!hasShared && process.env.CI) throw new Error(`${SHARED} is missing`);

const odm = (studies: string) =>
  `<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" FileOID="F" CreationDateTime="2026-03-27T08:00:00Z">${studies}</ODM>`;

const DATA = (oid: string) => `<ClinicalData StudyOID="${oid}" MetaDataVersionOID="1"><SubjectData SubjectKey="0012">
  <StudyEventData StudyEventOID="SE"><FormData FormOID="F"><ItemGroupData ItemGroupOID="IG.AE"><ItemData ItemOID="I" Value="x"/>
  </ItemGroupData></FormData></StudyEventData></SubjectData></ClinicalData>`;

const STUDY = `<Study OID="Mediflex(UAT)"><GlobalVariables><StudyName>Medi: "flex"
  # trial</StudyName><StudyDescription/><ProtocolName>MF-1</ProtocolName></GlobalVariables>
  <MetaDataVersion OID="1" Name="1"><ItemGroupDef OID="IG.DM" Name="Demographics" Repeating="No"/>
  <ItemGroupDef OID="IG.AE" Name="Adverse -- Events" Repeating="Yes"/></MetaDataVersion></Study>`;

/** What a hostile file may call a study, an item group, an item, a codelist and a unit. */
const HOSTILE = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text itself
  '${X}',
  "'; DROP SCHEMA raw; --",
  '"; DROP TABLE meta.name; --',
  'line\nbreak: [a, b]\r\n- c',
  "{{ ref('sdtm.dm') }} {% raw %}",
  '*/ $$ $1 /* # & <',
  "'\u0085\u2028\u202e\ufeff\u007f: !!js |",
];

/** A file in which everything has one of these names, data included. */
function hostile(): string {
  const xml = HOSTILE.map((oid) => oid.replace(/[^\p{L} ]/gu, (character) => `&#${character.codePointAt(0)};`));
  const text = (name: string, content: string) =>
    `<${name}><TranslatedText xml:lang="en">${content}</TranslatedText></${name}>`;
  const definitions = xml.map(
    (oid) => `<ItemGroupDef OID="${oid}" Name="${oid}" Repeating="No">${text('Description', oid)}
      <ItemRef ItemOID="${oid}" Mandatory="No"/></ItemGroupDef>`,
  );
  const items = xml.map(
    (oid) => `<ItemDef OID="${oid}" Name="${oid}" DataType="text">${text('Question', oid)}
      <MeasurementUnitRef MeasurementUnitOID="${oid}"/><CodeListRef CodeListOID="${oid}"/></ItemDef>`,
  );
  const lists = xml.map(
    (oid) => `<CodeList OID="${oid}" Name="${oid}" DataType="text"><CodeListItem CodedValue="${oid}">
      ${text('Decode', `Decode of ${oid}`)}</CodeListItem></CodeList>`,
  );
  const units = xml.map(
    (oid) => `<MeasurementUnit OID="${oid}" Name="Unit ${oid}">${text('Symbol', oid)}</MeasurementUnit>`,
  );
  const [first, second] = xml;
  const study = `<Study OID="${first}"><GlobalVariables><StudyName>${xml[3]}</StudyName><StudyDescription/>
    <ProtocolName>${second}</ProtocolName></GlobalVariables>
    <BasicDefinitions>${units.join('')}</BasicDefinitions>
    <MetaDataVersion OID="${first}" Name="1">${[...definitions, ...items, ...lists].join('')}</MetaDataVersion></Study>`;
  const data = xml.map(
    (oid) => `<ClinicalData StudyOID="${oid}" MetaDataVersionOID="${first}"><SubjectData SubjectKey="${oid}">
      <StudyEventData StudyEventOID="${oid}"><FormData FormOID="${oid}"><ItemGroupData ItemGroupOID="${oid}">
      <ItemData ItemOID="${oid}" Value="${oid}"/></ItemGroupData></FormData></StudyEventData></SubjectData></ClinicalData>`,
  );
  return odm(study + data.join(''));
}

/** Files of a source system, and a project made from them. */
async function projectOf(sent: Readonly<Record<string, string | Uint8Array>>) {
  const folder = folderOf(sent);
  const notices: WarehouseEvent[] = [];
  const events = (event: WarehouseEvent) => {
    if (event.event === 'notice') notices.push(event);
  };
  const from = Object.keys(sent).map((name) => join(folder, name));
  const { root, files } = await init(join(folder, 'My Study'), { from }, { ...context, events });
  return { root, files, notices, project: await loadProject(root) };
}

const codesOf = (notices: readonly WarehouseEvent[]) => notices.map((event) => event.event === 'notice' && event.code);

const projectFrom = (content: string | Uint8Array, name = 'edc.xml') => projectOf({ [name]: content });

const OPTIONS = { parser: 'tokenizer', select: [], threads: 2 } as const;

/** The states of all models after a first build. */
async function modelsBuilt(root: string): Promise<string[]> {
  const { models } = await build(await loadProject(root), OPTIONS, context);
  return models.map(({ name, state }) => `${name} ${state}`).sort();
}

async function rowsOf(root: string, sql: string): Promise<unknown[]> {
  return (await query(await loadProject(root), { sql }, context)).rows.map((row) => [...row]);
}

describe('warehouse init', () => {
  it('makes a project with an example of its own in a folder that is new [INIT-001]', async () => {
    const { root, files } = await init(join(folderOf({}), 'vexin-03'), {}, context);
    const project = await loadProject(root);
    expect(files).toEqual(
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map((one) => join(one.parentPath, one.name).slice(root.length + 1))
        .filter((path) => !path.startsWith('.warehouse'))
        .sort(),
    );
    expect(project).toMatchObject({ name: 'vexin-03', study: { id: 'VEXIN-03', oids: ['VEXIN-03'] } });
    expect(project.models.map(({ name }) => name)).toEqual(['sdtm.dm']);
    const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
    expect(ignored.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      '.warehouse/',
      'target/',
      'node_modules/',
    ]);
  });

  it('takes study, environment and names from an ODM file [INIT-002]', async () => {
    const { root, project } = await projectFrom(odm(STUDY + DATA('Mediflex(UAT)')));
    expect(project).toMatchObject({
      name: 'my-study',
      study: { id: 'MF-1', oids: ['Mediflex(UAT)'], environment: 'UAT' },
      sources: [{ name: 'edc', format: 'odm', files: ['data/edc.xml'] }],
    });
    // Of the two groups only IG.AE holds data.
    expect(project.models.map(({ name }) => name)).toEqual(['overview.records_by_event']);
    expect(project.models[0].sql).toContain('FROM staged."ae"');
    expect(readFileSync(join(root, 'warehouse.yml'), 'utf8').split('\n')[1]).toBe('# Medi: "flex"   # trial');
  });

  it('reads a gzipped file, whatever its name, and copies it as it is [INIT-002]', async () => {
    const bytes = gzipSync(odm(DATA('S')));
    const { root, project } = await projectFrom(bytes, 'transfer of march.bin');
    expect(project.sources[0].files).toEqual(['data/transfer_of_march.bin.xml.gz']);
    expect(readFileSync(join(root, 'data/transfer_of_march.bin.xml.gz')).equals(bytes)).toBe(true);
    expect(project.study).toEqual({ id: 'S', oids: ['S'], environment: 'Prod' });
  });

  it('takes definitions and data from files of their own, definitions first [INIT-002] [INIT-004]', async () => {
    const sent = { 'clinicaldata.xml': odm(DATA('Mediflex(UAT)')), 'metadata.xml': odm(STUDY) };
    const { root, files, notices, project } = await projectOf(sent);
    expect(files.filter((file) => file.startsWith('data/'))).toEqual(['data/clinicaldata.xml', 'data/metadata.xml']);
    expect(project.study).toEqual({ id: 'MF-1', oids: ['Mediflex(UAT)'], environment: 'UAT' });
    expect(project.sources.map((source) => [source.name, source.files])).toEqual([
      ['definitions', ['data/metadata.xml']],
      ['edc', ['data/clinicaldata.xml']],
    ]);
    expect(codesOf(notices)).toEqual(['INIT_STUDY_ID']);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('- `staged.ae`: Adverse -- Events\n');
    expect(await modelsBuilt(root)).toEqual(['overview.records_by_event built', 'staged.ae built', 'staged.dm built']);
    expect(await rowsOf(root, `SELECT name FROM meta.item_group WHERE table_name = 'ae'`)).toEqual([
      ['Adverse -- Events'],
    ]);
  });

  it('lists every table that the first build makes, those that stay empty last [INIT-007]', async () => {
    const sent = { 'clinicaldata.xml': odm(DATA('Mediflex(UAT)')), 'metadata.xml': odm(STUDY) };
    const { root } = await projectOf(sent);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(
      'Tables that the first build makes of the files, one for each item group:\n\n' +
        '- `staged.ae`: Adverse -- Events\n' +
        '- `staged.dm`: Demographics (defined, without data in these files)\n\n',
    );
  });

  it.skipIf(!hasShared)('lists them by the names that they get (needs ../shared/data) [INIT-007]', async () => {
    const { root } = await projectFrom(readFileSync(`${SHARED}/odmlib/cdash-odm-test.xml`));
    const listed = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^- `(staged\.\w+)`:/gm)].map(
      ([, name]) => name,
    );
    const made = (await modelsBuilt(root)).flatMap((model) => /^(staged\.\w+) built$/.exec(model)?.[1] ?? []);
    expect(made.length).toBeGreaterThan(1);
    expect([...listed].sort()).toEqual(made);
  });

  it('says what covers does when it is not said, and when to say it [INIT-008]', async () => {
    const { root, project } = await projectFrom(odm(STUDY + DATA('Mediflex(UAT)')));
    const text = readFileSync(join(root, 'warehouse.yml'), 'utf8');
    const [example] = /^ {4}# covers: \w+$/m.exec(text) ?? [];
    expect(example).toBe('    # covers: study');
    expect(text).toMatch(/full snapshot of the study, such as a nightly export/);
    expect(text).toMatch(/Without this line a file is an increment/);
    expect(coversOf(project.sources[0])).toBe('increment');
  });

  it('gives copies of files of the same name names of their own [INIT-004]', async () => {
    const sent = { 'a/edc.xml': odm(DATA('S')), 'b/EDC.xml': odm(DATA('T')) };
    const { project } = await projectOf(sent);
    expect(project.study.oids).toEqual(['S', 'T']);
    expect(project.sources.map((source) => source.files)).toEqual([['data/edc.xml', 'data/EDC-2.xml']]);
  });

  it('lists the item groups of a file of definitions alone [INIT-004]', async () => {
    const { root, project } = await projectFrom(odm(STUDY), 'metadata.xml');
    expect(project.sources.map(({ name }) => name)).toEqual(['definitions']);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(
      '- `staged.dm`: Demographics\n- `staged.ae`: Adverse -- Events\n',
    );
    expect(await modelsBuilt(root)).toEqual(['overview.records_by_event built', 'staged.ae built', 'staged.dm built']);
  });

  it('says so where no file has definitions [INIT-005]', async () => {
    const { notices } = await projectFrom(odm(DATA('S')));
    expect(notices).toMatchObject([
      { code: 'INIT_NO_DEFINITIONS', next: expect.stringContaining('--from') },
      { code: 'INIT_STUDY_ID' },
    ]);
    expect(codesOf((await projectFrom(odm(STUDY + DATA('Mediflex(UAT)')))).notices)).toEqual(['INIT_STUDY_ID']);
  });

  it.each([
    ['the ProtocolName of the files', 'MF-1', STUDY.replaceAll('(UAT)', '') + DATA('Mediflex')],
    [
      'the StudyName of the files',
      'Medi',
      '<Study OID="M"><GlobalVariables><StudyName>Medi</StudyName></GlobalVariables></Study>',
    ],
    ['the StudyOID of the files', 'S-1', DATA('S-1')],
  ])('says that study.id is %s, and for ever [INIT-009]', async (whence, id, content) => {
    const { root, notices, project } = await projectFrom(odm(content));
    expect(project.study.id).toBe(id);
    expect(notices).toContainEqual({
      event: 'notice',
      code: 'INIT_STUDY_ID',
      message: `study.id is "${id}", ${whence}. It is part of every identity and can never be changed after the first build.`,
      next: 'If STUDYID is another, change it in warehouse.yml before the first build.',
    });
    expect(readFileSync(join(root, 'warehouse.yml'), 'utf8')).toContain(`# STUDYID of the datasets, here ${whence}.`);
  });

  it('says what to do with the next delivery, and so it is [INIT-010]', async () => {
    const { root } = await projectFrom(odm(DATA('S')), 'first.xml');
    const text = readFileSync(join(root, 'warehouse.yml'), 'utf8');
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('files: [data/first.xml, data/second.xml]');
    expect(text).toContain(
      '# The next delivery is loaded once it is named here, in a list, or by a pattern that matches it: data/*.xml',
    );
    writeFileSync(join(root, 'data/second.xml'), odm(DATA('S').replace('0012', '0013')).replace('03-27', '03-28'));
    for (const [files, loaded] of [
      ['"data/first.xml"', ['data/first.xml']],
      ['[data/first.xml, data/second.xml]', ['data/second.xml']],
      ['data/*.xml', []],
    ] as const) {
      writeFileSync(join(root, 'warehouse.yml'), text.replace('files: "data/first.xml"', `files: ${files}`));
      const { deliveries } = await build(await loadProject(root), OPTIONS, context);
      expect(deliveries.map(({ name }) => name)).toEqual(loaded);
    }
  });

  it('says of a CSV file that it is no ODM, and how it is added [INIT-003]', async () => {
    for (const content of [
      'SUBJECT,VISIT\n1,2\n',
      gzipSync('SUBJECT,VISIT\n'),
      Buffer.from('\ufeffSUBJECT\n', 'utf16le'),
    ]) {
      const folder = folderOf({ 'lab.csv': content });
      const path = join(folder, 'lab.csv');
      await expect(init(join(folder, 'study'), { from: [path] }, context)).rejects.toMatchObject({
        kind: 'usage',
        code: 'INIT_FROM',
        message: `${path} is no ODM file: it does not begin as XML does.`,
        next: expect.stringMatching(/^init takes ODM .*lab: \{ files: data\/lab\.csv, keys: \[SUBJECT, TEST\] \}/),
      });
      expect(existsSync(join(folder, 'study'))).toBe(false);
    }
  });

  it('says of a folder that it is one, and not that it is not there [INIT-003]', async () => {
    const folder = folderOf({ 'g/edc.xml': odm(DATA('S')) });
    const from = join(folder, 'g');
    await expect(init(join(folder, 'study'), { from: [from] }, context)).rejects.toMatchObject({
      kind: 'usage',
      code: 'INIT_FROM',
      message: `${from} is a folder, not a file.`,
      next: 'Give --from the path of an ODM file in it, once for each file.',
    });
    await expect(init(join(folder, 'study'), { from: [join(from, 'no.xml')] }, context)).rejects.toMatchObject({
      code: 'INIT_FROM',
      message: `There is no file ${join(from, 'no.xml')}.`,
    });
    expect(existsSync(join(folder, 'study'))).toBe(false);
  });

  it('writes nothing where the file cannot be read [INIT-003]', async () => {
    const folder = folderOf({ 'edc.xml': odm(DATA('S')).slice(0, -6) });
    const root = join(folder, 'study');
    await expect(init(root, { from: [join(folder, 'edc.xml')] }, context)).rejects.toMatchObject({
      kind: 'data',
      code: 'ODM_TRUNCATED',
      place: { file: join(folder, 'edc.xml') },
    });
    await expect(
      init(root, { from: [join(folder, 'edc.xml'), join(folder, 'nowhere.xml')] }, context),
    ).rejects.toMatchObject({
      code: 'INIT_FROM',
    });
    expect(existsSync(root)).toBe(false);
  });

  it('makes a project that builds, whatever the file calls things [INIT-006]', async () => {
    const { root, project } = await projectFrom(hostile());
    expect(project.study).toEqual({ id: `'; DROP SCHEMA raw; --`, oids: [...HOSTILE], environment: 'Prod' });
    const models = await modelsBuilt(root);
    expect(models.filter((model) => !model.endsWith(' built'))).toEqual([]);
    expect(models.length).toBe(HOSTILE.length + 1);
    expect((await rowsOf(root, 'SELECT item_oid FROM meta.item ORDER BY ALL')).flat()).toEqual([...HOSTILE].sort());
    const items = (await rowsOf(root, 'SELECT table_name, column_name, item_oid FROM meta.item')) as string[][];
    for (const [table, column, oid] of items) {
      const cells = `SELECT item_group_oid, "${column}", "${column}_decode", "${column}_unit" FROM staged."${table}"`;
      expect(await rowsOf(root, cells)).toEqual([[oid, oid, `Decode of ${oid}`, `Unit ${oid}`]]);
    }
    expect(await rowsOf(root, 'SELECT count(*)::INTEGER FROM raw.delivery')).toEqual([[1]]);
    expect(await rowsOf(root, 'FROM recon.source_counts WHERE NOT equal')).toEqual([]);
  });

  it('refuses a folder that holds anything [INIT-003]', async () => {
    const root = folderOf({ 'notes.txt': '' });
    await expect(init(root, {}, context)).rejects.toMatchObject({ kind: 'usage', code: 'INIT_NOT_EMPTY' });
    expect(readdirSync(root)).toEqual(['notes.txt']);
  });

  it.skipIf(!hasShared)(
    'lists every StudyOID where sites pose as studies (needs ../shared/data) [INIT-002]',
    async () => {
      const root = join(folderOf({}), 'study');
      await init(root, { from: [`${SHARED}/openclinica/extract.xml`] }, context);
      const { study } = await loadProject(root);
      const named = new Set(
        [
          ...readFileSync(`${SHARED}/openclinica/extract.xml`, 'utf8').matchAll(
            /<(?:Study OID|ClinicalData StudyOID)="([^"]+)"/g,
          ),
        ].map((match) => match[1]),
      );
      expect(new Set(study.oids)).toEqual(named);
      expect(named.size).toBe(5);
      expect(study.id).toBe('R01-123456');
    },
  );
});
