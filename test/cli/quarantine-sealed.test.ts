import { createHash } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, expect, it, vi } from 'vitest';
import * as actions from '../../src/build/commands.ts';
import { describeWithPython, python } from '../foreign/python.ts';
import { Client } from '../helpers/client.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { type Run, runCli } from './world.ts';

afterEach(() => vi.unstubAllEnvs());

const SECOND = '2,Zebra-4711,x\n';
const THIRD = '3\n';
const CSV = `ID,VALUE\n1,a\n${SECOND}${THIRD}`;

type Command = (...argv: string[]) => Promise<Run>;

async function sealed(quarantine: object, work: (q: Command, project: TemporaryProject) => Promise<void>) {
  const yml = {
    name: 'test',
    study: { id: 'S' },
    sources: { lab: { files: 'data/lab.csv', keys: ['ID'], keep: 'none' } },
    quarantine,
  };
  await withProject({ 'warehouse.yml': JSON.stringify(yml), 'data/lab.csv': CSV }, async (project) => {
    await project.load();
    await work((...argv) => runCli(['quarantine', ...argv], actions, project.root), project);
  });
}

async function pair(generate = generateX25519Identity) {
  const identity = await generate();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** A file of identities that is its owner's alone. */
function identityFile(project: TemporaryProject, name: string, text: string): string {
  project.write({ [name]: text });
  chmodSync(project.path(name), 0o600);
  return project.path(name);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What the DuckDB file keeps of the bytes. */
async function stored(project: TemporaryProject): Promise<Buffer[]> {
  const client = await Client.open(project.path('.warehouse/main.duckdb'));
  const rows = await client.rows('SELECT base64(bytes) FROM raw.quarantine ORDER BY quarantine_key');
  client.close();
  return rows.map(([base64]) => Buffer.from(base64 as string, 'base64'));
}

it('with recipients, any of their identities opens what was put aside, and nothing of it is in the clear [QUARANTINE-012, QUARANTINE-013]', async () => {
  const [ada, bob, eve] = [await pair(), await pair(), await pair()];
  await sealed({ recipients: [ada.recipient, bob.recipient] }, async (quarantine, project) => {
    expect(
      await project.rows('SELECT length, sha256, shape, recipient FROM raw.quarantine ORDER BY quarantine_key'),
    ).toEqual([
      [15, sha256(SECOND), null, `${ada.recipient}, ${bob.recipient}`],
      [2, sha256(THIRD), null, `${ada.recipient}, ${bob.recipient}`],
    ]);
    for (const bytes of await stored(project)) expect(bytes.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n/);
    expect(project.read('.warehouse/main.duckdb').includes('Zebra-4711')).toBe(false);

    const closed = await quarantine('show', '1');
    expect([closed.code, closed.output.split('\n').at(-2)]).toEqual([
      0,
      `Its bytes are encrypted for ${ada.recipient}, ${bob.recipient}: --identity FILE opens them.`,
    ]);
    expect((await quarantine('show', '1', '--out', project.path('out'))).log).toContain('QUARANTINE_WITHHELD');

    for (const { identity } of [ada, bob]) {
      const file = identityFile(project, 'key.txt', `# created: today\n\n${identity}\r\n`);
      const { output, log } = await quarantine('show', '1', '--identity', file);
      expect(output.split('\n\n')[1]).toBe('2,Zebra-4711,x\\n\n');
      expect(output + log).not.toContain(identity);
    }
    vi.stubEnv('WAREHOUSE_AGE_IDENTITY', `${eve.identity}\n${bob.identity}`);
    expect((await quarantine('show', '2', '--out', project.path('out'))).code).toBe(0);
    expect(project.read('out').toString()).toBe(THIRD);
  });
});

it('identities that are none, others, or open to others are refused and not shown [QUARANTINE-013]', async () => {
  const [ada, eve] = [await pair(), await pair()];
  await sealed({ recipients: [ada.recipient] }, async (quarantine, project) => {
    const refusal = async (file: string) => {
      const { code, output, log } = await quarantine('show', '1', '--identity', file, '--debug');
      expect(code).toBe(2);
      for (const { identity } of [ada, eve]) expect(output + log).not.toContain(identity.slice(16, 40));
      return log;
    };
    expect(await refusal(identityFile(project, 'eve.txt', eve.identity))).toContain('QUARANTINE_IDENTITY');
    expect(await refusal(project.path('none.txt'))).toContain('IDENTITY_FILE');
    expect(await refusal(project.path('data'))).toContain('IDENTITY_FILE');
    expect(await refusal(identityFile(project, 'empty.txt', '# nothing\n'))).toContain('IDENTITY_MALFORMED');
    const cut = `${ada.identity}\n${ada.identity.slice(0, -1)}\n`;
    expect(await refusal(identityFile(project, 'cut.txt', cut))).toContain('IDENTITY_MALFORMED');
    const open = identityFile(project, 'open.txt', ada.identity);
    chmodSync(open, 0o640);
    expect(await refusal(open)).toContain('IDENTITY_FILE_OPEN_TO_OTHERS');
  });
});

it('an encrypted fragment that was changed is damaged [QUARANTINE-002, QUARANTINE-013]', async () => {
  const ada = await pair();
  await sealed({ recipients: [ada.recipient] }, async (quarantine, project) => {
    const client = await Client.open(project.path('.warehouse/main.duckdb'), true);
    await client.rows(
      `UPDATE raw.quarantine SET bytes = from_hex(left(hex(bytes), -2) || CASE right(hex(bytes), 2) WHEN '00' THEN '01' ELSE '00' END)`,
    );
    client.close();
    const file = identityFile(project, 'key.txt', ada.identity);
    const shown = await quarantine('show', '1', '--identity', file);
    expect([shown.code, shown.output]).toEqual([3, '']);
    expect(shown.log).toContain('QUARANTINE_DAMAGED');
  });
});

it('post-quantum recipients open with their identities [QUARANTINE-012]', async () => {
  const ada = await pair(generateHybridIdentity);
  await sealed({ recipients: [ada.recipient] }, async (quarantine, project) => {
    const file = identityFile(project, 'key.txt', ada.identity);
    expect((await quarantine('show', '2', '--identity', file)).output.split('\n\n')[1]).toBe('3\\n\n');
  });
});

it('with keep shape, hash and shape are kept and no bytes [QUARANTINE-012]', async () => {
  await sealed({ keep: 'shape' }, async (quarantine, project) => {
    const columns = 'length, sha256, shape, bytes, recipient';
    expect(await project.rows(`SELECT ${columns} FROM raw.quarantine ORDER BY quarantine_key`)).toEqual([
      [15, sha256(SECOND), '9,a-9,a\n', null, null],
      [2, sha256(THIRD), '9\n', null, null],
    ]);
    expect(project.read('.warehouse/main.duckdb').includes('Zebra-4711')).toBe(false);
    expect((await quarantine('show', '1')).output.split('Its bytes')[1]).toBe(
      ' are not kept. Their shape:\n\n9,a-9,a\\n\n',
    );
    const out = await quarantine('show', '1', '--out', project.path('out'));
    expect([out.code, out.log]).toEqual([2, expect.stringContaining('QUARANTINE_WITHHELD')]);
  });
});

describeWithPython('rage, which shares nothing with the encrypter [QUARANTINE-016]', () => {
  it('opens what was put aside', async () => {
    const [ada, bob] = [await pair(), await pair()];
    await sealed({ recipients: [ada.recipient, bob.recipient] }, async (_, project) => {
      const files = (await stored(project)).map((bytes) => bytes.toString('base64'));
      for (const { identity } of [ada, bob]) {
        project.write({ 'given.json': JSON.stringify({ identity, files }) });
        const opened = python<string[]>('open_age.py', project.path('given.json'));
        expect(opened.map((base64) => Buffer.from(base64, 'base64').toString())).toEqual([SECOND, THIRD]);
      }
    });
  });
});
