import { describe, expect, it } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import { folderOf } from './temporary.ts';

const project = (rest: string) => folderOf({ 'warehouse.yml': `name: vexin\nstudy: {id: VEXIN-03}\n${rest}` });

const refusal = (rest: string) =>
  loadProject(project(rest)).then(
    () => undefined,
    (error) => error,
  );

describe('what the targets of a project write', () => {
  it.each([
    ['the file of the target main', 'target/main.duckdb'],
    ['another spelling of its path', 'target/./main.duckdb'],
    ['a doubled slash', 'target//main.duckdb'],
    ['another case', 'target/MAIN.duckdb'],
  ])('refuses a target whose publication would be %s [PROJECT-019]', async (_, file) => {
    expect(await refusal(`targets:\n  unblinded:\n    file: ${file}\n`)).toMatchObject({
      kind: 'usage',
      code: 'CONFIG_INVALID',
      message: `The publication main of target unblinded goes to ${file.replace(/\/(\.?\/)/, '/')}, and the publication main of target main to target/main.duckdb, which is the same place.`,
      place: { file: 'warehouse.yml', line: 5, column: 11 },
    });
  });

  it.each([
    ['another target names', 'targets:\n  a: {file: target/x.duckdb}\n  b: {file: target/x.duckdb}\n', 5],
    [
      'another publication has under the target main',
      'publications:\n  main: {}\n  statistics: {file: target/s.duckdb}\ntargets:\n  unblinded: {file: target/S.duckdb}\n',
      7,
    ],
    [
      'another publication has under the same target',
      'publications:\n  main: {}\n  statistics: {}\ntargets:\n  unblinded: {file: target/statistics-unblinded.duckdb}\n',
      7,
    ],
    [
      'another publication of the same target has, its path written in another way',
      'publications:\n  a: {file: target/x.duckdb}\n  b: {file: target/./X.duckdb}\n',
      5,
    ],
    ['a publication has by its name', 'publications:\n  main: {}\n  statistics: {file: target/main.duckdb}\n', 5],
    [
      'a target adds its name to',
      'publications:\n  main: {}\n  statistics:\n    file: target/main-unblinded.duckdb\ntargets: {unblinded: {}}\n',
      6,
    ],
    [
      'another publication has, with its accents written in another way',
      'publications:\n  main: {file: "target/\\u00e9.duckdb"}\n  b: {file: "target/e\\u0301.duckdb"}\n',
      5,
    ],
  ])('refuses a file that %s, at the line that names it [PROJECT-019]', async (_, rest, line) => {
    const error = await refusal(rest);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', place: { file: 'warehouse.yml', line } });
    expect(error.message).toMatch(/^The publication .*, which is the same place\.$/);
  });

  it.each([
    ['a file in the folder of the exports', 'publications:\n  main: {file: target/export/main.duckdb}\n', 4],
    ['the folder of another target', 'exports:\n  directory: target/x\ntargets: {u: {file: target/x-u/y.duckdb}}\n', 5],
    ['exports in a published file', 'exports:\n  directory: target/main.duckdb\n', 4],
    ['exports in a folder of that name', 'exports:\n  directory: target/MAIN.duckdb/x/\n', 4],
    ['exports in an alias of it', 'exports:\n  directory: target/./main.duckdb./x\n', 4],
  ])('refuses %s, which would mix with another [PROJECT-019]', async (_, rest, line) => {
    expect(await refusal(rest)).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^The (publication|export) .* goes to target\/.*, and the .* to target\//),
      place: { file: 'warehouse.yml', line },
    });
  });

  it.each([
    ['exports where a publication is made', 'exports:\n  directory: target/main.duckdb.partial\n', 4],
    ['its log', 'exports:\n  directory: target/Main.duckdb.partial.wal/x\n', 4],
    [
      'exports where DuckDB looks for the log of what is published',
      'exports: {directory: target/main.duckdb.wal}\n',
      3,
    ],
    [
      'a publication in its temporary folder',
      'publications:\n  main: {}\n  b: {file: target/main.duckdb.tmp/b.duckdb}\n',
      5,
    ],
  ])('refuses %s [PROJECT-019]', async (_, rest, line) => {
    expect(await refusal(rest)).toMatchObject({
      code: 'CONFIG_INVALID',
      next: expect.stringContaining('nor where one has its .partial, .wal or .tmp file'),
      place: { file: 'warehouse.yml', line },
    });
  });

  it('refuses exports where a target leaves its files for other tools [PROJECT-019]', async () => {
    const rest = (directory: string) => `targets:\n  unblinded: {}\nexports:\n  directory: ${directory}\n`;
    expect(await refusal(rest('target/artifacts-unblinded'))).toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        'The export of target main goes to target/artifacts-unblinded, and the manifest.json for other tools, of target unblinded, to target/artifacts-unblinded/manifest.json.',
      place: { file: 'warehouse.yml', line: 6 },
    });
    expect((await refusal(rest('target/Manifest.json'))).message).toContain('of target main, to target/manifest.json');
    expect(await refusal(rest('target/artifacts-unblinded/tables'))).toBeUndefined();
  });

  it('says once what two publications share under every target [PROJECT-019]', async () => {
    const error = await refusal(
      'publications: {a: {file: target/x.duckdb}, b: {file: target/x.duckdb}}\ntargets: {u: {}, v: {}}\n',
    );
    expect(error.message).toBe(
      'The publication b of target main goes to target/x.duckdb, and the publication a of target main to target/x.duckdb, which is the same place.',
    );
  });

  it('are taken as they are where each is a place of its own [PROJECT-019]', async () => {
    const rest =
      'publications: {main: {}, main_2: {file: target/main.duckdb.d/x.duckdb}}\ntargets: {u: {file: target/u/main.duckdb}, v: {}}\nexports: {directory: target/./export/./}\n';
    const { publications, exports } = await loadProject(project(rest), { target: 'v' });
    expect(publications.map(({ file }) => file)).toEqual(['target/main-v.duckdb', 'target/main.duckdb.d/x-v.duckdb']);
    expect(exports.directory).toBe('target/export-v');
  });
});
