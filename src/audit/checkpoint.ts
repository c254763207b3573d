import type { Hash } from './merkle.ts';
import { type NoteSigner, type NoteVerifier, openNote, signNote } from './note.ts';

/** What a ledger was at one time: its size and the Merkle root over its records (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The name of the ledger. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

const CHECKPOINT = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*$/;

/** The text of a checkpoint: origin, size and base64 root, a line each. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** A checkpoint as a signed note. Its origin is the name of the key, as the specification advises. */
export function signCheckpoint(size: number, root: Hash, signer: NoteSigner): string {
  return signNote(checkpointText({ origin: signer.verifier.name, size, root }), signer);
}

/** What a note that should be a checkpoint is. */
type OpenedCheckpoint =
  | { readonly state: 'signed' | 'not verified'; readonly checkpoint: Checkpoint }
  | { readonly state: 'malformed' | 'wrong signature' };

/**
 * Reads a checkpoint. With a verifier it is `signed` only if that key signed it and its origin is the key's name;
 * without one it is `not verified`.
 */
export function openCheckpoint(note: string, verifier?: NoteVerifier): OpenedCheckpoint {
  const opened = openNote(note, []);
  const checkpoint = opened && parseCheckpoint(opened.text);
  if (checkpoint === undefined) return { state: 'malformed' };
  if (verifier === undefined) return { state: 'not verified', checkpoint };
  const isSigned = openNote(note, [verifier])?.by.length === 1 && checkpoint.origin === verifier.name;
  return isSigned ? { state: 'signed', checkpoint } : { state: 'wrong signature' };
}

function parseCheckpoint(text: string): Checkpoint | undefined {
  const [, origin, size, base64] = CHECKPOINT.exec(text) ?? [];
  if (origin === undefined || !Number.isSafeInteger(Number(size))) return undefined;
  const root = Buffer.from(base64, 'base64');
  return root.toString('base64') === base64 ? { origin, size: Number(size), root } : undefined;
}
