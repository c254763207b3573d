import { expect, it } from 'vitest';
import { plan } from '../../src/build/plan.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const content = (value: string) => subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', value)))));
const at = (day: number) => `2026-01-0${day}T00:00:00Z`;

it('the coverage of a delivery is the one in force, in raw, in state and in the ledger [LOAD-040]', async () => {
  const files = {
    'warehouse.yml': configuration({ covers: 'study' }),
    'data/1_snapshot.xml': odm({ type: 'Snapshot', created: at(1) }, content('a')),
    'data/2_delta.xml': odm({ type: 'Transactional', created: at(2) }, content('b')),
    'data/3_subjects.xml': odm({ type: 'Snapshot', created: at(3) }, subject('1', {})),
  };
  await withProject(files, async (project) => {
    await project.load();
    const covers = ['study', 'increment', 'increment'];
    expect(await project.column('SELECT covers FROM raw.delivery ORDER BY delivery_key')).toEqual(covers);
    expect(await project.column('SELECT covers FROM state.part ORDER BY delivery_key')).toEqual(covers);
    const recorded = `SELECT meta ->> '$.covers' FROM audit.history WHERE action = 'delivery.load' ORDER BY sequence`;
    expect(await project.column(recorded)).toEqual(covers);

    project.write({ 'warehouse.yml': configuration({ covers: 'subjects' }) });
    const context = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
    const { deliveries } = await plan(await loadProject(project.root), { select: [] }, context);
    expect(deliveries.map(({ file, reason }) => [file, reason])).toEqual([['data/1_snapshot.xml', 'covers changed']]);
  });
});
