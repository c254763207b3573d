import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plan } from '../../src/build/plan.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { noticesOf } from '../helpers/notices.ts';
import { failureOf, withProject } from '../helpers/project.ts';

const configured = (lab: string) => `name: test
study: { id: S }
sources:
  site: { files: data/site.csv }
  lab:
    files: ${lab}
`;

const FILES = {
  'warehouse.yml': configured('data/extract.csv'),
  'data/site.csv': 'A\n1\n',
  'data/extract.csv': 'A\n1\n',
};

describe('a source whose files match nothing [LOAD-050]', () => {
  it('stops build, load and plan where it has never delivered, and nothing is loaded', async () => {
    await withProject({ ...FILES, 'warehouse.yml': configured('data/extrakt.csv') }, async (project) => {
      const expected = {
        kind: 'usage',
        code: 'SOURCE_NO_FILES',
        message: 'Source lab: no file matches data/extrakt.csv. It has never delivered anything.',
        file: 'warehouse.yml',
        line: 6,
        next: 'Did you mean data/extract.csv? Nothing was loaded. Put the file there, correct the path, or say "optional: true" under the source if it is still to come.',
      };
      const { clock, events } = project;
      const planned = async () => plan(await loadProject(project.root), { select: [] }, { clock, events });
      expect(await failureOf(planned())).toEqual(expected);
      expect(await project.failure()).toEqual(expected);
      expect(await failureOf(project.load())).toEqual(expected);
      expect(await project.rows('SELECT name FROM raw.part')).toEqual([]);
      // Also where others have delivered already.
      project.write({ 'warehouse.yml': FILES['warehouse.yml'] });
      await project.build();
      project.write({ 'warehouse.yml': `${FILES['warehouse.yml']}  edc: { files: "edc/*.xml" }\n` });
      expect(await project.failure()).toMatchObject({
        code: 'SOURCE_NO_FILES',
        line: 7,
        next: expect.stringMatching(/^Nothing was loaded/),
      });
    });
  });

  it('is noted where it has delivered before: what it delivered stands', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.delete('data/extract.csv');
      const notices = noticesOf(project, '');
      await project.build();
      expect(notices).toEqual([
        {
          event: 'notice',
          code: 'SOURCE_NO_FILES',
          message: 'Source lab: no file matches data/extract.csv. What it delivered before stands.',
          next: 'Put the file back or correct the path (warehouse.yml, line 6, column 12), if it is not to be gone.',
        },
      ]);
      project.write({
        'data/extract.csv': FILES['data/extract.csv'],
        'warehouse.yml': FILES['warehouse.yml'].replace('extract', 'extrakt'),
      });
      await project.build();
      expect(notices.at(-1)).toMatchObject({ next: expect.stringMatching(/^Did you mean data\/extract\.csv\? Put/) });
      expect(await project.rows('SELECT a FROM staged.lab')).toEqual([['1']]);
    });
  });

  it('is as it should be where it is optional', async () => {
    const files = { ...FILES, 'warehouse.yml': configured('data/extract.csv').concat('    optional: true\n') };
    await withProject(files, async (project) => {
      project.delete('data/extract.csv');
      const notices = noticesOf(project, '');
      expect((await project.build()).deliveries.map(({ source }) => source)).toEqual(['site']);
      expect(notices).toEqual([]);
      project.write({ 'data/extract.csv': FILES['data/extract.csv'] });
      expect((await project.build()).deliveries.map(({ source }) => source)).toEqual(['lab']);
    });
  });
});

describe('a file that cannot be read as one [LOAD-062]', () => {
  const together = configured('[data/a.csv, data/b.csv]').concat('    delivery: together\n');

  it.each<[string, string, (place: string) => void]>([
    ['a link that leads nowhere', 'LINK_OUTSIDE', (place) => symlinkSync('archive/b.csv', place)],
    ['a folder', 'NOT_A_FILE', (place) => mkdirSync(place)],
    ...(process.platform === 'win32'
      ? []
      : [['a named pipe', 'NOT_A_FILE', (place: string) => execFileSync('mkfifo', [place])] as never]),
  ])('stops load and plan where it is %s, and what its file held is not taken for removed', async (_, code, put) => {
    const files = { ...FILES, 'warehouse.yml': together, 'data/a.csv': 'A\n1\n', 'data/b.csv': 'A\n2\n' };
    await withProject(files, async (project) => {
      await project.build();
      project.delete('data/b.csv');
      put(project.path('data/b.csv'));
      const expected = { kind: 'usage', code, file: 'data/b.csv' };
      expect(await project.failure({ acceptRemovals: true })).toMatchObject(expected);
      const { clock, events } = project;
      const planned = loadProject(project.root).then((loaded) => plan(loaded, { select: [] }, { clock, events }));
      expect(await failureOf(planned)).toMatchObject(expected);
      expect(await project.rows('SELECT a FROM staged.lab ORDER BY a')).toEqual([['1'], ['2']]);
    });
  });

  it('stops nothing where no source of the target names it', async () => {
    await withProject(FILES, async (project) => {
      symlinkSync('nowhere.xml', project.path('data/other.xml'));
      if (process.platform !== 'win32') execFileSync('mkfifo', [project.path('data/pipe.xml')]);
      expect((await project.build()).deliveries.length).toBe(2);
    });
  });
});
