import { expect, it, vi } from 'vitest';
import type { Actions } from '../../src/cli/actions.ts';
import { folderOf } from '../project/temporary.ts';
import { runCli } from './world.ts';

const project = () => folderOf({ 'warehouse.yml': 'name: vexin\nstudy: {id: VEXIN-03}\n' });

const done = {
  delivery: 3,
  part: 1,
  source: 'data/edc.xml',
  path: 'target/odm/main/delivery-3.xml',
  bytes: 1_234,
  sha256: 'ab',
  unchanged: false,
  refused: [],
};

it('odm export hands delivery, part and file to its action, and says what was written [ODM-112]', async () => {
  const odmExport = vi.fn(async () => done) as unknown as Actions['odmExport'];
  const argv = ['odm', 'export', '--delivery', '3', '--part', '2', '--out', 'back.xml', '--force'];
  const { code, output } = await runCli(argv, { odmExport }, project());
  expect([code, output]).toEqual([0, 'data/edc.xml written as target/odm/main/delivery-3.xml (1.2 kB).\n']);
  expect(vi.mocked(odmExport).mock.calls[0][1]).toMatchObject({ delivery: 3, part: 2, out: 'back.xml', force: true });
  const json = await runCli(['--json', 'odm', 'export', '--delivery', '3'], { odmExport }, project());
  expect(JSON.parse(json.output)).toEqual({ event: 'result', ...done });
});

it('odm export needs a delivery [ODM-112]', async () => {
  const { code, log } = await runCli(['odm', 'export'], {}, project());
  expect(code).toBe(2);
  expect(log).toContain('odm export needs --delivery');
});

it('a command of two words is found, helped and corrected like any other [ODM-112]', async () => {
  const help = await runCli(['odm', 'export', '--help']);
  expect(help.output).toContain('warehouse odm export');
  expect(await runCli(['help', 'odm', 'export'])).toEqual(help);
  expect((await runCli(['odm', '--help'])).output).toBe(
    '  odm export  Write ODM back from what is recorded of a delivery\n',
  );
  const wrong = await runCli(['odm', 'exprot', '--delivery', '3']);
  expect([wrong.code, wrong.log]).toEqual([2, expect.stringContaining('Did you mean odm export?')]);
  const half = await runCli(['odm', '--delivery', '3']);
  expect([half.code, half.log]).toEqual([2, expect.stringContaining('warehouse odm export')]);
});
