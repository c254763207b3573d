import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { build } from '../../src/build/build.ts';
import { verify } from '../../src/build/verify.ts';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const configured = (directory: string, main: string, other: string) =>
  JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    exports: { formats: ['csv'], directory },
    publications: { main: { file: `target/${main}.duckdb` } },
    targets: { b: { file: `target/${other}.duckdb` } },
  });

const FILES = {
  'data/people.csv': 'ID,SEX\n01,F\n',
  'models/sdtm/a.sql': 'SELECT id AS USUBJID, sex AS SEX, [_row] AS _rows FROM staged.people',
};

/** Builds a target, and returns the codes of what was noted of files that are handed out no more. */
async function builds(project: TemporaryProject, target: string): Promise<string[]> {
  const events: WarehouseEvent[] = [];
  const context = { clock: project.clock, events: (event: WarehouseEvent) => events.push(event) };
  await build(
    await loadProject(project.root, { target }),
    { parser: 'tokenizer', select: [], threads: 2 },
    { ...context },
  );
  return events.flatMap((event) => (event.event === 'notice' ? [event.code] : []));
}

async function bad(project: TemporaryProject, target: string) {
  const context = { clock: project.clock, events: () => {} };
  const { checks } = await verify(await loadProject(project.root, { target }), {}, context);
  return checks.filter(({ ok }) => !ok);
}

describe('targets whose places cross [PUBLISH-008]', () => {
  it.each([[['main', 'b']], [['b', 'main']]])(
    'do not remove what is now the export of another, built in the order %j',
    async (order) => {
      await withProject(FILES, async (project) => {
        project.write({ 'warehouse.yml': configured('target/out-b', 'p', 'q') });
        for (const target of ['main', 'b']) await builds(project, target);
        expect(project.outputs()).toEqual(['out-b', 'out-b-b', 'p.duckdb', 'q.duckdb']);
        // Where main exported, b does now, with the very same bytes.
        project.write({ 'warehouse.yml': configured('target/out', 'p', 'q') });
        for (const target of order) expect(await builds(project, target)).toEqual([]);
        expect(project.read('target/out/csv/a.csv').toString()).toBe('USUBJID\n01\n');
        expect(project.read('target/out-b/csv/a.csv').toString()).toBe('USUBJID\n01\n');
        expect(readdirSync(project.path('target/out-b-b/csv'))).toEqual([]);
        expect([await bad(project, 'main'), await bad(project, 'b')]).toEqual([[], []]);
        for (const target of order) expect(await builds(project, target)).toEqual([]);
        expect([await bad(project, 'main'), await bad(project, 'b')]).toEqual([[], []]);
      });
    },
  );

  it.each([[['main', 'b']], [['b', 'main']]])('may swap their publications, built in the order %j', async (order) => {
    await withProject(FILES, async (project) => {
      project.write({ 'warehouse.yml': configured('target/out', 'p', 'q') });
      for (const target of ['main', 'b']) await builds(project, target);
      project.write({ 'warehouse.yml': configured('target/out', 'q', 'p') });
      const noted: string[] = [];
      for (const target of order) noted.push(...(await builds(project, target)));
      expect(noted).not.toContain('PUBLICATION_LEFT');
      expect([await bad(project, 'main'), await bad(project, 'b')]).toEqual([[], []]);
      expect(project.outputs()).toEqual(['out', 'out-b', 'p.duckdb', 'q.duckdb']);
    });
  });
});
