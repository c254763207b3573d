import { expect, it, vi } from 'vitest';
import type { Actions } from '../../src/cli/actions.ts';
import { folderOf } from '../project/temporary.ts';
import { runCli } from './world.ts';

const project = () => folderOf({ 'warehouse.yml': 'name: vexin\nstudy: {id: VEXIN-03}\n' });

it('spec export hands file, models and force to its action, and says what was written [SPEC-004]', async () => {
  const done = { path: 'spec.xlsx', bytes: 12_345, datasets: 2, variables: 30, unchanged: false };
  const specExport = vi.fn(async () => done) as unknown as Actions['specExport'];
  const argv = ['spec', 'export', 'spec.xlsx', '--models', 'ae', '--models', 'lb', '--force'];
  const { code, output } = await runCli(argv, { specExport }, project());
  expect([code, output]).toEqual([0, '2 models with 30 variables written to spec.xlsx (12 kB).\n']);
  expect(vi.mocked(specExport).mock.calls[0].slice(1, 3)).toEqual(['spec.xlsx', { models: ['ae', 'lb'], force: true }]);
});

it('spec import shows the changes, and says whether they were written [SPEC-007]', async () => {
  const changes = [
    { file: 'models/sdtm/ae.yml', key: 'columns.AETERM.length', change: 'changed', before: '200', after: '150' },
  ];
  const done = { source: 'spec.xlsx', changes, files: ['models/sdtm/ae.yml'], written: false };
  const specImport = vi.fn(async () => done) as unknown as Actions['specImport'];
  const dry = await runCli(['spec', 'import', 'spec.xlsx', '--dry-run'], { specImport }, project());
  expect(dry.code).toBe(0);
  expect(dry.output.split('\n')).toEqual([
    'file                key                    change   before  after',
    '------------------  ---------------------  -------  ------  -----',
    'models/sdtm/ae.yml  columns.AETERM.length  changed  200     150',
    '',
    '1 change in 1 file of spec.xlsx; nothing written.',
    '',
  ]);
  expect(vi.mocked(specImport).mock.calls[0].slice(1, 3)).toEqual(['spec.xlsx', { dryRun: true }]);
  const json = await runCli(['--json', 'spec', 'import', 'spec.xlsx'], { specImport }, project());
  expect(JSON.parse(json.output)).toEqual({ event: 'result', ...done });
});

it('spec import needs a file [SPEC-007]', async () => {
  const { code, log } = await runCli(['spec', 'import'], {}, project());
  expect([code, log]).toEqual([2, expect.stringContaining('spec import')]);
});
