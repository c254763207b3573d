import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkpoint } from '../../src/build/checkpoint.ts';
import { restoreLedger } from '../../src/build/restore-ledger.ts';
import { verify } from '../../src/build/verify.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';
import { bytesOf } from '../helpers/snapshot.ts';

const CONTEXT = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };

// The key pair of RFC 8410, 10.1 and 10.3, and the public key of the example of C2SP signed-note.
const PRIVATE =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n';
const PUBLIC =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n';
const OTHER = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';

const FILES = {
  'warehouse.yml': JSON.stringify({ name: 'record', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv' } } }),
  'data/lab.csv': 'A,B\n1,2\n',
  'keys/key.pem': PRIVATE,
  'keys/key.pub': PUBLIC,
};
const LEDGER = '.warehouse/ledger/main/ledger.jsonl';

/** A project that was loaded, with its key. */
function withLedger(work: (project: TemporaryProject) => Promise<void>): Promise<void> {
  return withProject(FILES, async (project) => {
    chmodSync(project.path('keys/key.pem'), 0o600);
    await project.load();
    await work(project);
  });
}

async function signed(project: TemporaryProject, out: string, ...checkpoints: string[]) {
  const options = { keyFile: project.path('keys/key.pem'), out: project.path(out), checkpoints };
  return checkpoint(await loadProject(project.root), options, CONTEXT);
}

async function ledgerCheck(project: TemporaryProject, checkpoints: string[] = [], publicKey?: string) {
  const { checks } = await verify(await loadProject(project.root), { checkpoints, publicKey }, CONTEXT);
  const { ok, detail, next } = checks.find(({ name }) => name === 'ledger')!;
  return { ok, detail, ...(next && { next }) };
}

async function restored(project: TemporaryProject, side: 'files' | 'rows', ...checkpoints: string[]) {
  return restoreLedger(await loadProject(project.root), { side, reason: 'a test', checkpoints }, CONTEXT);
}

async function loadMore(project: TemporaryProject, row: string): Promise<void> {
  project.write({ 'data/lab.csv': `A,B\n${row}\n` });
  await project.load();
}

describe('warehouse checkpoint', () => {
  it('signs the ledger under the name of the project, and writes that and nothing else [VERIFY-005]', async () => {
    await withLedger(async (project) => {
      const before = bytesOf(project.root);
      const { records, checkpoint: note, publicKey } = await signed(project, 'first.txt');
      expect(records).toBe(1);
      expect(note.split('\n').slice(0, 2)).toEqual(['record', '1']);
      expect(publicKey).toMatch(/^record\+[0-9a-f]{8}\+ARm\/RAlphM3\+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh$/);
      expect(note).not.toContain('PRIVATE');
      const { [project.path('first.txt')]: written, ...others } = bytesOf(project.root);
      expect([written === undefined, others]).toEqual([false, before]);
      expect(project.read('first.txt').toString()).toBe(note);
    });
  });

  it('takes the key of the environment, and is refused without one [VERIFY-005]', async () => {
    await withLedger(async (project) => {
      const loaded = await loadProject(project.root);
      expect(await failureOf(checkpoint(loaded, {}, CONTEXT))).toMatchObject({ kind: 'usage', code: 'KEY_MISSING' });
      process.env.WAREHOUSE_SIGNING_KEY = PRIVATE;
      try {
        const { checkpoint: note } = await checkpoint(loaded, { name: 'example.com/x' }, CONTEXT);
        expect(note.split('\n')[0]).toBe('example.com/x');
      } finally {
        delete process.env.WAREHOUSE_SIGNING_KEY;
      }
    });
  });

  it('writes over no file, and signs no ledger that does not continue an earlier checkpoint [VERIFY-005]', async () => {
    await withLedger(async (project) => {
      await signed(project, 'first.txt');
      expect(await failureOf(signed(project, 'first.txt'))).toMatchObject({ code: 'CHECKPOINT_EXISTS' });
      await loadMore(project, '3,4');
      const first = project.path('first.txt');
      expect((await signed(project, 'second.txt', first)).records).toBe(2);
      project.delete('.warehouse');
      project.write({ 'data/lab.csv': 'A,B\n5,6\n' });
      await project.load();
      expect(await failureOf(signed(project, 'third.txt', first))).toMatchObject({ code: 'LEDGER_NOT_VERIFIED' });
      expect(existsSync(project.path('third.txt'))).toBe(false);
    });
  });
});

describe('warehouse verify --checkpoint', () => {
  it('agrees with a ledger that went on, and says whether the signature was looked at [VERIFY-004]', async () => {
    await withLedger(async (project) => {
      await signed(project, 'first.txt');
      await loadMore(project, '3,4');
      const first = project.path('first.txt');
      expect(await ledgerCheck(project, [first], project.path('keys/key.pub'))).toEqual({
        ok: true,
        detail: '2 records, one chain',
      });
      expect(await ledgerCheck(project, [first])).toEqual({
        ok: true,
        detail:
          '2 records, one chain. CHECKPOINT_NOT_VERIFIED: No public key was given, so checkpoint 1 of 1 was taken at its word',
      });
    });
  });

  it('does not agree with a ledger that was made anew, nor with another key, nor with what is no checkpoint [VERIFY-004]', async () => {
    await withLedger(async (project) => {
      await signed(project, 'first.txt');
      const first = project.path('first.txt');
      project.write({ 'keys/other.pub': OTHER, 'none.txt': 'no checkpoint' });
      expect(await ledgerCheck(project, [first], project.path('keys/other.pub'))).toMatchObject({
        ok: false,
        detail: expect.stringMatching(/^CHECKPOINT_SIGNATURE: /),
      });
      expect(await ledgerCheck(project, [project.path('none.txt')])).toMatchObject({
        ok: false,
        detail: expect.stringMatching(/^CHECKPOINT_MALFORMED: /),
      });
      project.delete('.warehouse');
      await loadMore(project, '5,6');
      expect(await ledgerCheck(project, [first], project.path('keys/key.pub'))).toEqual({
        ok: false,
        detail: 'CHECKPOINT_ROOT: The first 1 records are not those of the checkpoint',
        next: expect.stringContaining('compare with a backup'),
      });
    });
  });

  it.each([
    [{ checkpoints: ['absent.txt'] }, 'CHECKPOINT_FILE'],
    [{ publicKey: 'absent.pub' }, 'KEY_FILE'],
  ])('%j is refused [VERIFY-004]', async (options, code) => {
    await withLedger(async (project) => {
      const refused = failureOf(verify(await loadProject(project.root), options, CONTEXT));
      expect(await refused).toMatchObject({ kind: 'usage', code });
    });
  });
});

describe('warehouse restore-ledger', () => {
  it('files: after LEDGER_BEHIND, which names it [VERIFY-006]', async () => {
    await withLedger(async (project) => {
      await loadMore(project, '3,4');
      const lines = project.read(LEDGER).toString();
      project.write({ [LEDGER]: lines.slice(0, lines.indexOf('\n') + 1) });
      expect(await project.failure()).toMatchObject({
        code: 'LEDGER_BEHIND',
        next: expect.stringContaining('warehouse restore-ledger files --reason'),
      });
      expect(await restored(project, 'files')).toEqual({ records: 3, replaced: ['ledger.replaced-1'] });
      expect(project.read(LEDGER).toString().startsWith(lines)).toBe(true);
      expect(JSON.parse(project.read(LEDGER).toString().split('\n')[2])).toMatchObject({
        action: 'ledger.restoration',
        reason: 'a test',
        meta: { restored: 'files', replaced: ['ledger.replaced-1'] },
      });
      expect(await ledgerCheck(project)).toEqual({ ok: true, detail: '3 records, one chain' });
      await project.build();
    });
  });

  it('files: after LEDGER_DAMAGED, which names it [VERIFY-006]', async () => {
    await withLedger(async (project) => {
      await loadMore(project, '3,4');
      const [first, second] = project.read(LEDGER).toString().split('\n');
      project.write({ [LEDGER]: `${first.slice(1)}\n${second}\n`, '.warehouse/main.duckdb.old': '' });
      const old = project.read('.warehouse/main.duckdb');
      await project.inWorkingFile('DELETE FROM audit.ledger');
      expect(await project.failure()).toMatchObject({
        code: 'LEDGER_DAMAGED',
        next: expect.stringContaining('warehouse restore-ledger files --reason'),
      });
      project.write({ '.warehouse/main.duckdb': old });
      expect((await restored(project, 'files')).records).toBe(3);
      expect(await ledgerCheck(project)).toMatchObject({ ok: true });
    });
  });

  it('rows: after LEDGER_FORKED, where the files agree with a checkpoint [VERIFY-006]', async () => {
    await withLedger(async (project) => {
      await loadMore(project, '3,4');
      await signed(project, 'kept.txt');
      const kept = project.path('kept.txt');
      await project.inWorkingFile("UPDATE audit.ledger SET hash = repeat('0', 64) WHERE sequence = 2");
      const refused = await project.failure();
      expect(refused.code).toBe('LEDGER_FORKED');
      expect(refused.next).toContain('warehouse verify --checkpoint FILE');
      expect(refused.next).toContain('warehouse restore-ledger rows --reason "what happened" --checkpoint FILE');
      const before = bytesOf(project.path('.warehouse/ledger'));
      expect(await failureOf(restored(project, 'files', kept))).toMatchObject({ code: 'LEDGER_DAMAGED' });
      expect(bytesOf(project.path('.warehouse/ledger'))).toEqual(before);
      expect(await restored(project, 'rows', kept)).toEqual({
        records: 3,
        replaced: ['ledger.rows-1', 'payload.rows-1'],
      });
      expect(project.read('.warehouse/ledger/main/ledger.rows-1').toString()).toContain('0'.repeat(64));
      expect(await ledgerCheck(project, [kept])).toMatchObject({ ok: true });
    });
  });

  it('is refused where records would be lost or a checkpoint does not agree, and changes nothing [VERIFY-006]', async () => {
    await withLedger(async (project) => {
      await signed(project, 'kept.txt');
      const lines = project.read(LEDGER);
      await loadMore(project, '3,4');
      project.write({ [LEDGER]: lines });
      const before = bytesOf(project.path('.warehouse/ledger'));
      expect(await failureOf(restored(project, 'rows'))).toMatchObject({
        code: 'LEDGER_DAMAGED',
        message:
          'The ledger cannot be rebuilt from this. The file ends at record 1, the rows at 2: records would be lost.',
      });
      const edited = project
        .read('kept.txt')
        .toString()
        .replace(/\n[^\n]{43}=\n/, `\n${'A'.repeat(43)}=\n`);
      project.write({ 'kept.txt': edited });
      expect(await failureOf(restored(project, 'files', project.path('kept.txt')))).toMatchObject({
        code: 'LEDGER_DAMAGED',
        message: expect.stringContaining('CHECKPOINT_ROOT'),
      });
      expect(bytesOf(project.path('.warehouse/ledger'))).toEqual(before);
      expect(readdirSync(project.path('.warehouse/ledger/main'))).not.toContain('ledger.rows-1');
    });
  });
});
