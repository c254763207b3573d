import { describe, expect, it } from 'vitest';
import { plan } from '../../src/build/plan.ts';
import type { EventSink } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] }, lab: { files: 'data/lab.csv', keys: ['ID'] } },
    exports: { formats: ['csv'] },
  }),
  'data/people.csv': 'ID\n1\n2\n',
  'data/lab.csv': 'ID\n1\n',
  'models/sdtm/dm.sql': 'SELECT id AS USUBJID, [_row] AS _rows FROM staged.people',
  'models/sdtm/vs.sql': 'SELECT USUBJID, _rows FROM sdtm.dm',
  'models/sdtm/lb.sql': 'SELECT id AS USUBJID, [_row] AS _rows FROM staged.lab',
};
const MORE = { 'data/people.csv': 'ID\n1\n2\n3\n' };
const TOLD = 'What is selected reads what is not up to date and was not selected:';

/** What is noted of models before the selection while `work` runs. */
async function told(work: (events: EventSink) => Promise<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  await work((event) => {
    if (event.event === 'notice' && event.code === 'UPSTREAM_STALE') found.push([event.message, event.next]);
  });
  return found;
}

const run = (project: TemporaryProject, ...select: string[]) =>
  told((events) => {
    project.events = events;
    return project.run({ select });
  });
const planned = (project: TemporaryProject, ...select: string[]) =>
  told(async (events) =>
    plan(await loadProject(project.root), { select }, { clock: fixedClock('2026-03-27T08:00:00Z'), events }),
  );

describe('what is selected and reads what is not up to date [BUILD-015]', () => {
  it('is said by run and plan after a load, and is none once that is selected too', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write(MORE);
      await project.load();
      const people = `${TOLD} staged.people (state.file_people changed).`;
      const expected = [[people, 'Select that too: --select "dm" --select "staged.people".']];
      expect(await planned(project, 'dm')).toEqual(expected);
      expect(await run(project, 'dm')).toEqual(expected);
      expect(await project.value('SELECT count(*) FROM sdtm.dm')).toBe(2);
      expect(await run(project, 'dm+', '+lb')).toEqual([
        [people, 'Select that too: --select "dm+" --select "+lb" --select "staged.people".'],
      ]);
      expect(await run(project, 'vs')).toEqual([
        [
          `${TOLD} staged.people (state.file_people changed), sdtm.dm (staged.people is not up to date).`,
          'Select that too: --select "vs" --select "staged.people" --select "sdtm.dm".',
        ],
      ]);
      expect(await run(project, '+dm')).toEqual([]);
      expect(await project.value('SELECT count(*) FROM sdtm.dm')).toBe(3);
      expect(await planned(project, '+dm')).toEqual([]);
    });
  });

  it('names all that is to be selected too, for what a plus takes in behind the selection as well', async () => {
    const both = { 'models/sdtm/vs.sql': 'SELECT USUBJID, _rows FROM sdtm.dm JOIN staged.lab ON lab.id = USUBJID' };
    await withProject({ ...FILES, ...both }, async (project) => {
      await project.build();
      project.write({ 'data/lab.csv': 'ID\n1\n2\n' });
      await project.load();
      const lab = `${TOLD} staged.lab (state.file_lab changed).`;
      expect(await run(project, '+dm+')).toEqual([[lab, 'Select that too: --select "+dm+" --select "staged.lab".']]);
      expect(await run(project, '+dm+', 'staged.lab')).toEqual([]);
    });
  });

  it('is said of what is excluded too, which is to be run first', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write(MORE);
      await project.load();
      const found = await told((events) => {
        project.events = events;
        return project.run({ select: [], exclude: ['people', 'lb'] });
      });
      expect(found).toEqual([
        [`${TOLD} staged.people (state.file_people changed).`, 'Run that first: --select "staged.people".'],
      ]);
    });
  });

  it('is not said of what does not lie before it, nor where all is selected', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write(MORE);
      await project.load();
      expect(await run(project, 'lb')).toEqual([]);
      expect(await run(project, 'staged.people')).toEqual([]);
      expect(await run(project)).toEqual([]);
    });
  });

  it('is said by build --select too, which exports and publishes nothing then', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write(MORE);
      const before = project.read('target/export/csv/dm.csv');
      expect(
        await told(async (events) => {
          project.events = events;
          const { withheld, exports, publications } = await project.build({ select: ['sdtm.dm'] });
          expect([withheld?.reason.slice(0, 34), exports, publications]).toEqual([
            'Nothing was exported or published,',
            [],
            [],
          ]);
        }),
      ).toEqual([
        [
          `${TOLD} staged.people (state.file_people changed).`,
          'Select that too: --select "sdtm.dm" --select "staged.people".',
        ],
      ]);
      expect(project.read('target/export/csv/dm.csv')).toEqual(before);
    });
  });
});
