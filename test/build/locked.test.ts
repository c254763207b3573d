import { existsSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';
import { warehouse } from '../helpers/warehouse-process.ts';

const DATA = odm(
  { created: '2026-01-01T00:00:00Z' },
  subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', 'a'))))),
);

const CSV = join(tmpdir(), 'warehouse-escaped.csv');
const FILE = join(tmpdir(), 'warehouse-escaped.duckdb');

describe('a model cannot leave its room', () => {
  it.each([
    [`SELECT * FROM read_csv('/etc/passwd')`, /may not read the file/],
    [`SELECT * FROM '/etc/hostname.csv'`, /may not read the file/],
    [`SELECT content FROM read_text('/etc/passwd')`, /tells where a file lies/],
    [`SELECT * FROM glob('/etc/*')`, /tells where a file lies/],
    [`SELECT content FROM read_blob('.warehouse/main.duckdb')`, /tells where a file lies/],
    [`SELECT * FROM read_csv('.warehouse/main.duckdb', header = false)`, /may not read the file/],
    [`COPY (SELECT 1) TO '${CSV}'`, /single SELECT/],
    [`ATTACH '${FILE}'`, /single SELECT/],
    [`SET enable_external_access = true`, /single SELECT/],
    [`SELECT 1 AS A; ATTACH '${FILE}'`, /single SELECT/],
    [`INSTALL httpfs`, /single SELECT/],
  ])('%s fails [BUILD-005]', async (sql, message) => {
    await withProject(
      { 'warehouse.yml': configuration(), 'data/1.xml': DATA, 'models/work/x.sql': sql },
      async (project) => {
        const told = await project.build().then(
          ({ models }) => {
            const model = models.find(({ name }) => name === 'work.x');
            expect(model?.state).toBe('failed');
            return model?.error?.message ?? '';
          },
          (error: Error) => error.message,
        );
        expect(told).toMatch(message);
        expect(existsSync(CSV) || existsSync(FILE)).toBe(false);
        expect(existsSync(project.path('target/main.duckdb'))).toBe(false);
      },
    );
  });

  it('may read a seed in data/ [BUILD-005]', async () => {
    const files = {
      'warehouse.yml': configuration(),
      'data/1.xml': DATA,
      'data/visits.csv': 'VISIT\nScreening\n',
      'models/work/visit.sql': `SELECT VISIT FROM read_csv('data/visits.csv', header = true)`,
    };
    await withProject(files, async (project) => {
      const { code, output } = await warehouse(project.root, ['build'], { after: `cd '${project.root}'` });
      expect([code, output]).toEqual([0, expect.any(String)]);
      expect(await project.rows('FROM work.visit')).toEqual([['Screening']]);
    });
  });

  it('may read a seed wherever the build was started, and never one of that folder [BUILD-010]', async () => {
    const files = {
      'warehouse.yml': configuration(),
      'data/1.xml': DATA,
      'data/ref/visits.csv': 'VISIT\nScreening\n',
      'models/work/visit.sql': `SELECT VISIT FROM read_csv('data/ref/visits.csv', header = true)`,
      'models/work/other.sql': `SELECT VISIT FROM 'data/ref/visits.csv'`,
    };
    await withProject(files, async (project) => {
      const { withheld } = await project.build();
      expect(withheld).toBeUndefined();
      expect(await project.rows('FROM work.visit')).toEqual([['Screening']]);
      const elsewhere = project.path('elsewhere');
      project.write({
        'elsewhere/data/ref/visits.csv': 'VISIT\nAnother study\n',
        'data/ref/visits.csv': 'VISIT\nScreening\nFollow-up\n',
      });
      const { code, output } = await warehouse(project.root, ['run'], { after: `cd '${elsewhere}'` });
      expect(code).toBe(3);
      expect(output).toContain('The folder in which the command was started has a file data/ref/visits.csv too');
      expect(await project.rows('FROM work.visit')).toEqual([['Screening']]);
    });
  });

  it('cannot read what a source brings, of this target or another, nor what was published or exported [BUILD-010]', async () => {
    const files = {
      'warehouse.yml': JSON.stringify({
        name: 'test',
        study: { id: 'S' },
        sources: { edc: { files: 'data/*.xml' }, arms: { files: 'data/rand/dummy.csv', classification: 'unblinding' } },
        publications: { main: { level: 'unblinding' } },
        targets: { unblinded: { sources: { arms: { files: 'data/rand/real.csv' } } } },
      }),
      'data/1.xml': DATA,
      'data/rand/dummy.csv': 'ARM\nX\n',
      'data/rand/real.csv': 'ARM\nA\n',
      'target/main-unblinded.duckdb': 'unblinded',
      'target/export-unblinded/csv/dm.csv': 'ARM\nA\n',
      'target/export/csv/dm.csv': 'ARM\nX\n',
      '.warehouse/failures/unblinded/x.csv': 'ARM\nA\n',
    };
    await withProject(files, async (project) => {
      symlinkSync(project.path('data/rand/real.csv'), project.path('data/link.csv'));
      const paths = Object.keys(files).filter((path) => path !== 'warehouse.yml');
      for (const [index, path] of [...paths, 'data/link.csv'].entries()) {
        project.write({
          [`models/work/x${index}.sql`]: `SELECT * FROM read_csv('${project.path(path)}')`,
          [`models/work/y${index}.sql`]: `SELECT * FROM read_csv('${path}')`,
        });
      }
      project.write({ 'models/work/z.sql': `SELECT * FROM read_csv('${project.path('data')}/*')` });
      const { models } = await project.build();
      const own = models.filter(({ name }) => name.startsWith('work.'));
      expect(own).toHaveLength(2 * (paths.length + 1) + 1);
      for (const { name, error } of own)
        expect([name, error?.message]).toEqual([name, expect.stringMatching(/may not read the file/)]);
    });
  });

  it('nor can a query of the command line [BUILD-005]', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': DATA }, async (project) => {
      await project.build();
      await expect(project.rows(`FROM read_csv('/etc/passwd')`)).rejects.toThrow(/disabled by configuration/);
      await expect(project.rows(`ATTACH '${FILE}'`)).rejects.toThrow();
      await expect(project.rows(`SET enable_external_access = true`)).rejects.toThrow();
      await expect(project.rows('DELETE FROM raw.delivery')).rejects.toThrow(/not a SELECT/);
    });
  });
});
