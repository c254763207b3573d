import { describe, expect, it } from 'vitest';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const withLab = (keep: string, work: (project: TemporaryProject) => Promise<void>) => {
  const files = {
    'warehouse.yml': JSON.stringify({
      name: 'test',
      study: { id: 'S' },
      sources: { lab: { files: 'data/lab.csv', keep } },
    }),
    'data/lab.csv': 'A\n1\n',
  };
  return withProject(files, async (project) => {
    project.events = ({ event }) => {
      if (event === 'progress') project.write({ 'data/lab.csv': 'A\n2\n' });
    };
    await work(project);
  });
};

describe('a file that changes while it is read [LOAD-057]', () => {
  it.each(['reference', 'none'])('is refused with keep: %s, and nothing of it is loaded', async (keep) => {
    await withLab(keep, async (project) => {
      expect(await failureOf(project.load())).toEqual({
        kind: 'data',
        code: 'SOURCE_CHANGED',
        message: 'The file changed while it was being read.',
        file: 'data/lab.csv',
        next: 'Nothing of it was loaded. Build again when its transfer has ended.',
      });
      expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(0);
      await project.load();
      expect(await project.column('SELECT a FROM state.file_lab')).toEqual(['2']);
    });
  });

  it('is loaded as it was with keep: sealed, from its copy', async () => {
    await withLab('sealed', async (project) => {
      await project.load();
      expect(await project.column('SELECT a FROM state.file_lab')).toEqual(['1']);
    });
  });
});
