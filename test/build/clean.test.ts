import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { build } from '../../src/build/build.ts';
import { clean } from '../../src/build/clean.ts';
import { verify } from '../../src/build/verify.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    exports: { formats: ['csv'] },
    targets: { unblinded: {} },
  }),
  'data/people.csv': 'ID,SEX\n01,F\n',
  'models/sdtm/a.sql': `SELECT id AS USUBJID, sex AS SEX, [_row] AS _rows FROM staged.people`,
};

/** What a run leaves for other tools, by name behind what is published. */
const ARTIFACTS = ['manifest.json', 'run_results.json', 'warehouse_results.json'];

const cleaned = async (project: TemporaryProject) =>
  clean(await loadProject(project.root), {}, { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent });

const bad = async (project: TemporaryProject) => (await project.checks()).filter(({ ok }) => !ok);

describe('warehouse clean [VERIFY-021]', () => {
  it('empties target/ and says so in the ledger, so that verify misses nothing', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      expect(await cleaned(project)).toEqual({
        removed: ['target/export', 'target/main.duckdb', ...ARTIFACTS.map((name) => `target/${name}`)],
      });
      expect(readdirSync(project.path('target'))).toEqual([]);
      expect(await bad(project)).toEqual([]);
      expect(await project.rows(`SELECT object, effect, meta FROM audit.ledger WHERE action = 'target.clean'`)).toEqual(
        [['target', 'done', JSON.stringify({ removed: ['export', 'main.duckdb', ...ARTIFACTS] })]],
      );
      await project.build();
      expect(await bad(project)).toEqual([]);
      project.delete('target');
      expect((await bad(project)).map(({ name, detail }) => [name, detail])).toEqual([
        ['exports', 'csv/a.csv is missing, manifest.json is missing'],
        ['published files', 'target/main.duckdb is missing'],
      ]);
      expect(await cleaned(project)).toEqual({ removed: [] });
      expect(await bad(project)).toEqual([]);
    });
  });

  it('says so in the ledger of every target, since it empties it for all', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const unblinded = { ...(await loadProject(project.root, { target: 'unblinded' })) };
      const context = { clock: project.clock, events: silent };
      await build(unblinded, { parser: 'tokenizer', select: [], threads: 2 }, context);
      await cleaned(project);
      expect((await verify(unblinded, {}, context)).checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(await bad(project)).toEqual([]);
    });
  });

  it('says so in the ledger of a target too that is not in warehouse.yml any more', async () => {
    await withProject(FILES, async (project) => {
      const context = { clock: project.clock, events: silent };
      const options = { parser: 'tokenizer', select: [], threads: 2 } as const;
      await build(await loadProject(project.root, { target: 'unblinded' }), options, context);
      project.write({ 'warehouse.yml': FILES['warehouse.yml'].replace('"unblinded":{}', '') });
      expect(await cleaned(project)).toEqual({
        removed: ['target/artifacts-unblinded', 'target/export-unblinded', 'target/main-unblinded.duckdb'],
      });
      project.write({ 'warehouse.yml': FILES['warehouse.yml'] });
      const unblinded = await loadProject(project.root, { target: 'unblinded' });
      expect((await verify(unblinded, {}, context)).checks.filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('removes nothing while a build has a working file open', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const file = await WarehouseFile.open(project.path('.warehouse/main.duckdb'));
      try {
        expect((await failureOf(cleaned(project))).code).toMatch(/^STORE_(LOCKED|OPEN_TWICE)$/);
      } finally {
        file.close();
      }
      expect(existsSync(project.path('target/main.duckdb'))).toBe(true);
    });
  });

  it('cleans a project that was never built', async () => {
    await withProject({ ...FILES, 'target/notes.txt': 'x' }, async (project) => {
      expect(await cleaned(project)).toEqual({ removed: ['target/notes.txt'] });
      expect(existsSync(project.path('.warehouse'))).toBe(false);
      project.delete('target');
      expect(await cleaned(project)).toEqual({ removed: [] });
    });
  });

  it('follows no link', async () => {
    await withProject({ 'precious.txt': 'x', 'inner/precious.txt': 'x' }, async (elsewhere) => {
      await withProject({ ...FILES, 'target/a.txt': 'x' }, async (project) => {
        symlinkSync(elsewhere.path('inner'), project.path('target/inner'), 'junction');
        await cleaned(project);
        project.delete('target');
        symlinkSync(elsewhere.root, project.path('target'), 'junction');
        expect(await failureOf(cleaned(project))).toEqual({
          kind: 'usage',
          code: 'CLEAN_LINK',
          message: 'target is a link, and clean empties no folder that lies elsewhere.',
          file: 'target',
          next: 'Remove the link, or empty the folder that it leads to yourself.',
        });
        expect(readdirSync(elsewhere.root).sort()).toEqual(['inner', 'precious.txt']);
        expect(readdirSync(elsewhere.path('inner'))).toEqual(['precious.txt']);
      });
    });
  });

  it('says so where target is a file', async () => {
    await withProject({ ...FILES, target: 'x' }, async (project) => {
      expect(await failureOf(cleaned(project))).toMatchObject({ kind: 'usage', code: 'OUTPUT_PLACE', file: 'target' });
    });
  });
});
