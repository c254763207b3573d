import { open } from 'node:fs/promises';
import { WarehouseError } from '../lib/errors.ts';
import { type NoteSigner, parseSigner } from './note.ts';

/**
 * The key that signs checkpoints: the text of WAREHOUSE_SIGNING_KEY, or of the file that WAREHOUSE_SIGNING_KEY_FILE
 * names; undefined where neither is set.
 * @param name the name of the ledger: what a key in PEM goes by, and what a note key must be called
 * @param otherwise what a key in PEM goes by without a name
 * @throws usage KEY_TWICE, KEY_FILE, KEY_FILE_OPEN_TO_OTHERS, KEY_MALFORMED, KEY_NAME
 */
export async function findSigningKey(
  environment: Readonly<Record<string, string | undefined>>,
  name?: string,
  otherwise?: string,
): Promise<NoteSigner | undefined> {
  const { WAREHOUSE_SIGNING_KEY: text, WAREHOUSE_SIGNING_KEY_FILE: path } = environment;
  if (text && path)
    throw keyError('KEY_TWICE', 'Both a signing key and a file with one are given.', 'Give one of them.');
  if (text) return parseSigner(text, name, otherwise);
  return path ? readSigningKey(path, name, otherwise) : undefined;
}

/**
 * The key in a file that only its owner may read (mode 0600 or 0400; not checked on Windows).
 * @throws usage KEY_FILE, KEY_FILE_OPEN_TO_OTHERS, KEY_MALFORMED, KEY_NAME
 */
export async function readSigningKey(path: string, name?: string, otherwise?: string): Promise<NoteSigner> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw keyError('KEY_FILE', `${path} cannot be read (${error.code}).`, 'Name a file that holds the signing key.');
  });
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw keyError('KEY_FILE', `${path} is no file.`, 'Name a file that holds the signing key.');
    if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      throw keyError('KEY_FILE_OPEN_TO_OTHERS', `Others than its owner may open ${path}.`, `Run: chmod 600 ${path}`);
    }
    return parseSigner(await handle.readFile('utf8'), name, otherwise);
  } finally {
    await handle.close();
  }
}

function keyError(code: string, message: string, next: string): WarehouseError {
  return new WarehouseError({ kind: 'usage', code, message, next });
}
