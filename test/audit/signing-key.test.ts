import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSigner, parseVerifier, verifierText } from '../../src/audit/note.ts';
import { findSigningKey, readSigningKey } from '../../src/audit/signing-key.ts';

// The key pair of RFC 8410, 10.1 and 10.3.
const PRIVATE = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
`;
const PUBLIC = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
`;
const X25519 = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
`;
const NOTE_KEY = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const NAME = 'example.com/ledger';

describe('keys in PEM', () => {
  it('are a pair under the name given [AUDIT-013]', () => {
    const { verifier } = parseSigner(PRIVATE, NAME);
    expect(verifierText(verifier)).toBe(verifierText(parseVerifier(PUBLIC, NAME)));
    expect(verifierText(verifier)).toMatch(
      /^example\.com\/ledger\+[0-9a-f]{8}\+ARm\/RAlphM3\+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh$/,
    );
  });

  it('need a name without spaces and plus signs [AUDIT-013]', () => {
    for (const name of [undefined, '', 'a b', 'a+b']) {
      expect(() => parseSigner(PRIVATE, name)).toThrow(expect.objectContaining({ code: 'KEY_NAME' }));
    }
  });

  it('must be of Ed25519 [AUDIT-013]', () => {
    for (const pem of [X25519, PUBLIC.replace('Gb9E', '')]) {
      expect(() => parseVerifier(pem, NAME)).toThrow(expect.objectContaining({ code: 'KEY_MALFORMED' }));
    }
  });
});

describe('findSigningKey', () => {
  const directory = mkdtempSync(join(tmpdir(), 'key-'));
  const path = join(directory, 'ledger.pem');
  beforeAll(() => writeFileSync(path, PRIVATE, { mode: 0o600 }));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('takes the key from the environment or from a file [AUDIT-013]', async () => {
    expect(await findSigningKey({})).toBeUndefined();
    expect((await findSigningKey({ WAREHOUSE_SIGNING_KEY: NOTE_KEY }))!.verifier.name).toBe('PeterNeumann');
    expect((await findSigningKey({ WAREHOUSE_SIGNING_KEY_FILE: path }, NAME))!.verifier.name).toBe(NAME);
  });

  it('refuses two keys, and a key of another name [AUDIT-013]', async () => {
    const both = { WAREHOUSE_SIGNING_KEY: NOTE_KEY, WAREHOUSE_SIGNING_KEY_FILE: path };
    await expect(findSigningKey(both)).rejects.toMatchObject({ code: 'KEY_TWICE' });
    await expect(findSigningKey({ WAREHOUSE_SIGNING_KEY: NOTE_KEY }, NAME)).rejects.toMatchObject({ code: 'KEY_NAME' });
  });

  it.skipIf(process.platform === 'win32')('refuses a file that others may open [AUDIT-013]', async () => {
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(path, mode);
      await expect(readSigningKey(path, NAME)).rejects.toMatchObject({ code: 'KEY_FILE_OPEN_TO_OTHERS' });
    }
    chmodSync(path, 0o400);
    await expect(readSigningKey(path, NAME)).resolves.toBeDefined();
  });

  it('refuses what is absent or no file [AUDIT-013]', async () => {
    await expect(readSigningKey(join(directory, 'absent'))).rejects.toMatchObject({ code: 'KEY_FILE' });
    await expect(readSigningKey(directory)).rejects.toMatchObject({ code: 'KEY_FILE' });
  });
});
