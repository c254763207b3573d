import { resolve } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { findIdentities } from './age-identity.ts';
import { assertKnown, type Fragment, fragmentOf, fragmentText } from './fragment.ts';
import { type Context, type OpenOptions, withReadOnly } from './warehouse.ts';
import { writeAsked } from './write-asked.ts';

interface ShowOptions extends OpenOptions {
  readonly number: number;
  /** File of the identities of age that open encrypted bytes. */
  readonly identity?: string;
  /** The file that the bytes are to be written to. */
  readonly out?: string;
  /** Whether a file with other bytes may be replaced. */
  readonly force: boolean;
  /** Whether bytes of a source that is restricted or unblinding are wanted. */
  readonly reveal: boolean;
}

export interface ShownFragment {
  readonly fragment: Fragment;
  /** Of its source, as it holds now. */
  readonly classification: string;
  /** As raw.part has it: what its bytes are text in; null where it is not known. */
  readonly encoding: string | null;
  /** Where they can be shown. */
  readonly bytes?: Uint8Array;
  /** Why they are not: they are not kept, or encrypted, or their source is restricted or unblinding. */
  readonly withheld?: 'shape' | 'hash' | 'encrypted' | 'classified';
  /** The file that they were written to. */
  readonly written?: { readonly path: string; readonly unchanged: boolean };
}

/** What nobody is to see by accident. */
const GUARDED: ReadonlySet<string> = new Set(['restricted', 'unblinding']);

/**
 * All that is known of a fragment, and its bytes, held against their SHA-256.
 * @throws usage NOT_BUILT, WAREHOUSE_OTHER_STUDY, STATE_STALE, QUARANTINE_UNKNOWN, QUARANTINE_WITHHELD (bytes that are to
 * be written to a file), QUARANTINE_EXISTS, OUTPUT_PLACE, OUTPUT_IN_RECORD, IDENTITY_*; data QUARANTINE_DAMAGED; fault
 * STORE_LOCKED
 */
export async function quarantineShow(
  project: Project,
  options: ShowOptions,
  _context: Context,
): Promise<ShownFragment> {
  return withReadOnly(project, options, async (connection) => {
    await assertKnown(connection, project);
    const fragment = await fragmentOf(connection, project, options.number);
    const { bytes: kept, ...about } = await keptOf(connection, fragment);
    const shown = { fragment, ...about };
    const identities = fragment.kept === 'encrypted' ? await findIdentities(options.identity, process.env) : [];
    const withheld = whyWithheld(fragment, about.classification, identities, options.reveal);
    if (withheld !== undefined) {
      if (options.out !== undefined) throw notWritten(fragment, about.classification, withheld);
      return { ...shown, withheld };
    }
    const bytes = fragment.kept === 'encrypted' ? await decrypted(fragment, kept!, identities) : kept!;
    if (sha256Hex(bytes) !== fragment.sha256) throw damaged(fragment, 'do not have the SHA-256 that was recorded');
    if (options.out === undefined) return { ...shown, bytes };
    const place = { full: resolve(options.out), shown: options.out, force: options.force };
    const { unchanged } = await writeAsked(project, { ...place, existsCode: 'QUARANTINE_EXISTS', mode: 0o600 }, [
      bytes,
    ]);
    return { ...shown, written: { path: options.out, unchanged } };
  });
}

interface Kept {
  readonly bytes: Uint8Array | undefined;
  readonly encoding: string | null;
  readonly classification: string;
}

async function keptOf(connection: Connection, { number }: Fragment): Promise<Kept> {
  const row = await connection.row<{ bytes: { bytes: Uint8Array } | null } & Omit<Kept, 'bytes'>>(
    `SELECT q.bytes, p.encoding, s.classification
     FROM raw.quarantine q
     JOIN raw.part p ON p.delivery_key = q.delivery_key AND p.ordinal = q.part_ordinal
     JOIN raw.delivery d ON d.delivery_key = q.delivery_key
     JOIN state.source s ON s.source = d.source
     WHERE q.quarantine_key = $1`,
    [number],
  );
  return { ...row!, bytes: row!.bytes?.bytes };
}

function whyWithheld(
  { kept }: Fragment,
  classification: string,
  identities: readonly string[],
  reveal: boolean,
): ShownFragment['withheld'] {
  if (kept === 'shape' || kept === 'hash') return kept;
  if (GUARDED.has(classification) && !reveal) return 'classified';
  return kept === 'encrypted' && identities.length === 0 ? 'encrypted' : undefined;
}

async function decrypted(fragment: Fragment, file: Uint8Array, identities: readonly string[]): Promise<Uint8Array> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(file);
  } catch (error) {
    if (!/^no identity matched/.test((error as Error).message)) throw damaged(fragment, 'are no whole file of age');
    throw new WarehouseError({
      kind: 'usage',
      code: 'QUARANTINE_IDENTITY',
      message: `None of the identities opens ${fragmentText(fragment)}.`,
      next: `It is encrypted for ${fragment.recipient}: give the identity of one of them.`,
    });
  }
}

function damaged(fragment: Fragment, what: string): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'QUARANTINE_DAMAGED',
    message: `The bytes that raw.quarantine keeps of ${fragmentText(fragment)} ${what}.`,
    next: 'Nothing of them is shown. Run warehouse verify; restore .warehouse from a backup.',
  });
}

function notWritten(
  fragment: Fragment,
  classification: string,
  withheld: NonNullable<ShownFragment['withheld']>,
): WarehouseError {
  const [why, next] = {
    shape: ['are not kept: only their shape is', 'The file itself, or its copy in the vault, has them.'],
    hash: [
      "are not kept: they are of a study that is not the project's",
      'The file itself, or its copy in the vault, has them.',
    ],
    encrypted: [`are encrypted for ${fragment.recipient}`, 'Give an identity: --identity FILE.'],
    classified: [`are of a source that is ${classification}`, 'Give --reveal if you are to see them.'],
  }[withheld];
  return new WarehouseError({
    kind: 'usage',
    code: 'QUARANTINE_WITHHELD',
    message: `Nothing was written: the bytes of ${fragmentText(fragment)} ${why}.`,
    next,
  });
}
