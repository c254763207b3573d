import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From left to right: a room imports only rooms further right, never one beside it. */
const ORDER = [
  ['cli'],
  ['build'],
  ['load', 'model', 'export', 'spec', 'report'],
  ['odm', 'boundary', 'audit'],
  ['store'],
  ['project'],
  ['lib'],
];

const placeOf = (room: string) => ORDER.findIndex((rooms) => rooms.includes(room));

interface Import {
  readonly file: string;
  readonly target: string;
  readonly from: string;
  readonly to: string;
}

/** Static and dynamic imports and re-exports of files of src/, by the room of each end. */
function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]*)['"]/g)].map((match) => match[1]);
  return specifiers.map((specifier) => ({
    file,
    target: join(dirname(file), specifier),
    from: roomOf(file),
    to: roomOf(join(dirname(file), specifier)),
  }));
}

function roomOf(file: string): string {
  const [room, ...rest] = relative('src', file).split('/');
  return rest.length === 0 ? '' : room;
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join('src', path));

describe('the rooms of src/', () => {
  it('are all known, and src/ holds no other file than the public door [ROOMS-001]', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].filter((room) => room !== '' && placeOf(room) < 0)).toEqual([]);
    expect(files.filter((file) => roomOf(file) === '')).toEqual(['src/index.ts']);
  });

  it('import only rooms further right, never left and never beside themselves [ROOMS-001]', () => {
    const imports = files.filter((file) => roomOf(file) !== '').flatMap(importsOf);
    expect(imports.length).toBeGreaterThan(100);
    const wrong = imports.filter(({ from, to }) => from !== to && placeOf(to) <= placeOf(from));
    expect(wrong.map(({ file, to }) => `${file} imports ${to === '' ? 'the public door' : to}`)).toEqual([]);
  });

  it('hold no files that import one another in a circle, types neither [ROOMS-001]', () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' > '));
      if (done.has(file) || path.includes(file)) return;
      for (const { target } of importsOf(file)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
    expect(done.size).toBe(files.length);
  });

  it('hold no folders that import one another in a circle [ROOMS-002]', () => {
    const folderOf = (file: string) => dirname(relative('src', file)).split('/').slice(0, 2).join('/');
    const needs = new Map<string, Set<string>>();
    for (const { file, target, from, to } of files.flatMap(importsOf)) {
      const [folder, other] = [folderOf(file), folderOf(target)];
      if (from !== to || folder === other || !other.includes('/') || !folder.includes('/')) continue;
      needs.set(folder, (needs.get(folder) ?? new Set()).add(other));
    }
    const reached = (start: string, seen = new Set<string>()): Set<string> => {
      for (const other of needs.get(start) ?? []) if (!seen.has(other)) reached(other, seen.add(other));
      return seen;
    };
    expect(needs.size).toBeGreaterThan(5);
    expect([...needs.keys()].filter((folder) => reached(folder).has(folder))).toEqual([]);
  });

  it('are held by the linter in the same order [ROOMS-001]', () => {
    const { overrides } = JSON.parse(readFileSync('biome.json', 'utf8'));
    const forbidden = Object.fromEntries(
      overrides.map((override: { includes: string[]; linter: { rules: { style: Record<string, unknown> } } }) => {
        const rule = override.linter.rules.style.noRestrictedImports as {
          level: string;
          options: { patterns: { group: string[] }[] };
        };
        expect(rule.level).toBe('error');
        return [override.includes[0], rule.options.patterns[0].group];
      }),
    );
    const expected = ORDER.flatMap((rooms, place) =>
      rooms.map((room) => {
        const left = ORDER.slice(0, place + 1).flat();
        return [`src/${room}/**`, left.filter((other) => other !== room).map((other) => `**/${other}/**`)] as const;
      }),
    );
    expect(forbidden).toEqual(Object.fromEntries(expected.filter(([, rooms]) => rooms.length > 0)));
  });
});
