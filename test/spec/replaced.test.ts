import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import { failureOf } from '../helpers/project.ts';
import { FILES, SpecProject } from './workbook.ts';

/** What happens to the disk, in turn, and what is to happen when a file is renamed or waited for. */
const { done, at } = vi.hoisted(() => ({
  done: [] as string[],
  at: { rename: (_to: string) => {}, sync: (_path: string) => {} },
}));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    renameSync: (from: string, to: string) => {
      at.rename(to);
      fs.renameSync(from, to);
      done.push(`rename ${to}`);
    },
  };
});
vi.mock('../../src/lib/disk.ts', () => ({
  syncFile: (path: string) => {
    at.sync(path);
    done.push(`sync ${path}`);
  },
  syncFolder: (path: string) => done.push(`sync ${path}`),
}));

afterEach(() => {
  done.length = 0;
  at.rename = () => {};
  at.sync = () => {};
});

const [AE, LB, DAYS] = ['models/sdtm/ae.yml', 'models/sdtm/lb.yml', 'models/work/days.yml'] as const;
const AFTER: Readonly<Record<string, string>> = {
  [AE]: FILES[AE].replace('label: Adverse Events', 'label: Events'),
  [LB]: FILES[LB].replace('label: Laboratory Test Results', 'label: Results'),
  [DAYS]: '# yaml-language-server: $schema=../../.warehouse/schemas/model.json\nlabel: Days\n',
};

/** A project, and a workbook that changes two of its files and makes a third. */
async function edited(): Promise<SpecProject> {
  const project = new SpecProject();
  await project.edit((book) => {
    book.set('Datasets', ['AE'], 'Label', 'Events');
    book.set('Datasets', ['LB'], 'Label', 'Results');
    book.set('Datasets', ['work.days'], 'Label', 'Days');
  });
  return project;
}

const textsIn = ({ root }: SpecProject, ending = '') =>
  [AE, LB, DAYS].map((path) => {
    const full = join(root, `${path}${ending}`);
    return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
  });

const BEFORE = [FILES[AE], FILES[LB], undefined];

describe('an import that changes several files', () => {
  it('has the bytes of all on the disk before it renames the first [SPEC-012]', async () => {
    const project = await edited();
    done.length = 0;
    await project.import();
    const place = (path: string) => join(project.root, path);
    expect(done).toEqual([
      ...[AE, LB, DAYS].map((path) => `sync ${place(path)}.partial`),
      ...[AE, LB, DAYS].map((path) => `rename ${place(path)}`),
      `sync ${place('models/sdtm')}`,
      `sync ${place('models/work')}`,
    ]);
    expect(textsIn(project)).toEqual([AFTER[AE], AFTER[LB], AFTER[DAYS]]);
    expect(textsIn(project, '.partial')).toEqual([undefined, undefined, undefined]);
  });

  it('replaces none where one cannot be put in its place [SPEC-012]', async () => {
    const project = await edited();
    at.rename = (to) => {
      if (to.endsWith('days.yml')) throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
    };
    await expect(project.import()).rejects.toMatchObject({ code: 'EBUSY' });
    expect(textsIn(project)).toEqual(BEFORE);
    expect(textsIn(project, '.partial')).toEqual([undefined, undefined, undefined]);
  });

  it('leaves what tells of it where what was replaced cannot be put back either [SPEC-013]', async () => {
    const project = await edited();
    let isFirst = true;
    at.rename = () => {
      if (!isFirst) throw new Error('no');
      isFirst = false;
    };
    await expect(project.import()).rejects.toThrow('no');
    expect(textsIn(project)).toEqual([AFTER[AE], FILES[LB], undefined]);
    expect(await failureOf(loadProject(project.root))).toMatchObject({ code: 'SPEC_CUT_SHORT' });
  });

  it('takes a file away again that was new, where a later one cannot be put in its place [SPEC-012]', async () => {
    const project = new SpecProject({ ...FILES, 'models/work/other.sql': 'SELECT 1 AS a\n' });
    await project.edit((book) => {
      book.set('Datasets', ['work.days'], 'Label', 'Days');
      book.set('Datasets', ['work.other'], 'Label', 'Other');
    });
    at.rename = (to) => {
      if (to.endsWith('other.yml')) throw new Error('no');
    };
    await expect(project.import()).rejects.toThrow('no');
    expect(textsIn(project)).toEqual(BEFORE);
  });

  it.each([
    ['edited', LB, '# Mine.\n'],
    ['made', DAYS, 'label: Mine\n'],
  ])('replaces none where a file was %s meanwhile [SPEC-012]', async (_, path, text) => {
    const project = await edited();
    at.sync = (synced) => {
      if (synced.endsWith('days.yml.partial')) writeFileSync(join(project.root, path), text);
    };
    expect(await project.refusal()).toMatchObject({ code: 'SPEC_CHANGED', message: expect.stringContaining(path) });
    expect(textsIn(project)).toEqual([AE, LB, DAYS].map((one, i) => (one === path ? text : BEFORE[i])));
    expect(textsIn(project, '.partial')).toEqual([undefined, undefined, undefined]);
  });

  it('leaves whole files, and what tells of it, where it dies between two renames [SPEC-013]', async () => {
    const project = await edited();
    // What lies on the disk when a file is about to be renamed is what a kill at that moment leaves.
    const left: (string | undefined)[][] = [];
    at.rename = () => left.push([...textsIn(project), ...textsIn(project, '.partial')]);
    await project.import();
    expect(left).toEqual([
      [...BEFORE, AFTER[AE], AFTER[LB], AFTER[DAYS]],
      [AFTER[AE], FILES[LB], undefined, undefined, AFTER[LB], AFTER[DAYS]],
      [AFTER[AE], AFTER[LB], undefined, undefined, undefined, AFTER[DAYS]],
    ]);
  });

  it('that was cut short is told by whatever reads the project, and can be done again [SPEC-013]', async () => {
    const project = await edited();
    const place = (path: string) => join(project.root, path);
    writeFileSync(place(AE), AFTER[AE]);
    writeFileSync(place(`${LB}.partial`), AFTER[LB]);
    const failure = { kind: 'usage', code: 'SPEC_CUT_SHORT', file: `${LB}.partial` };
    expect(await failureOf(loadProject(project.root))).toMatchObject(failure);
    expect(await failureOf(project.import())).toMatchObject(failure);
    rmSync(place(`${LB}.partial`));
    expect((await project.import()).files).toEqual([LB, DAYS]);
    expect(textsIn(project)).toEqual([AFTER[AE], AFTER[LB], AFTER[DAYS]]);
  });
});
