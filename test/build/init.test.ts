import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { init } from '../../src/build/init.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silent } from '../../src/lib/events.ts';
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

async function projectFrom(content: string | Uint8Array, name = 'edc.xml') {
  const folder = folderOf({ [name]: content });
  const { root, files } = await init(join(folder, 'My Study'), { from: join(folder, name) }, context);
  return { root, files, project: await loadProject(root) };
}

describe('warehouse init', () => {
  it('makes a project with an example of its own in a folder that is new [INIT-001]', async () => {
    const { root, files } = await init(join(folderOf({}), 'vexin-03'), {}, context);
    const project = await loadProject(root);
    expect(files).toEqual(
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map((one) => join(one.parentPath, one.name).slice(root.length + 1))
        .sort(),
    );
    expect(project).toMatchObject({ name: 'vexin-03', study: { id: 'VEXIN-03', oids: ['VEXIN-03'] } });
    expect(project.models.map(({ name }) => name)).toEqual(['sdtm.dm']);
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('.warehouse/\ntarget/\n');
  });

  it('takes study, environment and names from an ODM file [INIT-002]', async () => {
    const { root, project } = await projectFrom(odm(STUDY + DATA('Mediflex(UAT)')));
    expect(project).toMatchObject({
      name: 'my-study',
      study: { id: 'MF-1', oids: ['Mediflex(UAT)'], environment: 'UAT' },
      sources: [{ name: 'edc', format: 'odm', files: ['data/edc.xml'] }],
    });
    // Of the two groups only IG.AE holds data.
    expect(project.models.map(({ name }) => name)).toEqual(['overview.ae']);
    expect(project.models[0].sql).toContain('FROM staged."ae"');
    expect(readFileSync(join(root, 'warehouse.yml'), 'utf8').split('\n')[0]).toBe('# Medi: "flex"   # trial');
  });

  it('reads a gzipped file, whatever its name, and copies it as it is [INIT-002]', async () => {
    const bytes = gzipSync(odm(DATA('S')));
    const { root, project } = await projectFrom(bytes, 'transfer of march.bin');
    expect(project.sources[0].files).toEqual(['data/transfer_of_march.bin.xml.gz']);
    expect(readFileSync(join(root, 'data/transfer_of_march.bin.xml.gz')).equals(bytes)).toBe(true);
    expect(project.study).toEqual({ id: 'S', oids: ['S'], environment: 'Prod' });
  });

  it('writes nothing where the file cannot be read [INIT-003]', async () => {
    const folder = folderOf({ 'edc.xml': odm(DATA('S')).slice(0, -6) });
    const root = join(folder, 'study');
    await expect(init(root, { from: join(folder, 'edc.xml') }, context)).rejects.toMatchObject({
      kind: 'data',
      code: 'ODM_TRUNCATED',
      place: { file: join(folder, 'edc.xml') },
    });
    await expect(init(root, { from: join(folder, 'nowhere.xml') }, context)).rejects.toMatchObject({
      code: 'INIT_FROM',
    });
    expect(existsSync(root)).toBe(false);
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
      await init(root, { from: `${SHARED}/openclinica/extract.xml` }, context);
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
