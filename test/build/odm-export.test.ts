import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type OdmExport, odmExport } from '../../src/build/odm-export.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { canonical } from '../export/odm/canonical.ts';
import { rowsBarPlaces, written } from '../export/odm/in-memory.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';
import { describeWithSharedData, sharedData } from '../helpers/shared-data.ts';
import { read } from '../odm/read.ts';

type Options = Partial<Parameters<typeof odmExport>[1]>;

async function exported(project: TemporaryProject, options: Options = {}): Promise<OdmExport & { notices: string[] }> {
  const notices: string[] = [];
  const context = {
    clock: fixedClock('2026-03-27T08:00:00Z'),
    events: (event: { code?: string }) => void (event.code !== undefined && notices.push(event.code)),
  } as unknown as Parameters<typeof odmExport>[2];
  const loaded = await loadProject(project.root);
  return { ...(await odmExport(loaded, { delivery: 1, force: false, threads: 2, ...options }, context)), notices };
}

/** The StudyOIDs that a document names. */
const oidsOf = (document: Uint8Array) => read(document).summary.studies.map(({ oid }) => oid);

describeWithSharedData('real files', () => {
  it.each([
    'odm/openclinica/extract.xml',
    'odm/odm2/RepeatingIG-UC-D-Example.xml',
    'odm/odm2/Demographics_RACE_check_all_that_apply.xml',
    'odm/odmlib/odm-data-snapshot.xml',
    'odm/openedc/clinicaldata.xml',
    'odm/openedc/metadata.xml',
    'odm/redcap/clinical-trial-1/project.xml',
    'odm/edge.xml',
  ])('%s comes back from the working file as it was delivered [ODM-107]', async (name) => {
    const document = readFileSync(sharedData(name));
    const files = { 'warehouse.yml': configuration({}, oidsOf(document)), 'data/edc.xml': document };
    await withProject(files, async (project) => {
      await project.load();
      const { path, sha256, bytes, notices, source } = await exported(project);
      expect([path, source]).toEqual(['target/odm/main/delivery-1.xml', 'data/edc.xml']);
      const copy = project.read(path);
      expect([sha256Hex(copy), copy.length]).toEqual([sha256, bytes]);
      expect(canonical(copy)).toBe(canonical(document));
      expect(rowsBarPlaces(read(copy))).toEqual(rowsBarPlaces(read(document)));
      expect(copy.toString()).toBe(await written(read(document)));
      expect(notices).toEqual([]);
    });
  });
});

/** Subjects with this many item groups each. */
function large(subjects: number, groups: number): string {
  const one = (n: number) =>
    subject(
      String(n),
      {},
      event(
        'E',
        {},
        form(
          'F',
          {},
          ...Array.from({ length: groups }, (_, g) =>
            group('G', { ItemGroupRepeatKey: String(g) }, item('I', `${n} ${g}`)),
          ),
        ),
      ),
    );
  return odm({ created: '2026-01-01T00:00:00Z' }, ...Array.from({ length: subjects }, (_, n) => one(n)));
}

it('a document that is read in many pieces comes back whole, in order [ODM-107]', async () => {
  // More nodes than are read with a container, more keys than a stretch spans, one subject that has more by itself.
  const nodes = Array.from(
    { length: 9_000 },
    (_, n) => `<ItemDef OID="I${n}" Name="n"><Question>q${n}</Question></ItemDef>`,
  );
  const study = `<Study OID="S"><GlobalVariables/><MetaDataVersion OID="1" Name="m">${nodes.join('')}</MetaDataVersion></Study>`;
  const collections =
    '<AuditRecords><AuditRecord ID="1"/><AuditRecord ID="2"/></AuditRecords><v xmlns=""/><Annotations><Annotation SeqNum="1"><Flag/></Annotation></Annotations>';
  const document = large(40, 300)
    .replace('<ClinicalData', `${study}<ClinicalData`)
    .replace(
      '</ClinicalData>',
      `${collections}</ClinicalData>${large(1, 10_000).replace(/^[\s\S]*?(?=<ClinicalData)|<\/ODM>\s*$/g, '')}`,
    );
  await withProject({ 'warehouse.yml': configuration(), 'data/edc.xml': document }, async (project) => {
    await project.load();
    const { path } = await exported(project);
    expect(project.read(path).toString()).toBe(await written(read(document)));
    expect(canonical(project.read(path))).toBe(canonical(document));
  });
});

it('each delivery comes back as itself, also one whose bytes had arrived before [ODM-107]', async () => {
  const first = odm({ created: '2026-01-01T00:00:00Z' }, subject('1', {}));
  const second = odm({ created: '2026-01-02T00:00:00Z' }, subject('2', {}));
  await withProject({ 'warehouse.yml': configuration() }, async (project) => {
    await project.loadInTurn([
      ['data/a.xml', first],
      ['data/b.xml', second],
      ['data/c.xml', first],
    ]);
    for (const [delivery, document] of [first, second, first].entries()) {
      const { path } = await exported(project, { delivery: delivery + 1 });
      expect(canonical(project.read(path))).toBe(canonical(document));
    }
  });
});

it('data of refused studies are not in the output, which is said [ODM-108]', async () => {
  const kept = '<ClinicalData StudyOID="S" MetaDataVersionOID="1"><SubjectData SubjectKey="1"/></ClinicalData>';
  const other = '<ClinicalData StudyOID="OTHER" MetaDataVersionOID="1"><SubjectData SubjectKey="9"/></ClinicalData>';
  const root = '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" FileOID="F" FileType="Snapshot">';
  const document = `${root}${kept}${other}</ODM>`;
  await withProject({ 'warehouse.yml': configuration(), 'data/edc.xml': document }, async (project) => {
    await project.load();
    const { path, refused, notices } = await exported(project);
    expect([refused, notices]).toEqual([['OTHER'], ['ODM_EXPORT_REFUSED']]);
    expect(canonical(project.read(path))).toBe(canonical(`${root}${kept}</ODM>`));
  });
});

it('the same delivery gives the same file; one with other bytes is replaced only by force [ODM-109]', async () => {
  const document = odm({ created: '2026-01-01T00:00:00Z' }, subject('1', {}));
  await withProject({ 'warehouse.yml': configuration(), 'data/edc.xml': document }, async (project) => {
    await project.load();
    const { path, unchanged } = await exported(project);
    expect(unchanged).toBe(false);
    const copy = project.read(path);
    expect((await exported(project)).unchanged).toBe(true);
    project.write({ [path]: 'mine' });
    expect(await failureOf(exported(project))).toMatchObject({ kind: 'usage', code: 'ODM_EXPORT_EXISTS' });
    expect(project.read(path).toString()).toBe('mine');
    expect((await exported(project, { force: true })).unchanged).toBe(false);
    expect(project.read(path)).toEqual(copy);
    const out = project.path('elsewhere.xml');
    expect((await exported(project, { out })).path).toBe(out);
    expect(project.read('elsewhere.xml')).toEqual(copy);
    project.write({ 'folder/x': '' });
    expect(await failureOf(exported(project, { out: project.path('folder') }))).toMatchObject({ code: 'OUTPUT_PLACE' });
  });
});

it('what is no delivery of ODM is refused with the deliveries that are [ODM-109]', async () => {
  const files = {
    'warehouse.yml': JSON.stringify({
      name: 'test',
      study: { id: 'S' },
      sources: { edc: { files: 'data/*.xml' }, lab: { files: 'data/*.csv' } },
    }),
    'data/edc.xml': odm({ created: '2026-01-01T00:00:00Z' }, subject('1', {})),
    'data/lab.csv': 'a,b\n1,2\n',
  };
  await withProject(files, async (project) => {
    expect(await failureOf(exported(project))).toMatchObject({ code: 'NOT_BUILT' });
    await project.load();
    const [[edc]] = await project.rows("SELECT delivery_key FROM raw.part WHERE format = 'odm'");
    expect(await failureOf(exported(project, { delivery: 9 }))).toEqual({
      kind: 'usage',
      code: 'ODM_EXPORT_DELIVERY',
      message: 'There is no delivery 9.',
      next: `The last of ODM are ${edc} (data/edc.xml). All: warehouse query "FROM raw.part".`,
    });
    expect(await failureOf(exported(project, { delivery: Number(edc), part: 2 }))).toMatchObject({
      code: 'ODM_EXPORT_PART',
      next: 'Give --part: 1 (data/edc.xml).',
    });
    expect(await failureOf(exported(project, { delivery: 3 - Number(edc) }))).toMatchObject({
      code: 'ODM_EXPORT_FORMAT',
      message: `Delivery ${3 - Number(edc)} is csv, not ODM: data/lab.csv.`,
    });
  });
});

it('nothing is written into the record of the project, whatever is forced [QUARANTINE-009]', async () => {
  const document = odm({ created: '2026-01-01T00:00:00Z' }, subject('1', {}));
  await withProject({ 'warehouse.yml': configuration(), 'data/edc.xml': document }, async (project) => {
    await project.load();
    const before = sha256Hex(project.read('.warehouse/main.duckdb'));
    const out = project.path('.warehouse/main.duckdb');
    expect(await failureOf(exported(project, { out, force: true }))).toMatchObject({ code: 'OUTPUT_IN_RECORD' });
    expect(sha256Hex(project.read('.warehouse/main.duckdb'))).toBe(before);
  });
});
