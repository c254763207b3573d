import { readFile, writeFile } from 'node:fs/promises';
import { openCheckpoint } from '../audit/checkpoint.ts';
import { type NoteVerifier, parseVerifier, verifierText } from '../audit/note.ts';
import { findSigningKey, readSigningKey } from '../audit/signing-key.ts';
import { takeCheckpoint } from '../audit/take-checkpoint.ts';
import { WarehouseError } from '../lib/errors.ts';
import { DEFAULT_TARGET } from '../project/choice.ts';
import type { Project } from '../project/project.ts';
import { type Context, ledgerDirectory, type OpenOptions, withReadOnly } from './warehouse.ts';

export interface CheckpointOptions {
  /** Files of checkpoints that were kept. */
  readonly checkpoints?: readonly string[];
  /** File of the public key that they must be signed with. */
  readonly publicKey?: string;
}

interface SigningOptions extends Pick<CheckpointOptions, 'checkpoints'> {
  /** File of the private key; that of the environment where it is left out. */
  readonly keyFile?: string;
  /** What a key in PEM goes by; the project's name where it is left out. */
  readonly name?: string;
  /** A file that does not exist yet. */
  readonly out?: string;
}

interface TakenCheckpoint {
  readonly records: number;
  /** The signed note. */
  readonly checkpoint: string;
  /** `name+id+base64`: what those who verify it need. */
  readonly publicKey: string;
  readonly out?: string;
}

/**
 * Signs the size and the Merkle root of a ledger that verifies, with the key of `keyFile` or of the environment
 * (WAREHOUSE_SIGNING_KEY, WAREHOUSE_SIGNING_KEY_FILE). Nothing but `out` is written.
 * @throws usage NOT_BUILT, KEY_MISSING, KEY_*, CHECKPOINT_FILE, CHECKPOINT_EXISTS; data LEDGER_NOT_VERIFIED
 */
export async function checkpoint(
  project: Project,
  options: OpenOptions & SigningOptions,
  _context: Context,
): Promise<TakenCheckpoint> {
  const { keyFile, name, out } = options;
  const other = defaultName(project);
  const found = keyFile === undefined ? findSigningKey(process.env, name, other) : readSigningKey(keyFile, name, other);
  const signer = await found;
  if (signer === undefined) throw noKey();
  const checkpoints = await texts(options.checkpoints ?? []);
  const note = await withReadOnly(project, options, (connection) =>
    takeCheckpoint({ directory: ledgerDirectory(project), connection, checkpoints }, signer),
  );
  if (out !== undefined) await writeNew(out, note);
  return { records: Number(note.split('\n')[1]), checkpoint: note, publicKey: verifierText(signer.verifier), out };
}

/**
 * The texts of checkpoints, and the key that must have signed them. A key in PEM goes by the origin of the first.
 * @throws usage CHECKPOINT_FILE, KEY_FILE, KEY_MALFORMED, KEY_NAME
 */
export async function readCheckpoints({
  checkpoints = [],
  publicKey,
}: CheckpointOptions): Promise<{ checkpoints: string[]; publicKey?: NoteVerifier }> {
  const notes = await texts(checkpoints);
  if (publicKey === undefined) return { checkpoints: notes };
  const text = await readFile(publicKey, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usage('KEY_FILE', `${publicKey} cannot be read (${error.code}).`, 'Name a file that holds the public key.');
  });
  const origin = notes.map((note) => openCheckpoint(note)).find((opened) => 'checkpoint' in opened);
  const name = text.includes('-----BEGIN') ? (origin?.checkpoint.origin ?? 'ledger') : undefined;
  return { checkpoints: notes, publicKey: parseVerifier(text, name) };
}

function texts(paths: readonly string[]): Promise<string[]> {
  return Promise.all(
    paths.map((path) =>
      readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw usage('CHECKPOINT_FILE', `${path} cannot be read (${error.code}).`, 'Name a file with a checkpoint.');
      }),
    ),
  );
}

/** An older checkpoint is evidence, so it is never written over. */
async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') {
      throw usage('CHECKPOINT_EXISTS', `${path} is there already, and may be a checkpoint.`, 'Name a new file.');
    }
    throw usage(
      'CHECKPOINT_FILE',
      `${path} cannot be written (${error.code}).`,
      'Name a file in a folder that exists.',
    );
  });
}

/** The ledger of each target is another, and so is its name. */
function defaultName({ name, target }: Project): string {
  return target.name === DEFAULT_TARGET ? name : `${name}/${target.name}`;
}

function noKey(): WarehouseError {
  return usage(
    'KEY_MISSING',
    'There is no key to sign the checkpoint with.',
    'Make one (openssl genpkey -algorithm ed25519 -out key.pem, then chmod 600 key.pem) and give --key-file key.pem, or set WAREHOUSE_SIGNING_KEY_FILE.',
  );
}

function usage(code: string, message: string, next: string): WarehouseError {
  return new WarehouseError({ kind: 'usage', code, message, next });
}
