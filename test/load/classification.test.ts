import { describe, expect, it } from 'vitest';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const yml = (classification: string | undefined, files = 'data/*.csv') =>
  JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { kits: { files, covers: 'increment', keys: ['ID'], classification }, lab: { files: 'lab.csv' } },
  });

const declared = (project: TemporaryProject) => project.rows('SELECT source, classification FROM state.source');

const onArrival = (project: TemporaryProject) =>
  project.rows('SELECT source, classification FROM raw.delivery ORDER BY delivery_key');

const recorded = (project: TemporaryProject) =>
  project.rows(
    `SELECT object, outcome, meta ->> '$.before', meta ->> '$.after' FROM audit.history
     WHERE action = 'source.classification' ORDER BY sequence`,
  );

describe('the classification of a source that is declared otherwise', () => {
  it('holds from the next load for all that it delivered, and is recorded once [LOAD-052]', async () => {
    const files = { 'warehouse.yml': yml(undefined), 'data/b.csv': 'ID,ARM\n1,A\n', 'lab.csv': 'ID\n1\n' };
    await withProject(files, async (project) => {
      await project.load();
      // Comes late: the other is delivered after it again, and no more than that.
      project.write({ 'data/a.csv': 'ID,ARM\n1,B\n' });
      await project.load();
      const arrived = [
        ['kits', 'none'],
        ['lab', 'none'],
        ['kits', 'none'],
        ['kits', 'none'],
      ];
      expect(await onArrival(project)).toEqual(arrived);
      expect(await recorded(project)).toEqual([]);

      project.write({ 'warehouse.yml': yml('unblinding') });
      const told: WarehouseEvent[] = [];
      project.events = (event) => event.event === 'notice' && told.push(event);
      expect((await project.load()).deliveries).toEqual([]);
      expect(told).toEqual([
        {
          event: 'notice',
          code: 'SOURCE_CLASSIFICATION',
          message: 'Source kits is declared unblinding now, and was none: so is all that it has delivered.',
        },
      ]);
      expect(await declared(project)).toEqual([
        ['kits', 'unblinding'],
        ['lab', 'none'],
      ]);
      const once = [['source/kits', 'committed', 'none', 'unblinding']];
      expect(await recorded(project)).toEqual(once);
      expect(await onArrival(project)).toEqual(arrived);
      expect(await project.column('SELECT arm FROM state.file_kits')).toEqual(['A']);
      await project.load();
      expect(told).toHaveLength(1);
      expect(await recorded(project)).toEqual(once);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('holds too where its files are gone, or a file comes with it, and where it is taken back [LOAD-052]', async () => {
    const files = { 'warehouse.yml': yml(undefined), 'data/1.csv': 'ID,ARM\n1,A\n', 'lab.csv': 'ID\n1\n' };
    await withProject(files, async (project) => {
      await project.load();
      project.delete('data/1.csv');
      project.write({ 'warehouse.yml': yml('restricted') });
      await project.load();
      expect((await declared(project))[0]).toEqual(['kits', 'restricted']);
      project.write({ 'warehouse.yml': yml('unblinding'), 'data/2.csv': 'ID,ARM\n2,B\n' });
      await project.load();
      expect((await declared(project))[0]).toEqual(['kits', 'unblinding']);
      project.write({ 'warehouse.yml': yml(undefined) });
      await project.load();
      expect((await declared(project))[0]).toEqual(['kits', 'none']);
      expect(await onArrival(project)).toEqual([
        ['kits', 'none'],
        ['lab', 'none'],
        ['kits', 'unblinding'],
      ]);
      expect(await recorded(project)).toEqual([
        ['source/kits', 'committed', 'none', 'restricted'],
        ['source/kits', 'committed', 'restricted', 'unblinding'],
        ['source/kits', 'committed', 'unblinding', 'none'],
      ]);
    });
  });
});
