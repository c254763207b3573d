import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { buildSummary, exitCodeOf } from '../../src/report/summary.ts';
import { screen } from './screen.ts';

it('closes a build with its deliveries, rows by model, tests, time and files [REPORT-008]', () => {
  const text = buildSummary(
    {
      deliveries: [{ source: 'edc', name: 'data/edc.xml', items: 955_000, ms: 2_400 }],
      models: [
        { name: 'sdtm.ae', state: 'built', rows: 1191, ms: 120 },
        { name: 'sdtm.dm', state: 'skipped', rows: 306, ms: 0 },
        { name: 'sdtm.vs', state: 'failed', rows: 126, ms: 80 },
      ],
      tests: {
        passed: 40,
        warned: 1,
        failed: 2,
        found: [
          { name: 'ends_after_start', model: 'sdtm.ae', state: 'warned', rows: 1, table: 'failures.sdtm_ae__ends' },
          { name: 'unique_A', model: 'sdtm.vs', state: 'failed', rows: 1200n, table: 'failures.sdtm_vs__unique_A' },
          { name: 'broken', model: '', state: 'failed', rows: 0, code: 'MODEL_UNKNOWN_TABLE' },
        ],
        unchanged: 0,
        notRun: [
          { name: 'relationships_USUBJID', model: 'sdtm.ae' },
          { name: 'few', model: 'sdtm.vs' },
        ],
        standing: [],
      },
      exports: [
        { path: 'target/export/xpt/ae.xpt', rows: 1191 },
        { path: 'target/export/csv/ae.csv', rows: 1191 },
      ],
      publications: [{ name: 'main', path: 'target/main.duckdb' }],
      ms: 12_300,
    },
    screen(),
  );
  expect(text).toBe(
    [
      'source  delivery       items  time',
      '------  ------------  ------  -----',
      'edc     data/edc.xml  955000  2.4 s',
      '',
      'model    state   rows  time',
      '-------  ------  ----  -----',
      'sdtm.ae  built   1191  0.1 s',
      'sdtm.vs  failed        0.1 s',
      '',
      'models     1 built, 1 unchanged, 1 failed',
      'tests      40 passed, 1 warned, 2 failed, 2 not run: relationships_USUBJID of sdtm.ae, few of sdtm.vs',
      'warned     ends_after_start of sdtm.ae: 1 row, kept in failures.sdtm_ae__ends',
      'failed     unique_A of sdtm.vs: 1,200 rows, kept in failures.sdtm_vs__unique_A',
      'failed     broken of tests/: could not be run (MODEL_UNKNOWN_TABLE)',
      'published  target/main.duckdb (main)',
      'exported   2 files in target/export/',
      'time       12 s',
      '',
    ].join('\n'),
  );
});

it('counts apart the exported files that were there already, byte for byte [REPORT-021]', () => {
  const file = (name: string, unchanged: boolean) => ({ path: `target/export/csv/${name}.csv`, rows: 1, unchanged });
  const exported = (...exports: ReturnType<typeof file>[]) =>
    buildSummary({ exports, ms: 300 }, screen()).split('\n')[0];
  expect(exported(file('ae', false), file('dm', true))).toBe('exported   1 file, 1 unchanged in target/export/csv/');
  expect(exported(file('ae', true), file('dm', true))).toBe('exported   0 files, 2 unchanged in target/export/csv/');
  expect(exported(file('ae', false), file('dm', false))).toBe('exported   2 files in target/export/csv/');
});

it('is short where nothing changed [REPORT-008]', () => {
  const nothing = { deliveries: [], models: [], exports: [], publications: [], ms: 300 };
  expect(
    buildSummary(
      { ...nothing, tests: { passed: 0, warned: 0, failed: 0, found: [], notRun: [], unchanged: 0, standing: [] } },
      screen(),
    ),
  ).toBe('loaded     nothing new\nmodels     0 built\ntests      0 passed\ntime       0.3 s\n');
});

it('names the warnings that stand, where nothing changed [REPORT-020]', () => {
  const standing = [{ name: 'late', model: 'sdtm.ae', state: 'warned', rows: 3, table: 'failures.sdtm_ae__late' }];
  const tests = { passed: 0, warned: 0, failed: 0, found: [], notRun: [], unchanged: 41, standing };
  expect(buildSummary({ tests, ms: 300 }, screen())).toBe(
    'tests      0 passed, 41 unchanged, 1 still warn\n' +
      'warned     late of sdtm.ae: 3 rows, kept in failures.sdtm_ae__late\n' +
      'time       0.3 s\n',
  );
});

it('says which values stand as text alone, where there are any [BUILD-011]', () => {
  const lines = (unread: {
    unconverted: number;
    newlyUnconverted?: number;
    undecoded: number;
    undecodedCodes: number;
  }) => buildSummary({ unread, ms: 300 }, screen());
  expect(lines({ unconverted: 1, newlyUnconverted: 1, undecoded: 1200, undecodedCodes: 2 })).toBe(
    'conversion 1 value (1 new) failed, see recon.conversion_failures\n' +
      'decodes    none for 1,200 values (2 codes), see recon.undecoded\n' +
      'time       0.3 s\n',
  );
  expect(lines({ unconverted: 2, undecoded: 0, undecodedCodes: 0 })).toBe(
    'conversion 2 values failed, see recon.conversion_failures\ntime       0.3 s\n',
  );
  expect(lines({ unconverted: 0, newlyUnconverted: 0, undecoded: 0, undecodedCodes: 0 })).toBe('time       0.3 s\n');
});

describe('a build that exported and published nothing [REPORT-010]', () => {
  const built = { deliveries: [], models: [], exports: [], publications: [], ms: 300 };
  const tests = { passed: 0, warned: 0, failed: 0, found: [], notRun: [], unchanged: 0, standing: [] };
  const reason = 'Nothing was exported or published, because not all is up to date: sdtm.ae (new).';

  it('says why, and succeeds where nothing went wrong', () => {
    expect(buildSummary({ ...built, tests, withheld: { reason } }, screen())).toContain(
      `\nwithheld   ${reason}\ntime `,
    );
    expect(exitCodeOf({ models: [], tests, withheld: { reason } })).toBe(0);
  });

  it.each([
    ['data', 3],
    ['usage', 2],
    ['fault', 1],
  ] as const)('ends with the exit code of its error: %s %d', (kind, code) => {
    const error = new WarehouseError({ kind, code: 'X', message: 'x' });
    expect(exitCodeOf({ models: [], tests, withheld: { reason, error } })).toBe(code);
  });
});
