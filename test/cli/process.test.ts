import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../project/temporary.ts';

const MAIN = resolve('dist/cli/main.js');

interface Ended {
  code: number | string | null | undefined;
  stdout: string;
  stderr: string;
}

function run(...argv: string[]): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [MAIN, ...argv], { cwd: tmpdir() }, (error, stdout, stderr) => {
      done({ code: error ? error.code : 0, stdout, stderr });
    });
    child.stdin?.end();
  });
}

if (!existsSync(MAIN) && process.env.CI) throw new Error('dist/ is missing: run npm run build');

describe.skipIf(!existsSync(MAIN))('warehouse in a process of its own (needs npm run build)', () => {
  it('answers --version with the version of package.json [CLI-002]', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('imports nothing of its own before it answers --version [CLI-002]', () => {
    const imports = readFileSync(MAIN, 'utf8').match(/^import .*/gm);
    expect(imports).toEqual(["import { readFileSync } from 'node:fs';"]);
  });

  it('shows its help without importing DuckDB [CLI-001]', async () => {
    const loads = (...argv: string[]) => {
      const hook = `data:text/javascript,${encodeURIComponent(
        "process.on('exit', () => { for (const f of process.report?.getReport().sharedObjects ?? []) if (/duckdb/.test(f)) process.stderr.write(f) })",
      )}`;
      return new Promise<Ended>((done) => {
        execFile(process.execPath, ['--import', hook, MAIN, ...argv], { cwd: tmpdir() }, (error, stdout, stderr) => {
          done({ code: error ? error.code : 0, stdout, stderr });
        });
      });
    };
    const help = await loads('--help');
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('Usage: warehouse <command> [flags]');
    const build = await loads('build', '--help');
    expect([build.code, build.stderr]).toEqual([0, '']);
    expect(build.stdout).toContain('--unblinded');
  });

  it('ends with 2 for an unknown command and an unknown flag [CLI-003]', async () => {
    expect(await run('biuld')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error CLI_UNKNOWN_COMMAND (usage)\n  There is no command "biuld".\n  next   Did you mean build?\n',
    });
    expect(await run('build', '--jsn')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error CLI_UNKNOWN_FLAG (usage)\n  build has no flag --jsn.\n  next   Did you mean --json?\n',
    });
  });

  it('is quiet where nobody reads its output any more [CLI-007]', async () => {
    const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const code = await new Promise((done) => child.on('close', done));
    expect([code, stderr]).toEqual([0, '']);
  });

  it('ends with 130 when it is interrupted, saying what stays [CLI-007]', async () => {
    const root = folderOf({ 'warehouse.yml': 'name: vexin\nstudy: {id: VEXIN-03}\n' });
    const script = `
      import { runProcess } from ${JSON.stringify(pathToFileURL(resolve('dist/cli/process.js')).href)};
      const build = () => new Promise(() => { setInterval(() => {}, 1000); process.stdout.write('ready'); });
      await runProcess(['build', '--quiet', '--project', ${JSON.stringify(root)}], () => '', async () => ({ build }));
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.stdout.once('data', () => child.kill('SIGINT'));
    const code = await new Promise((done) => child.on('close', done));
    expect([code, stderr]).toEqual([130, 'Interrupted. What was committed stays.\n']);
  });
});
