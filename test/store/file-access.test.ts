import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildIfChanged } from '../../src/build/build-if-changed.ts';
import { init } from '../../src/build/init.ts';
import { WarehouseError } from '../../src/lib/errors.ts';
import { fileAccess } from '../../src/store/file-access.ts';
import { runCli } from '../cli/world.ts';
import { folderOf } from '../project/temporary.ts';

/** As Node throws it. */
function refusal(code: string, syscall: string, path?: string, dest?: string): Error {
  const where = path === undefined ? '' : ` '${path}'`;
  return Object.assign(new Error(`${code}: words of the system, ${syscall}${where}`), { code, syscall, path, dest });
}

const project = () => folderOf({ 'warehouse.yml': 'name: x\nstudy: {id: X}\n', 'data/a.csv': 'A\n1\n' });

describe('what the system refuses', () => {
  it('is told with the path in the project and the right to read that is lacking [STORE-012]', () => {
    const root = project();
    expect(fileAccess(refusal('EACCES', 'scandir', join(root, 'data')), root)).toMatchObject({
      kind: 'fault',
      code: 'FILE_ACCESS',
      message: 'data cannot be read: permission is lacking (EACCES).',
      next: 'Give the user that runs it the right to read data and to enter the folders above it, then run it again.',
    });
  });

  it('is told with the nearest folder that would have to be writable [STORE-012]', () => {
    const root = project();
    expect(fileAccess(refusal('EACCES', 'mkdir', join(root, 'target', 'csv')), root)).toMatchObject({
      message: 'target/csv cannot be written: permission is lacking (EACCES).',
      next: `Give the user that runs it the right to write in ${root}, then run it again.`,
    });
    expect(fileAccess(refusal('EACCES', 'unlink', join(root, 'data', 'a.csv')), root)?.next).toContain(
      'the right to write in data,',
    );
    expect(fileAccess(refusal('EPERM', 'open', join(root, 'data', 'a.csv')), root)).toMatchObject({
      message: 'data/a.csv cannot be written: the system does not permit it (EPERM).',
      next: expect.stringContaining('the right to write data/a.csv,'),
    });
  });

  it('of a copy or renaming is the place where it was to go, unless what it comes from cannot be read [STORE-012]', () => {
    const root = project();
    const [from, to] = [join(root, 'data', 'a.csv'), join(root, 'data', 'b.csv')];
    for (const syscall of ['copyfile', 'rename']) {
      expect(fileAccess(refusal('EACCES', syscall, from, to), root)).toMatchObject({
        message: 'data/b.csv cannot be written: permission is lacking (EACCES).',
        next: expect.stringContaining('the right to write in data,'),
      });
    }
    const behindFile = join(from, 'c.csv');
    expect(fileAccess(refusal('EACCES', 'copyfile', behindFile, to), root)?.message).toContain('cannot be read');
  });

  it('opening a file is taken for reading where it cannot be read, else for writing [STORE-012]', () => {
    const root = project();
    const messageOf = (path: string) => fileAccess(refusal('EACCES', 'open', join(root, path)), root)?.message;
    // What lies behind a file can be read by nobody, root neither.
    expect(messageOf('warehouse.yml/x')).toContain('warehouse.yml/x cannot be read:');
    expect(messageOf('warehouse.yml')).toContain('warehouse.yml cannot be written:');
    expect(messageOf('new.yml')).toContain('new.yml cannot be written:');
  });

  it.each([
    ['EROFS', 'mkdir', 'the file system is read-only', /^Work in a copy of the project on a file system /],
    ['EISDIR', 'open', 'a folder stands where a file is needed', /^Move it away/],
    ['EBUSY', 'rename', 'another program is using it', /^Close the program/],
    ['EMFILE', 'open', 'too many files are open', /ulimit -n/],
  ])('%s has words and a next step of its own [STORE-012]', (code, syscall, why, next) => {
    const root = project();
    const error = fileAccess(refusal(code, syscall, join(root, 'target')), root);
    expect(error).toMatchObject({ kind: 'fault', code: 'FILE_ACCESS', next: expect.stringMatching(next) });
    expect(error?.message).toBe(`target cannot be written: ${why} (${code}).`);
  });

  it('outside the project is told by its whole path, and without a path by what was done [STORE-012]', () => {
    const root = project();
    expect(fileAccess(refusal('EACCES', 'scandir', `${root}-other`), root)?.message).toContain(`${root}-other cannot`);
    expect(fileAccess(refusal('EISDIR', 'read'), root)?.message).toBe(
      'A file cannot be read: a folder stands where a file is needed (EISDIR).',
    );
  });

  it('is understood in the words of DuckDB too, but not in data [STORE-012]', () => {
    const root = project();
    const wal = join(root, '.warehouse', 'main.duckdb.wal');
    mkdirSync(join(root, '.warehouse'));
    // As DuckDB 1.5.5 says it in a folder that may not be written.
    const said = `TransactionContext Error: Failed to commit: Cannot open file "${wal}": Permission denied`;
    expect(fileAccess(new Error(said), root)).toMatchObject({
      code: 'FILE_ACCESS',
      message: '.warehouse/main.duckdb.wal cannot be written: permission is lacking (EACCES).',
      next: expect.stringContaining('the right to write in .warehouse,'),
    });
    expect(fileAccess(new Error(`Conversion Error: Cannot open file "${wal}": Permission denied`), root)).toBe(
      undefined,
    );
  });

  it('is nothing else: not a file that is missing, nor an error that has a code of ours [STORE-012]', () => {
    const cause = refusal('EACCES', 'open', '/x');
    expect(fileAccess(refusal('ENOENT', 'open', '/x'), '/')).toBe(undefined);
    expect(fileAccess(new Error('EACCES'), '/')).toBe(undefined);
    expect(fileAccess(new WarehouseError({ kind: 'fault', code: 'X', message: 'y', cause }), '/')).toBe(undefined);
  });
});

describe('the command line', () => {
  it('tells it by FILE_ACCESS, with exit code 1, and the stack only with --debug [STORE-012]', async () => {
    const root = project();
    const build = async () => {
      throw refusal('EACCES', 'scandir', join(root, 'data'));
    };
    const { code, log } = await runCli(['build'], { build }, root);
    expect(code).toBe(1);
    expect(log).toMatch(/^error FILE_ACCESS \(fault\)\n {2}data cannot be read: .*\n {2}next {3}Give .*\n$/);
    const debugged = await runCli(['build', '--debug', '--project', root], { build });
    expect(debugged.log).toContain('  data cannot be read: ');
    expect(debugged.log).toMatch(/caused by\n.*EACCES: words of the system, scandir/);
  });

  it('tells it of the project itself, before there is one to be told of [STORE-012]', async () => {
    const root = folderOf({});
    mkdirSync(join(root, 'warehouse.yml'));
    const { code, log } = await runCli(['build', '--project', root], { build: buildIfChanged });
    expect(code).toBe(1);
    expect(log).toContain('error FILE_ACCESS (fault)\n  A file cannot be read: a folder stands where a file is needed');
  });

  it('tells of init where a file is in the way [STORE-012]', async () => {
    const root = folderOf({});
    writeFileSync(join(root, 'file'), '');
    const { code, log } = await runCli(['init', join(root, 'file', 'x')], { init }, root);
    expect(code).toBe(1);
    expect(log).toContain(
      'error FILE_ACCESS (fault)\n  file/x cannot be read: a file stands where a folder is needed (ENOTDIR).\n' +
        '  next   Move file away, or name another path.\n',
    );
  });
});
