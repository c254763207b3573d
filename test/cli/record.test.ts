import { describe, expect, it, vi } from 'vitest';
import type { Actions } from '../../src/cli/actions.ts';
import { folderOf } from '../project/temporary.ts';
import { runCli } from './world.ts';

const project = () => folderOf({ 'warehouse.yml': 'name: vexin\nstudy: {id: VEXIN-03}\n' });

describe('verify', () => {
  it('tells each check on a line that is not cut, and below it what to do [VERIFY-002]', async () => {
    const long = `${'a very long name '.repeat(20)}was changed`;
    const verify: Actions['verify'] = async () => ({
      checks: [
        { name: 'ledger', ok: true, detail: '7 records, one chain' },
        { name: 'vault', ok: false, detail: long, next: 'Restore it.' },
        { name: 'referenced files', ok: true, detail: 'lab.csv is gone', next: 'Put it back.' },
      ],
    });
    const run = await runCli(['verify', '--project', project()], { verify });
    expect(run.code).toBe(3);
    expect(run.output).toBe(
      [
        'ok      ledger            7 records, one chain',
        `NOT OK  vault             ${long}`,
        '        next              Restore it.',
        'note    referenced files  lab.csv is gone',
        '        next              Put it back.',
        '',
      ].join('\n'),
    );
  });

  it('is satisfied with notes, and hands on checkpoints and key [VERIFY-004]', async () => {
    const verify = vi.fn<Actions['verify']>(async () => ({
      checks: [{ name: 'referenced files', ok: true, detail: 'lab.csv is gone', next: 'Put it back.' }],
    }));
    const argv = ['verify', '--project', project(), '--checkpoint', 'a.txt', '--checkpoint=b.txt', '--public-key', 'k'];
    expect((await runCli(argv, { verify })).code).toBe(0);
    expect(verify.mock.calls[0][1]).toEqual({ checkpoints: ['a.txt', 'b.txt'], publicKey: 'k' });
  });
});

describe('checkpoint', () => {
  const checkpoint = vi.fn<Actions['checkpoint']>(async () => ({
    records: 7,
    checkpoint: 'vexin\n7\nroot=\n\n\u2014 vexin AAAA\n',
    publicKey: 'vexin+00000000+AQ==',
  }));

  it('prints the note and nothing else, with the public key in the log [VERIFY-005]', async () => {
    const run = await runCli(['checkpoint', '--project', project(), '--key-file', 'k.pem'], { checkpoint });
    expect(run).toEqual({
      code: 0,
      output: 'vexin\n7\nroot=\n\n\u2014 vexin AAAA\n',
      log: expect.stringContaining('vexin+00000000+AQ=='),
    });
    expect(checkpoint.mock.lastCall?.[1]).toEqual({ checkpoints: [], keyFile: 'k.pem' });
  });

  it('says where it was written and what verifying it needs [VERIFY-005]', async () => {
    const argv = ['checkpoint', '--project', project(), '--out', 'march.txt', '--name', 'example.com/vexin'];
    const { output } = await runCli(argv, { checkpoint });
    expect(output).toBe(
      'Signed 7 records into march.txt. Keep it where the ledger cannot be written.\n' +
        'Public key, for those who verify it: vexin+00000000+AQ==\n',
    );
    expect(checkpoint.mock.lastCall?.[1]).toEqual({ checkpoints: [], name: 'example.com/vexin', out: 'march.txt' });
  });
});

describe('restore-ledger', () => {
  it('wants to know which side and why [VERIFY-006]', async () => {
    const restoreLedger = vi.fn<Actions['restoreLedger']>(async () => ({
      records: 7,
      replaced: ['ledger.replaced-1'],
    }));
    const given = (...argv: string[]) => runCli(['restore-ledger', '--project', project(), ...argv], { restoreLedger });
    expect((await given('--reason', 'x')).log).toContain('CLI_INVALID');
    expect((await given('files')).log).toContain('restore-ledger needs --reason');
    expect((await given('both', '--reason', 'x')).log).toContain('CLI_INVALID');
    expect(restoreLedger).not.toHaveBeenCalled();
    const { code, output } = await given('files', '--reason', 'disk failure', '--checkpoint', 'march.txt');
    expect([code, output]).toEqual([
      0,
      'Made the files anew: 7 records.\nWhat was there is kept beside the ledger:\n  ledger.replaced-1\nNext: warehouse verify\n',
    ]);
    expect(restoreLedger.mock.lastCall?.[1]).toEqual({
      side: 'files',
      reason: 'disk failure',
      checkpoints: ['march.txt'],
    });
  });
});
