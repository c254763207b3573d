import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect, it } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import { failureOf } from '../helpers/project.ts';
import { folderOf } from './temporary.ts';

const read = (quarantine: object) =>
  loadProject(folderOf({ 'warehouse.yml': JSON.stringify({ name: 'test', study: { id: 'S' }, quarantine }) }));

it('takes recipients of age, and keeps bytes unless told otherwise [QUARANTINE-011]', async () => {
  const { recipient } = await pair();
  expect((await read({ recipients: [recipient] })).quarantine).toEqual({ recipients: [recipient], keep: 'bytes' });
  expect((await read({ keep: 'shape' })).quarantine).toEqual({ recipients: [], keep: 'shape' });
});

async function pair(generate = generateX25519Identity) {
  const identity = await generate();
  return { identity, recipient: await identityToRecipient(identity) };
}

it('refuses what nothing can be encrypted to, with its place, and does not repeat it [QUARANTINE-011]', async () => {
  const { identity, recipient } = await pair();
  const wrong = `${recipient.slice(0, -1)}${recipient.endsWith('q') ? 'p' : 'q'}`;
  for (const one of [wrong, 'me@example.org', 'ssh-ed25519 AAAA', '']) {
    const failure = await failureOf(read({ recipients: [recipient, one] }));
    expect(failure).toMatchObject({ kind: 'usage', code: 'CONFIG_INVALID', file: 'warehouse.yml', line: 1 });
    expect(failure.message).toContain('quarantine.recipients[1]');
    if (one !== '') expect(JSON.stringify(failure)).not.toContain(one);
  }
  const secret = await failureOf(read({ recipients: [identity] }));
  expect(secret.message).toBe(
    'quarantine.recipients[0] is an identity of age: the secret half, which opens what is encrypted.',
  );
  expect(JSON.stringify(secret)).not.toContain(identity);
});

it('refuses post-quantum recipients beside others, and recipients where no bytes are kept [QUARANTINE-011]', async () => {
  const [classic, hybrid] = [await pair(), await pair(generateHybridIdentity)];
  expect((await read({ recipients: [hybrid.recipient] })).quarantine.recipients).toEqual([hybrid.recipient]);
  const mixed = await failureOf(read({ recipients: [classic.recipient, hybrid.recipient] }));
  expect(mixed.message).toBe('quarantine.recipients mixes post-quantum recipients with others.');
  const useless = await failureOf(read({ recipients: [classic.recipient], keep: 'shape' }));
  expect(useless.message).toBe(
    'quarantine.recipients belongs to keep: bytes: with keep: shape there is nothing to encrypt.',
  );
  expect((await failureOf(read({ recipient: [] }))).next).toBe('Did you mean "recipients"?');
});
