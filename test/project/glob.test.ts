import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesThere, findFiles, matches } from '../../src/project/glob.ts';
import { folderOf } from './temporary.ts';

describe('matches', () => {
  it.each([
    ['sdtm.*', 'sdtm.ae', true],
    ['sdtm.a?', 'sdtm.ae', true],
    ['sdtm.a?', 'sdtm.a', false],
    ['sdtm.*', 'sdtmx.ae', false],
    ['a+(b).csv', 'a+(b).csv', true],
    ['*', 'a/b', false],
  ])('%s of %s: %s [PROJECT-015]', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });
});

describe('findFiles', () => {
  it('finds each file once, in order, without hidden ones [PROJECT-015]', async () => {
    const root = folderOf({
      'data/b.xml': '',
      'data/a.xml': '',
      'data/2026/c.xml': '',
      'data/2026/11/d.xml': '',
      'data/.hidden.xml': '',
      'data/a.csv': '',
      'other/e.xml': '',
    });
    expect(await findFiles(root, ['data/*.xml', 'data/a.xml'])).toEqual(['data/a.xml', 'data/b.xml']);
    expect(await findFiles(root, ['data/**/*.xml'])).toEqual([
      'data/2026/11/d.xml',
      'data/2026/c.xml',
      'data/a.xml',
      'data/b.xml',
    ]);
    expect(await findFiles(root, ['data/*/c.xml', './other/**'])).toEqual(['data/2026/c.xml', 'other/e.xml']);
    expect(await findFiles(root, ['nowhere/*.xml', 'dat?'])).toEqual([]);
  });

  it('follows a link to a folder that is named, but none below ** [PROJECT-015]', async () => {
    const root = folderOf({ 'data/b.xml': '', 'received/a.xml': '' });
    symlinkSync(join(root, 'received'), join(root, 'data/drive'), 'junction');
    expect(await findFiles(root, ['data/drive/*.xml'])).toEqual(['data/drive/a.xml']);
    expect(await findFiles(root, ['data/**/*.xml'])).toEqual(['data/b.xml']);
  });

  it('refuses a link out of the root on the way to what matches, and heeds no other [PROJECT-030]', async () => {
    const elsewhere = folderOf({ 'a.xml': '' });
    const root = folderOf({ 'data/b.xml': '' });
    symlinkSync(elsewhere, join(root, 'data/drive'), 'junction');
    symlinkSync(join(elsewhere, 'a.xml'), join(root, 'data/a.xml'));
    expect(await findFiles(root, ['data/b.xml'])).toEqual(['data/b.xml']);
    const refused = (link: string) => ({ kind: 'usage', code: 'LINK_OUTSIDE', place: { file: link } });
    await expect(findFiles(root, ['data/drive/*.xml'])).rejects.toMatchObject(refused('data/drive'));
    await expect(findFiles(root, ['data/*.xml'])).rejects.toMatchObject(refused('data/a.xml'));
  });

  it('refuses a link that leads nowhere where it matches, or stands on the way, and heeds no other [PROJECT-032]', async () => {
    const root = folderOf({ 'data/b.xml': '', 'data/drive/c.csv': '' });
    symlinkSync(join(root, 'nowhere'), join(root, 'data/broken.xml'));
    symlinkSync(join(root, 'gone'), join(root, 'data/mounted'), 'junction');
    symlinkSync('circle.txt', join(root, 'data/circle.txt'));
    expect(await findFiles(root, ['data/b.xml', 'data/d*/*.csv'])).toEqual(['data/b.xml', 'data/drive/c.csv']);
    const refused = (link: string, message: unknown = expect.any(String)) => ({
      kind: 'usage',
      code: 'LINK_OUTSIDE',
      message,
      place: { file: link },
    });
    const message = `data/broken.xml is a link to ${join(root, 'nowhere')}, which is not there.`;
    for (const pattern of ['data/broken.xml', 'data/*.xml', 'data/**/*.xml']) {
      await expect(findFiles(root, [pattern])).rejects.toMatchObject(refused('data/broken.xml', message));
    }
    await expect(findFiles(root, ['data/mounted/*.csv'])).rejects.toMatchObject(refused('data/mounted'));
    await expect(findFiles(root, ['data/*.txt'])).rejects.toMatchObject(refused('data/circle.txt'));
    expect(await filesThere(root, ['data/**'])).toEqual(['data/b.xml', 'data/drive/c.csv']);
  });

  it('refuses a folder whose name is spelt, and passes it over where a pattern meets it [PROJECT-032]', async () => {
    const root = folderOf({ 'data/lab.csv/a.csv': '', 'data/b.csv': '' });
    expect(await findFiles(root, ['data/*.csv'])).toEqual(['data/b.csv']);
    for (const pattern of ['data/lab.csv', 'data/lab.csv/', '*/lab.csv']) {
      await expect(findFiles(root, [pattern])).rejects.toMatchObject({
        kind: 'usage',
        code: 'NOT_A_FILE',
        message: 'data/lab.csv is a folder, and a file is meant.',
        place: { file: 'data/lab.csv' },
      });
    }
  });

  it.skipIf(process.platform === 'win32')('refuses what is neither file nor folder [PROJECT-032]', async () => {
    const root = folderOf({ 'data/b.csv': '', 'site/c.csv': '' });
    execFileSync('mkfifo', [join(root, 'data/a.csv')]);
    symlinkSync(join(root, 'data/a.csv'), join(root, 'site/pipe.csv'));
    const refused = (file: string, what: string) => ({
      kind: 'usage',
      code: 'NOT_A_FILE',
      message: `${file} is ${what}, and a file is meant.`,
      place: { file },
    });
    await expect(findFiles(root, ['data/*.csv'])).rejects.toMatchObject(refused('data/a.csv', 'a named pipe'));
    await expect(findFiles(root, ['site/*.csv'])).rejects.toMatchObject(refused('site/pipe.csv', 'a named pipe'));
    expect(await findFiles(root, ['data/b.csv'])).toEqual(['data/b.csv']);
    expect(await filesThere(root, ['data/**'])).toEqual(['data/b.csv']);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'site/s.txt'), resolve));
    await expect(findFiles(root, ['site/*.txt'])).rejects.toMatchObject(refused('site/s.txt', 'a socket'));
    await new Promise((resolve) => server.close(resolve));
  });
});
