import { expect, it } from 'vitest';
import { buildSummary } from '../../src/report/summary.ts';
import { screen } from './screen.ts';

it('closes a build with its deliveries, rows by model, tests, time and files [REPORT-008]', () => {
  const text = buildSummary(
    {
      deliveries: [{ source: 'edc', name: 'data/edc.xml', items: 955_000, ms: 2_400 }],
      models: [
        { name: 'sdtm.ae', state: 'built', rows: 1191, ms: 120 },
        { name: 'sdtm.dm', state: 'skipped', rows: 306, ms: 0 },
        { name: 'sdtm.vs', state: 'failed', ms: 80 },
      ],
      tests: { passed: 40, warned: 1, failed: 2 },
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
      'tests      40 passed, 1 warned, 2 failed',
      'published  target/main.duckdb (main)',
      'exported   2 files in target/export/',
      'time       12 s',
      '',
    ].join('\n'),
  );
});

it('is short where nothing changed [REPORT-008]', () => {
  const nothing = { deliveries: [], models: [], exports: [], publications: [], ms: 300 };
  expect(buildSummary({ ...nothing, tests: { passed: 0, warned: 0, failed: 0 } }, screen())).toBe(
    'loaded     nothing new\nmodels     0 built\ntests      0 passed\ntime       0.3 s\n',
  );
});
