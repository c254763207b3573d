import { describe, expect, it } from 'vitest';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

type Notice = Extract<WarehouseEvent, { event: 'notice' }>;

/** The notices of a load of these files. */
async function notices(project: TemporaryProject, files: Readonly<Record<string, string>>): Promise<Notice[]> {
  const found: Notice[] = [];
  project.events = (event) => event.event === 'notice' && found.push(event);
  project.write(files);
  await project.load();
  return found.filter(({ code }) => code !== 'SOURCE_REPLACED');
}

/** Fifty subjects with these items of group G. */
function snapshot(day: number, values: Readonly<Record<string, string>>): string {
  const items = Object.entries(values).map(([oid, value]) => item(oid, value));
  const subjects = Array.from({ length: 50 }, (_, index) => subject(String(index), {}, group('G', {}, ...items)));
  return odm({ created: `2026-01-0${day}T00:00:00Z` }, ...subjects);
}

describe('an item that a source no longer sends', () => {
  it('is told when a complete snapshot leaves it out, and listed until it is back [ABSENT-001]', async () => {
    await withProject({ 'warehouse.yml': configuration({ covers: 'study' }) }, async (project) => {
      const both = { A: '1', B: '70' };
      const list = () =>
        project.rows(`SELECT source, table_name, column_name, item_group_oid, item_oid, last_values, last_delivery,
          superseded_by FROM recon.absent_items`);
      expect(await notices(project, { 'data/1.xml': snapshot(1, both) })).toEqual([]);
      expect(await notices(project, { 'data/2.xml': snapshot(2, { A: '1' }) })).toEqual([
        {
          event: 'notice',
          code: 'SOURCE_ITEM_ABSENT',
          message: 'Source edc: since data/2.xml no value is left of B of G (50 before).',
          next: 'Ask the sender whether that is meant. recon.absent_items lists such items with the last delivery that had values of them.',
        },
      ]);
      expect(await list()).toEqual([['edc', 'g', 'b', 'G', 'B', 50, 1, 2]]);
      // It is told once; a delivery that arrives late and was superseded before changes nothing.
      expect(await notices(project, { 'data/3.xml': snapshot(3, { A: '2' }) })).toEqual([]);
      expect(await notices(project, { 'data/4.xml': snapshot(4, both) })).toEqual([]);
      expect(await list()).toEqual([]);
      expect(await notices(project, { 'data/late.xml': snapshot(2, { A: '3' }) })).toEqual([]);
    });
  });

  it('is not missed in an increment, where absence means nothing [ABSENT-001]', async () => {
    await withProject({ 'warehouse.yml': configuration() }, async (project) => {
      await notices(project, { 'data/1.xml': snapshot(1, { A: '1', B: '70' }) });
      expect(await notices(project, { 'data/2.xml': snapshot(2, { A: '1' }) })).toEqual([]);
      expect(await project.rows('FROM recon.absent_items')).toEqual([]);
    });
  });
});

describe('a column that a CSV source no longer sends', () => {
  const yml = JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { lab: { files: 'data/lab.csv', keys: ['ID'] } },
  });
  const rows = 'a,x\nb,y\nc,\n';

  it('is told, as is a new one, and both where they differ only in case [ABSENT-002]', async () => {
    await withProject({ 'warehouse.yml': yml }, async (project) => {
      expect(await notices(project, { 'data/lab.csv': `ID,V\n${rows}` })).toEqual([]);
      const renamed = await notices(project, { 'data/lab.csv': `ID,v\n${rows}` });
      expect(renamed.map(({ code, message }) => [code, message])).toEqual([
        [
          'SOURCE_COLUMN_ABSENT',
          'Source lab: data/lab.csv has no column V (2 values in delivery 1; v of this delivery differs from it only in case); it is NULL in the rows that it brings.',
        ],
        [
          'SOURCE_COLUMN_NEW',
          'Source lab: data/lab.csv has column v (v_4c94 in staged, beside v of V), which delivery 1 did not have.',
        ],
      ]);
      const dropped = await notices(project, { 'data/lab.csv': 'ID\na\nb\nc\n' });
      expect(dropped.map(({ code, message }) => [code, message])).toEqual([
        [
          'SOURCE_COLUMN_ABSENT',
          'Source lab: data/lab.csv has no column v (2 values in delivery 2); it is NULL in the rows that it brings.',
        ],
      ]);
      // The same columns in another order are the same.
      await notices(project, { 'data/lab.csv': `ID,V\n${rows}` });
      expect(await notices(project, { 'data/lab.csv': 'V,ID\nx,a\n,b\ny,c\n' })).toEqual([]);
    });
  });

  it('is not told where its name is the same, whatever its letters [ABSENT-002]', async () => {
    const encoded = yml.replace('"keys"', '"encoding":"windows-1252","keys"');
    // Subject’s weight in €: 0x92 and 0x80 of windows-1252.
    const file = (row: string) => Buffer.from(`ID,Subject\x92s weight in \x80\n${row}\n`, 'latin1');
    await withProject({ 'warehouse.yml': encoded, 'data/lab.csv': file('a,1') }, async (project) => {
      await project.load();
      expect(await project.column('SELECT item_oid FROM meta.name WHERE item_oid IS NOT NULL ORDER BY ALL')).toEqual([
        'ID',
        'Subject’s weight in €',
      ]);
      project.write({ 'data/lab.csv': file('a,2') });
      expect(await notices(project, {})).toEqual([]);
    });
  });

  it('is told of an increment too, whose rows lack it [ABSENT-002]', async () => {
    const increment = yml.replace('"keys"', '"covers":"increment","keys"');
    await withProject({ 'warehouse.yml': increment }, async (project) => {
      await notices(project, { 'data/lab.csv': `ID,V\n${rows}` });
      const [notice] = await notices(project, { 'data/lab.csv': 'ID\nd\n' });
      expect(notice.code).toBe('SOURCE_COLUMN_ABSENT');
    });
  });

  it('is told of a file that holds a header alone, and behind it [ABSENT-002]', async () => {
    await withProject({ 'warehouse.yml': yml }, async (project) => {
      const said = async (content: string) => {
        project.write({ 'data/lab.csv': content });
        const found: string[] = [];
        project.events = (event) => event.event === 'notice' && found.push(event.message);
        await project.load({ acceptRemovals: true });
        return found;
      };
      const absent = (delivery: number) =>
        `Source lab: data/lab.csv has no column V (2 values in delivery ${delivery}); it is NULL in the rows that it brings.`;
      expect(await said(`ID,V\n${rows}`)).toEqual([]);
      expect(await said('ID\n')).toEqual([absent(1)]);
      // What the last rows had is what is missed, or not.
      expect(await said(`ID,V\n${rows}`)).toEqual([]);
      // Bytes that came before say the same again.
      expect(await said('ID\n')).toEqual([absent(3)]);
      expect(await said('V,ID\n')).toEqual([]);
      expect(await said('ID\na\n')).toEqual([absent(3)]);
      expect(await said('ID,W\n')).toEqual([
        'Source lab: data/lab.csv has column W (w in staged), which delivery 6 did not have.',
      ]);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });
});
