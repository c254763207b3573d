import { describe, expect, it, vi } from 'vitest';
import type { Actions } from '../../src/cli/actions.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { WarehouseError } from '../../src/lib/errors.ts';
import { folderOf } from '../project/temporary.ts';
import { runCli } from './world.ts';

const project = () =>
  folderOf({
    'warehouse.yml': 'name: vexin\nstudy: {id: VEXIN-03}\ntargets: {unblinded: {}}\n',
    'models/sdtm/dm.sql': 'SELECT 1 AS A',
  });

const outcome = {
  deliveries: [],
  models: [],
  tests: { passed: 2, warned: 0, failed: 0, found: [], notRun: [], unchanged: 0, standing: [] },
  validations: [],
  unread: { unconverted: 0, undecoded: 0, undecodedCodes: 0 },
  checks: { found: [], stopping: [], unchecked: 0 },
  exports: [],
  publications: [{ name: 'main', path: 'target/main.duckdb' }],
  ms: 1_500,
};

describe('help', () => {
  it('groups the commands and gives examples and exit codes [CLI-001]', async () => {
    const { code, output } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const { name, summary, group } of COMMANDS) {
      expect(output).toMatch(new RegExp(`\\n${group}\\n(  .*\\n)*?  ${name} +${summary.slice(0, 20)}`));
    }
    expect(output).toContain('warehouse init vexin-03 --from edc.xml');
    expect(output).toContain('Exit codes: 0 done, 1 a fault');
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('of query says how to see which tables there are [CLI-001]', async () => {
    expect((await runCli(['query', '--help'])).output.replaceAll(/\s+/g, ' ')).toContain(
      'SHOW ALL TABLES lists what there is; SHOW TABLES only the schema main, where nothing is.',
    );
  });

  it('of clean offers no target, for it empties target/ for all of them [CLI-010]', async () => {
    const { output } = await runCli(['clean', '--help']);
    expect(output).not.toMatch(/--target|--unblinded/);
    expect(output.replaceAll(/\s+/g, ' ')).toContain(
      'Removes everything in target/: the published files and exports of all targets.',
    );
  });

  it('is what one gets without arguments, and needs no action [CLI-001]', async () => {
    expect((await runCli([])).output).toBe((await runCli(['--help'])).output);
  });

  it('is what help says, of the program or of a command [CLI-001]', async () => {
    expect(await runCli(['help'])).toEqual(await runCli(['--help']));
    expect(await runCli(['help', 'build'])).toEqual(await runCli(['build', '--help']));
    expect((await runCli(['help', 'biuld'])).code).toBe(2);
  });

  it.each(COMMANDS.map(({ name }) => name))('of %s: a paragraph, its flags, two examples [CLI-001]', async (name) => {
    const { code, output } = await runCli([name, '--help']);
    const command = await COMMANDS.find((entry) => entry.name === name)!.load();
    expect(code).toBe(0);
    expect(output.replaceAll(/\s+/g, ' ')).toContain(command.about);
    expect(command.examples).toHaveLength(2);
    for (const [example] of command.examples) expect(output.replaceAll(/\s+/g, ' ')).toContain(example);
    for (const flag of Object.keys(command.flags)) expect(output).toContain(`--${flag}`);
  });
});

it('answers --version wherever it stands [CLI-002]', async () => {
  expect(await runCli(['build', '--version'])).toEqual({ code: 0, output: '1.2.3\n', log: '' });
});

describe('what was typed', () => {
  it.each([
    [['biuld'], 'CLI_UNKNOWN_COMMAND', 'There is no command "biuld".', 'Did you mean build?'],
    [['frobnicate'], 'CLI_UNKNOWN_COMMAND', 'There is no command', 'See warehouse --help for the commands.'],
    [['build', '--selct', 'ae'], 'CLI_UNKNOWN_FLAG', 'build has no flag --selct.', 'Did you mean --select?'],
    [['clean', '--select', 'ae'], 'CLI_UNKNOWN_FLAG', 'clean has no flag --select.', 'See warehouse clean --help.'],
    [['seed'], 'CLI_UNKNOWN_COMMAND', 'There is no command "seed".', 'Seeds are made as models are: warehouse build'],
    [['docs', 'generate'], 'CLI_UNKNOWN_COMMAND', 'There is no command "docs".', 'What docs shows'],
    [['run', '--models', 'ae'], 'CLI_UNKNOWN_FLAG', 'run has no flag --models.', 'Write --select.'],
    [['run', '--vars', '{a: 1}'], 'CLI_UNKNOWN_FLAG', 'run has no flag --vars.', 'Variables stand under vars:'],
    [
      ['clean', '--target', 'unblinded'],
      'CLI_UNKNOWN_FLAG',
      'clean has no flag --target: it empties target/, with what every target has there.',
      'See warehouse clean --help.',
    ],
    [
      ['--unblinded', 'clean'],
      'CLI_UNKNOWN_FLAG',
      'clean has no flag --unblinded: it empties target/, with what every target has there.',
      'See warehouse clean --help.',
    ],
    [
      ['restore-ledger', 'side', '--reason', 'x'],
      'CLI_INVALID',
      '<side> must be files or rows, not "side".',
      'Usage: warehouse restore-ledger <side> [flags].',
    ],
    [
      ['restore-ledger', 'files'],
      'CLI_INVALID',
      'restore-ledger needs --reason: Why, for the record.',
      'Usage: warehouse restore-ledger <side> [flags].',
    ],
    [['--hlep'], 'CLI_UNKNOWN_FLAG', 'There is no flag --hlep before a command.', 'Did you mean --help?'],
    [['build', '-x'], 'CLI_UNKNOWN_FLAG', 'build has no flag -x.', 'See warehouse build --help.'],
    [['build', '--no-json'], 'CLI_UNKNOWN_FLAG', 'build has no flag --no-json.', 'See warehouse build --help.'],
    [
      ['build', 'ae'],
      'CLI_INVALID',
      'build takes no argument "ae".',
      'Usage: warehouse build [flags]. See warehouse build --help.',
    ],
    [
      ['build', '--select', 'ae', 'dm'],
      'CLI_INVALID',
      'build takes no argument "dm". A further value of --select is written: --select dm.',
      'Usage: warehouse build [flags]. See warehouse build --help.',
    ],
    [
      ['query'],
      'CLI_INVALID',
      'query needs <sql>: The SELECT, in quotes.',
      'Usage: warehouse query <sql> [flags]. See warehouse query --help.',
    ],
    [
      ['build', '--target'],
      'CLI_INVALID',
      '--target needs a value.',
      'Usage: warehouse build [flags]. See warehouse build --help.',
    ],
    [
      ['init'],
      'CLI_INVALID',
      'init needs <directory>: The folder to make',
      'Usage: warehouse init <directory> [flags].',
    ],
    [
      ['build', '--accept-removals=yes'],
      'CLI_INVALID',
      '--accept-removals takes no value.',
      'Usage: warehouse build [flags]. See warehouse build --help.',
    ],
    [
      ['build', '--threads', 'many'],
      'CLI_INVALID',
      '--threads must be a whole number',
      'Usage: warehouse build [flags]. See warehouse build --help.',
    ],
    [
      ['build', '--threads', '0'],
      'CLI_INVALID',
      '--threads must be a whole number',
      'Usage: warehouse build [flags]. See warehouse build --help.',
    ],
    [
      ['build', '--target', 'a', '--target', 'b'],
      'CLI_INVALID',
      '--target is given twice.',
      'Usage: warehouse build [flags]. See',
    ],
    [
      ['build', '--parser', 'dom'],
      'CLI_INVALID',
      '--parser must be tokenizer or sax, not "dom".',
      'Usage: warehouse build [flags]. See warehouse build --help.',
    ],
  ])('%j is refused as %s [CLI-003]', async (argv, code, message, next) => {
    const run = await runCli(argv);
    expect(run.code).toBe(2);
    expect(run.output).toBe('');
    expect(run.log).toContain(`error ${code} (usage)\n  ${message}`);
    expect(run.log).toContain(`  next   ${next}`);
  });
});

describe('a command', () => {
  it('hands the project, the target and the flags to one action [CLI-004]', async () => {
    const root = project();
    const build = vi.fn<Actions['build']>(async () => outcome);
    const argv = [
      '--project',
      root,
      'build',
      '--unblinded',
      '--select',
      'ae+',
      '-s',
      'dm',
      '--exclude',
      'supp*',
      '--threads=2',
    ];
    expect((await runCli(argv, { build })).code).toBe(0);
    const [given, options] = build.mock.calls[0];
    expect(given).toEqual({ root, target: 'unblinded' });
    expect(options).toEqual({
      select: ['ae+', 'dm'],
      exclude: ['supp*'],
      fullRefresh: false,
      release: false,
      threads: 2,
      parser: 'tokenizer',
      acceptRemovals: false,
      storeFailures: true,
    });
  });

  it.each(['build', 'run', 'test'] as const)(
    '%s keeps the rows that fail unless it is told not to [BUILD-120]',
    async (name) => {
      const action = vi.fn(async () => outcome);
      const options = async (...flags: string[]) => {
        const { code, log } = await runCli([name, '--project', project(), ...flags], { [name]: action });
        return code === 0 ? (action.mock.calls.at(-1) as unknown[])[1] : log;
      };
      expect(await options()).toMatchObject({ storeFailures: true });
      expect(await options('--store-failures')).toMatchObject({ storeFailures: true });
      expect(await options('--no-store-failures')).toMatchObject({ storeFailures: false });
      expect(await options('--store-failures', '--no-store-failures')).toContain(
        '--store-failures and --no-store-failures contradict each other.',
      );
    },
  );

  it('counts at the end of a plan what would be done, and what only might [PLAN-002]', async () => {
    const model = (name: string, action: string) => ({ name, action, reason: 'why', reads: [] });
    const models = [model('a.a', 'build'), model('a.b', 'depends'), model('a.c', 'depends'), model('a.d', 'skip')];
    const { output } = await runCli(['plan', '--project', project()], {
      plan: async () => ({ deliveries: [], models, tests: [{ model: 'a.d', name: 'late' }], errors: [] }),
    });
    expect(output.split('\n').slice(-3, -1)).toEqual([
      'models     1 to build, 2 to build only if what they read changes, 1 unchanged',
      'tests      1 to run on models that are left as they are: late of a.d',
    ]);
  });

  it('ends a plan, and what it compiles, as what is wrong first would end a command [CLI-006]', async () => {
    const wrong = (kind: 'usage' | 'data') => new WarehouseError({ kind, code: 'X', message: 'x' });
    const code = async (command: string, actions: Partial<Actions>) =>
      (await runCli([command, '--project', project()], actions)).code;
    const plan = (...errors: WarehouseError[]) =>
      code('plan', { plan: async () => ({ deliveries: [], models: [], tests: [], errors }) });
    expect([await plan(), await plan(wrong('usage')), await plan(wrong('data'), wrong('usage'))]).toEqual([0, 2, 3]);
    const compile = (...errors: WarehouseError[]) => code('compile', { compile: async () => ({ models: [], errors }) });
    expect([await compile(), await compile(wrong('usage'))]).toEqual([0, 2]);
  });

  it('plans a build from nothing where it is asked to [CLI-004]', async () => {
    const plan = vi.fn<Actions['plan']>(async () => ({ deliveries: [], models: [], tests: [], errors: [] }));
    const argv = ['plan', '--project', project()];
    await runCli(argv, { plan });
    expect((await runCli([...argv, '--full-refresh', '--select', 'ae'], { plan })).code).toBe(0);
    expect(plan.mock.calls.map(([, options]) => options)).toEqual([
      { select: [], exclude: [], check: false, fullRefresh: false },
      { select: ['ae'], exclude: [], check: false, fullRefresh: true },
    ]);
    expect((await runCli(['plan', '--help'])).output).toContain('--full-refresh');
  });

  it('draws a plan as a tree, and writes it with --json as a list of steps [PLAN-100]', async () => {
    const plan: Actions['plan'] = async () => ({
      deliveries: [{ source: 'lab', file: 'data/lab.csv', reason: 'changed' }],
      models: [
        { name: 'a.a', action: 'skip', reason: 'unchanged', reads: [] },
        { name: 'a.b', action: 'build', reason: 'new', reads: ['a.a'] },
      ],
      tests: [],
      errors: [],
    });
    const argv = ['plan', '--project', project()];
    expect((await runCli(argv, { plan })).output).toContain(
      'a.b    build   new\n(1 unchanged: a 1; --all shows them)\n',
    );
    expect((await runCli([...argv, '--all'], { plan })).output).toContain(
      'a.a     skip    unchanged\n└─ a.b  build   new\n',
    );
    expect(JSON.parse((await runCli([...argv, '--json'], { plan })).output)).toEqual({
      event: 'result',
      deliveries: [{ source: 'lab', file: 'data/lab.csv', reason: 'changed' }],
      models: [
        { name: 'a.a', action: 'skip', reason: 'unchanged' },
        { name: 'a.b', action: 'build', reason: 'new' },
      ],
      tests: [],
    });
  });

  it('retry takes no selection of its own, and ends as what it does again [MODEL-106]', async () => {
    const argv = ['retry', '--project', project()];
    expect((await runCli([...argv, '--select', 'ae'])).log).toContain(
      'retry has no flag --select: it takes what failed in the last run.',
    );
    const retry = vi.fn<Actions['retry']>(async () => ({ ...outcome, tests: { ...outcome.tests, failed: 1 } }));
    expect((await runCli([...argv, '--threads=2'], { retry })).code).toBe(3);
    expect(retry.mock.calls[0][1]).toEqual({ threads: 2, parser: 'tokenizer', acceptRemovals: false });
  });

  it('takes the nearest project upwards [CLI-004]', async () => {
    const root = project();
    const clean = vi.fn<Actions['clean']>(async () => ({ removed: ['target/main.duckdb'] }));
    const { output } = await runCli(['clean'], { clean }, `${root}/models/sdtm`);
    expect(clean.mock.calls[0][0]).toMatchObject({ root, target: { name: 'main' } });
    expect(output).toBe('Emptied target/: target/main.duckdb.\n');
  });

  it('refuses two targets at once [CLI-003]', async () => {
    const run = await runCli(['build', '--project', project(), '--unblinded', '--target', 'main']);
    expect(run.code).toBe(2);
    expect(run.log).toContain('--unblinded and --target main are two different targets.');
  });

  it('writes results to the output and progress to the log [CLI-005]', async () => {
    const build: Actions['build'] = async (_project, _options, { events }) => {
      events({ event: 'notice', code: 'ZONE_UNKNOWN', message: 'Read as UTC.' });
      return outcome;
    };
    const argv = ['build', '--project', project()];
    const text = await runCli(argv, { build });
    expect(text.log).toBe('note ZONE_UNKNOWN: Read as UTC.\n');
    expect(text.output).toContain('published  target/main.duckdb (main)\n');
    expect(await runCli([...argv, '--quiet'], { build })).toEqual({ code: 0, output: '', log: '' });
  });

  it('with --json writes events and the result as lines of JSON, and nothing else [CLI-005]', async () => {
    const build: Actions['build'] = async (_project, _options, { events }) => {
      events({ event: 'notice', code: 'ZONE_UNKNOWN', message: 'Read as UTC.' });
      return outcome;
    };
    const { output, log } = await runCli(['build', '--project', project(), '--json'], { build });
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { event: 'notice', code: 'ZONE_UNKNOWN', message: 'Read as UTC.' },
      { event: 'result', ...outcome },
    ]);
    expect(log).toBe('');
  });

  it('prints the rows of a query, with NULL and numbers told apart from text [CLI-005]', async () => {
    const query: Actions['query'] = async (_project, { sql }) => {
      expect(sql).toBe('FROM x');
      const date = { toString: () => '2026-03-27' };
      return { columns: ['n', 'day', 'text'], rows: [[12n, date, null]] };
    };
    const argv = ['query', 'FROM x', '--project', project()];
    expect((await runCli(argv, { query })).output).toBe(
      ' n  day         text\n--  ----------  ----\n12  2026-03-27  NULL\n(1 row)\n',
    );
    expect((await runCli([...argv, '--json'], { query })).output).toBe(
      '{"event":"result","columns":["n","day","text"],"rows":[[12,"2026-03-27",null]]}\n',
    );
  });

  it('cuts a query to the width of a terminal and says how to see it whole [REPORT-009]', async () => {
    const query: Actions['query'] = async () => ({ columns: ['term'], rows: [['x'.repeat(100)], ['y']] });
    const argv = ['query', 'FROM x', '--project', project()];
    expect((await runCli(argv, { query })).output).toBe(
      `term\n${'-'.repeat(80)}\n${'x'.repeat(79)}…\ny\n(2 rows; cut to the width of the terminal: --csv or --json shows all)\n`,
    );
    expect((await runCli([...argv, '--csv'], { query })).output).toBe(`term\n${'x'.repeat(100)}\ny\n`);
    const both = await runCli([...argv, '--csv', '--json'], { query });
    expect([both.code, JSON.parse(both.output).message]).toEqual([2, '--csv and --json are two different forms.']);
  });

  it('prints the plan of EXPLAIN as DuckDB draws it [CLI-005]', async () => {
    const plan = '┌────────┐\n│  SCAN  │\n└────────┘\n';
    const query: Actions['query'] = async () => ({
      columns: ['explain_key', 'explain_value'],
      rows: [['physical_plan', plan]],
    });
    expect((await runCli(['query', 'EXPLAIN FROM x', '--project', project()], { query })).output).toBe(plan);
  });

  it('prints compiled SQL as it is, but for what steers a terminal [CLI-005]', async () => {
    const models = [{ name: 'sdtm.dm', sql: "SELECT\n\t'\u001b[2J'\n" }];
    const compile: Actions['compile'] = async () => ({ models, errors: [] });
    expect((await runCli(['compile', '--project', project()], { compile })).output).toBe(
      "-- sdtm.dm\nSELECT\n\t'\\u{1b}[2J'\n",
    );
  });
});

describe('the exit code', () => {
  it.each([
    ['usage', 2],
    ['data', 3],
    ['fault', 1],
  ] as const)('of a %s error is %i [CLI-006]', async (kind, code) => {
    const build: Actions['build'] = async () => {
      throw new WarehouseError({ kind, code: 'SOME_CODE', message: 'It failed.' });
    };
    const argv = ['build', '--project', project()];
    const run = await runCli(argv, { build });
    expect([run.code, run.output, run.log]).toEqual([code, '', `error SOME_CODE (${kind})\n  It failed.\n`]);
    const json = await runCli([...argv, '--json'], { build });
    expect(JSON.parse(json.output)).toEqual({
      event: 'error',
      kind,
      code: 'SOME_CODE',
      message: 'It failed.',
      place: {},
    });
    expect([json.code, json.log]).toEqual([code, '']);
  });

  it('is 3 where a model failed, whatever its error is called, and the help says so [CLI-006]', async () => {
    const error = new WarehouseError({ kind: 'usage', code: 'MODEL_SQL', message: 'Referenced column "X" not found.' });
    const build: Actions['build'] = async (_project, _options, { events }) => {
      events({ event: 'error', error });
      return {
        ...outcome,
        models: [{ name: 'sdtm.dm', state: 'failed', rows: undefined, ms: 1, reason: 'new', error }],
      };
    };
    const { code, log } = await runCli(['build', '--project', project()], { build });
    expect([code, log]).toEqual([3, 'error MODEL_SQL (usage)\n  Referenced column "X" not found.\n']);
    expect((await runCli(['--help'])).output.replaceAll(/\s+/g, ' ')).toContain(
      '3 the data, or a model, test or check that failed (its error says "usage" where what a person wrote is to be corrected)',
    );
  });

  it('is 1 for what is no error of ours, with a stack only for --debug [CLI-006]', async () => {
    const build: Actions['build'] = async () => {
      throw new TypeError('x is undefined');
    };
    const argv = ['build', '--project', project()];
    const run = await runCli(argv, { build });
    expect(run.code).toBe(1);
    expect(run.log).not.toContain('    at ');
    expect((await runCli([...argv, '--debug'], { build })).log).toContain('    at ');
  });

  it('is 3 where a test or a check failed, and that of the first thing that debug finds [CLI-006, CLI-101]', async () => {
    const argv = ['--project', project()];
    const build: Actions['build'] = async () => ({
      ...outcome,
      tests: { passed: 1, warned: 0, failed: 1, found: [], notRun: [], unchanged: 0, standing: [] },
    });
    const unique = { name: 'unique_A', model: 'sdtm.dm', rows: 2, table: 'failures.sdtm_dm__unique_A' } as const;
    const test: Actions['test'] = async () => ({
      tests: { ...outcome.tests, passed: 1, failed: 1, found: [{ ...unique, state: 'failed' }] },
      ms: 1_500,
    });
    const verify: Actions['verify'] = async () => ({ checks: [{ name: 'chain', ok: false, detail: 'record 7' }] });
    expect((await runCli(['build', ...argv], { build })).code).toBe(3);
    expect((await runCli(['verify', ...argv], { verify })).code).toBe(3);
    const debug: Actions['debug'] = async () => ({
      checks: [
        { name: 'node', ok: true, detail: 'Node 24' },
        { name: 'project', ok: false, kind: 'usage', detail: 'CONFIG_UNKNOWN_KEY' },
        { name: 'disk', ok: false, kind: 'fault', detail: 'full' },
      ],
    });
    const debugged = await runCli(['debug', ...argv], { debug });
    expect(debugged.code).toBe(2);
    expect(debugged.output).toBe(
      'ok      node     Node 24\nNOT OK  project  CONFIG_UNKNOWN_KEY\nNOT OK  disk     full\n',
    );
    const tested = await runCli(['test', ...argv], { test });
    expect(tested.code).toBe(3);
    expect(tested.output).toBe(
      'tests      1 passed, 1 failed\n' +
        'failed     unique_A of sdtm.dm: 2 rows, kept in failures.sdtm_dm__unique_A\n' +
        'time       1.5 s\n',
    );
  });
});

it('init needs no project around it, and says what to type next [CLI-004]', async () => {
  const init: Actions['init'] = async (root, { from }) => ({ root, files: from ?? ['warehouse.yml'] });
  expect((await runCli(['init', 'study'], { init })).output).toBe(
    'Made study:\n  warehouse.yml\nNext: warehouse build --project study\n  (in a clone of the repository: npx warehouse build --project study)\n',
  );
  const two = ['init', "../It's a study", '--from', 'a.xml', '--from', 'b.xml'];
  const { output } = await runCli(two, { init });
  expect(output).toContain('  a.xml\n  b.xml\n');
  expect(output).toContain(`Next: warehouse build --project '../It'\\''s a study'\n`);
});
