import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findFiles, matches } from '../../src/project/glob.ts';
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
    expect(await findFiles(root, ['nowhere/*.xml', 'data'])).toEqual([]);
  });

  it('follows a link to a folder that is named, but none below ** [PROJECT-015]', async () => {
    const root = folderOf({ 'data/b.xml': '', 'received/a.xml': '' });
    symlinkSync(join(root, 'received'), join(root, 'data/drive'), 'junction');
    symlinkSync(join(root, 'nowhere'), join(root, 'data/broken.xml'));
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
});
