import { expect, it } from 'vitest';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const records = (...items: string[]) => event('V', {}, form('F', {}, group('G', {}, ...items)));
const CREATED = { created: '2026-01-01T00:00:00Z' };
const CONTRADICTION = [
  subject('A', {}, records(item('I', 'first'), item('J', 'same'))),
  subject('B', {}, records(item('I', 'b1'), item('I', 'b2'))),
  subject('A', {}, records(item('I', 'second'), item('J', 'same'))),
];

async function toldOf(document: string): Promise<{ told: unknown[]; live: unknown[]; replaced: unknown[] }> {
  const told: unknown[] = [];
  const files = { 'warehouse.yml': configuration(), 'data/1.xml': document };
  return withProject(files, async (project) => {
    project.events = (one) => {
      if (one.event === 'notice' && one.code === 'SOURCE_SAID_TWICE') told.push(one.message);
    };
    await project.build();
    const live = await project.rows('SELECT subject_key, i FROM staged.g ORDER BY ALL');
    const replaced = await project.rows(
      `SELECT subject_key, item_oid, old_value, new_value FROM recon.changed ORDER BY ALL`,
    );
    await project.build();
    return { told, live, replaced };
  });
}

it('a snapshot that gives an item of one record two values is told, once, and both values are there [LOAD-065]', async () => {
  const document = odm(CREATED, ...CONTRADICTION);
  const place = document.indexOf('<ItemGroupData', document.indexOf('b1') - 200);
  const { told, live, replaced } = await toldOf(document);
  expect(told).toEqual([
    `data/1.xml is a snapshot, and gives 2 items of the same record more than one value; the first is I of subject B, the second time at byte ${place}. What stands last in the file counts.`,
  ]);
  expect(live).toEqual([
    ['A', 'second'],
    ['B', 'b2'],
  ]);
  expect(replaced).toEqual([
    ['A', 'I', 'first', 'second'],
    ['B', 'I', 'b1', 'b2'],
  ]);
});

it('what a delta says twice is a correction, and what a snapshot says twice alike is none: neither is told [LOAD-065]', async () => {
  expect((await toldOf(odm({ ...CREATED, type: 'Transactional' }, ...CONTRADICTION))).told).toEqual([]);
  const alike = subject('A', {}, records(item('I', 'first')));
  expect((await toldOf(odm(CREATED, alike, alike))).told).toEqual([]);
});
