import { expect, it } from 'vitest';
import type { WarehouseError } from '../../src/lib/errors.ts';
import { withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': JSON.stringify({ name: 'small', study: { id: 'S' } }),
  'models/a/kept.sql': 'SELECT 1 AS one',
  'models/a/made.sql': 'SELECT 1 AS one',
  'models/a/seen.sql': 'SELECT 1 AS one',
  'models/a/seen.yml': 'materialized: view\n',
};

it('never touches what another client put in the place of a model, and hands nothing over [MODEL-010]', async () => {
  await withProject(FILES, async (project) => {
    await project.build();
    await project.inWorkingFile(
      `DROP TABLE a.made; CREATE TABLE a.made AS SELECT 'other' AS other;
       CREATE OR REPLACE VIEW a.seen AS SELECT 'other' AS other`,
    );
    const errors: WarehouseError[] = [];
    project.events = (event) => {
      if (event.event === 'error') errors.push(event.error);
    };
    for (const options of [{}, { fullRefresh: true }]) {
      const { models, withheld } = await project.build(options);
      expect(Object.fromEntries(models.map(({ name, state }) => [name, state]))).toMatchObject({
        'a.made': 'failed',
        'a.seen': 'failed',
      });
      expect(withheld?.reason).toContain('not all is up to date: a.made (new), a.seen (new)');
    }
    expect(errors.slice(0, 2)).toMatchObject([
      {
        code: 'MODEL_NAME_TAKEN',
        message: 'The file holds a table a.made that the runner of models did not make.',
        next: 'Drop or rename it, or rename the model.',
      },
      { code: 'MODEL_NAME_TAKEN', message: 'The file holds a view a.seen that the runner of models did not make.' },
    ]);
    expect((await project.checks()).find(({ name }) => name === 'models')).toEqual({
      name: 'models',
      ok: false,
      detail: 'not what was made: a.made, a.seen',
      next: 'Somebody has written to the working file. What is there of a.made and a.seen was made by another client: drop it there, and run warehouse build.',
    });
    project.delete('models/a/made.sql');
    await project.build();
    expect(await project.rows('SELECT m.other, s.other FROM a.made m, a.seen s')).toEqual([['other', 'other']]);
    await project.inWorkingFile('DROP VIEW a.seen');
    expect((await project.build()).withheld).toBeUndefined();
    expect(await project.rows('SELECT one FROM a.seen')).toEqual([[1]]);
  });
});
