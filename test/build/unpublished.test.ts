import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const configured = (publications: Record<string, unknown>) =>
  JSON.stringify({
    name: 'small',
    study: { id: 'SMALL' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    publications,
    exports: { formats: ['csv'] },
  });

const BOTH = { main: {}, part: { models: ['sdtm.dm'] } };
const FILES = {
  'warehouse.yml': configured(BOTH),
  'data/people.csv': 'ID,SEX\n01,F\n',
  'models/sdtm/dm.sql': 'SELECT id AS USUBJID, sex AS SEX, [_row] AS _rows FROM staged.people',
  'models/sdtm/dm.yml': 'label: Demographics\nkeys: [USUBJID]\n',
};
const PART = 'target/part.duckdb';

/** Builds without the publication `part`, and returns what was noted. */
async function unpublish(project: TemporaryProject): Promise<WarehouseEvent[]> {
  const notices: WarehouseEvent[] = [];
  project.events = (event) => {
    if (event.event === 'notice') notices.push(event);
  };
  project.write({ 'warehouse.yml': configured({ main: {} }) });
  await project.build();
  return notices;
}

const removals = (project: TemporaryProject) =>
  project.rows(`SELECT object, before_hash, effect FROM audit.ledger WHERE action = 'publication.remove'`);

const badChecks = async (project: TemporaryProject) => (await project.checks()).filter(({ ok }) => !ok);

describe('a publication that is taken out of warehouse.yml [PUBLISH-005]', () => {
  it('takes its file with it, which is said and recorded', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const sha256 = createHash('sha256').update(project.read(PART)).digest('hex');
      expect(await unpublish(project)).toEqual([
        { event: 'notice', code: 'PUBLICATION_REMOVED', message: `${PART} is published no more: it was removed.` },
      ]);
      expect(existsSync(project.path(PART))).toBe(false);
      expect(await removals(project)).toEqual([[PART, sha256, 'done']]);
      expect(await unpublish(project)).toEqual([]);
      expect(await removals(project)).toHaveLength(1);
      expect(await badChecks(project)).toEqual([]);
      // It may come back.
      project.write({ 'warehouse.yml': configured(BOTH) });
      expect(await badChecks(project)).toEqual([]);
      await project.build();
      expect(existsSync(project.path(PART))).toBe(true);
      expect(await badChecks(project)).toEqual([]);
    });
  });

  it('leaves a file that somebody has changed, and says so as long as it is there', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      appendFileSync(project.path(PART), 'x');
      for (let build = 0; build < 2; build++) {
        expect(await unpublish(project)).toMatchObject([{ code: 'PUBLICATION_LEFT' }]);
      }
      expect(existsSync(project.path(PART))).toBe(true);
      expect(await removals(project)).toEqual([]);
      project.delete(PART);
      expect(await unpublish(project)).toEqual([]);
      expect((await removals(project)).map(([object]) => object)).toEqual([PART]);
    });
  });
});
