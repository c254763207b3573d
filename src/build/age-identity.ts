import { open } from 'node:fs/promises';
import { WarehouseError } from '../lib/errors.ts';

/**
 * The identities of age that open what is encrypted: those of a file that only its owner may read (mode 0600 or 0400; not
 * checked on Windows), else those in WAREHOUSE_AGE_IDENTITY. None of them is ever shown.
 * @throws usage IDENTITY_FILE, IDENTITY_FILE_OPEN_TO_OTHERS, IDENTITY_MALFORMED
 */
export async function findIdentities(
  path: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const { WAREHOUSE_AGE_IDENTITY: text } = environment;
  if (path !== undefined) return identitiesIn(await readPrivate(path), path);
  return text ? identitiesIn(text, 'WAREHOUSE_AGE_IDENTITY') : [];
}

async function readPrivate(path: string): Promise<string> {
  const next = 'Name the file that age-keygen wrote.';
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw identityError('IDENTITY_FILE', `${path} cannot be read (${error.code}).`, next);
  });
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw identityError('IDENTITY_FILE', `${path} is no file.`, next);
    if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      const message = `Others than its owner may open ${path}.`;
      throw identityError('IDENTITY_FILE_OPEN_TO_OTHERS', message, `Run: chmod 600 ${path}`);
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** One a line; empty lines and those that begin with # say nothing, as in the files of age. */
async function identitiesIn(text: string, where: string): Promise<readonly string[]> {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const { identityToRecipient } = await import('age-encryption');
  for (const identity of identities) {
    // What was thrown may name what was read.
    await identityToRecipient(identity).catch(() => Promise.reject(malformed(where)));
  }
  if (identities.length === 0) throw malformed(where);
  return identities;
}

function malformed(where: string): WarehouseError {
  const next =
    'It is to hold a line AGE-SECRET-KEY-1..., as age-keygen writes it; a file with a passphrase is to be opened by age first.';
  return identityError('IDENTITY_MALFORMED', `${where} holds something else than identities of age.`, next);
}

function identityError(code: string, message: string, next: string): WarehouseError {
  return new WarehouseError({ kind: 'usage', code, message, next });
}
