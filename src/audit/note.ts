import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { WarehouseError } from '../lib/errors.ts';

/** A public key and the name it goes by, as C2SP signed-note has them. */
export interface NoteVerifier {
  readonly name: string;
  /** The key ID: the first four bytes of SHA-256 of name, 0x0A, 0x01 and the public key. */
  readonly id: Buffer;
  readonly key: KeyObject;
}

export interface NoteSigner {
  readonly verifier: NoteVerifier;
  readonly key: KeyObject;
}

/** The signature type of Ed25519 in C2SP signed-note. */
const ED25519 = 1;
const KEY_BYTES = 32;
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

const SIGNER_KEY = /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u;
const VERIFIER_KEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+=*)$/u;

/**
 * A public key: `name+id+base64` of C2SP signed-note, or PEM (SPKI), which goes by `name`.
 * @throws usage KEY_MALFORMED, KEY_NAME
 */
export function parseVerifier(text: string, name?: string): NoteVerifier {
  if (text.includes('-----BEGIN'))
    return verifierOf(
      pemName(name),
      readPem(() => createPublicKey(text)),
    );
  const { raw, ...key } = noteKey(VERIFIER_KEY, text);
  const verifier = verifierOf(key.name, createPublicKey(der(SPKI_ED25519, raw, 'spki')));
  if (verifier.id.toString('hex') !== key.id) throw malformed();
  return named(verifier, name);
}

/**
 * A private key: `PRIVATE+KEY+name+id+base64` of the Go note package, or PEM (PKCS #8), which goes by `name`, or without one by
 * `otherwise`.
 * @throws usage KEY_MALFORMED, KEY_NAME
 */
export function parseSigner(text: string, name?: string, otherwise?: string): NoteSigner {
  if (text.includes('-----BEGIN'))
    return signerOf(
      pemName(name ?? otherwise),
      readPem(() => createPrivateKey(text)),
    );
  const { raw, ...key } = noteKey(SIGNER_KEY, text);
  const signer = signerOf(key.name, createPrivateKey(der(PKCS8_ED25519, raw, 'pkcs8')));
  if (signer.verifier.id.toString('hex') !== key.id) throw malformed();
  named(signer.verifier, name);
  return signer;
}

/** `name+id+base64`, to be handed to those who verify. */
export function verifierText(verifier: NoteVerifier): string {
  const key = Buffer.concat([Uint8Array.of(ED25519), rawPublicKey(verifier.key)]).toString('base64');
  return `${verifier.name}+${verifier.id.toString('hex')}+${key}`;
}

/** The text, which ends in a line break and has no other control characters, with a signature line for each signer. */
export function signNote(text: string, ...signers: NoteSigner[]): string {
  if (!isNoteText(text)) throw new RangeError('a note is lines of text without control characters');
  const lines = signers.map(({ verifier, key }) => {
    const signature = sign(null, Buffer.from(text, 'utf8'), key);
    return `\u2014 ${verifier.name} ${Buffer.concat([verifier.id, signature]).toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * What a signed note says and who of `verifiers` signed it. Signatures of other keys are passed over, as
 * C2SP signed-note has it.
 * @returns undefined if it is no signed note, or if a signature of one of the keys is wrong.
 */
export function openNote(
  note: string,
  verifiers: readonly NoteVerifier[],
): { text: string; by: NoteVerifier[] } | undefined {
  const split = note.lastIndexOf('\n\n') + 1;
  const text = note.slice(0, split);
  const lines = note.slice(split + 1).split('\n');
  if (split === 0 || !isNoteText(text) || !isNoteText(note) || lines.pop() !== '' || lines.length === 0)
    return undefined;
  const by = new Set<NoteVerifier>();
  for (const line of lines) {
    const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = base64 === undefined ? undefined : decodeBase64(base64);
    if (bytes === undefined || bytes.length < 5) return undefined;
    const verifier = verifiers.find((known) => known.name === name && known.id.equals(bytes.subarray(0, 4)));
    if (verifier === undefined) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), verifier.key, bytes.subarray(4))) return undefined;
    by.add(verifier);
  }
  return { text, by: [...by] };
}

function verifierOf(name: string, key: KeyObject): NoteVerifier {
  const hash = createHash('sha256').update(`${name}\n`).update(Uint8Array.of(ED25519)).update(rawPublicKey(key));
  return { name, key, id: hash.digest().subarray(0, 4) };
}

function signerOf(name: string, key: KeyObject): NoteSigner {
  return { key, verifier: verifierOf(name, createPublicKey(key)) };
}

function noteKey(form: RegExp, text: string): { name: string; id: string; raw: Buffer } {
  const [, name, id, base64] = form.exec(text.trim()) ?? [];
  const bytes = base64 === undefined ? undefined : decodeBase64(base64);
  if (bytes?.length !== 1 + KEY_BYTES || bytes[0] !== ED25519) throw malformed();
  return { name, id, raw: bytes.subarray(1) };
}

function der<Type extends 'spki' | 'pkcs8'>(prefix: Buffer, raw: Buffer, type: Type): DerInput<Type> {
  return { key: Buffer.concat([prefix, raw]), format: 'der', type };
}

interface DerInput<Type> {
  key: Buffer;
  format: 'der';
  type: Type;
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-KEY_BYTES);
}

function readPem(read: () => KeyObject): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What OpenSSL says of it names nothing a person could act on.
  }
  throw malformed();
}

function pemName(name: string | undefined): string {
  if (name !== undefined && /^[^\s+]+$/u.test(name)) return name;
  throw new WarehouseError({
    kind: 'usage',
    code: 'KEY_NAME',
    message: 'A key in PEM needs a name beside it, without spaces and plus signs.',
    next: 'Give the name of the ledger, such as example.com/study-ledger.',
  });
}

function named(verifier: NoteVerifier, name: string | undefined): NoteVerifier {
  if (name === undefined || name === verifier.name) return verifier;
  throw new WarehouseError({
    kind: 'usage',
    code: 'KEY_NAME',
    message: `The key goes by the name ${verifier.name}, not ${name}.`,
    next: 'Use the key of this ledger, or give the name that the key has.',
  });
}

function malformed(): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'KEY_MALFORMED',
    message: 'That is no Ed25519 key in PEM or in the form of a note key.',
    next: 'Make one with `openssl genpkey -algorithm ed25519`.',
  });
}

function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function isNoteText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.endsWith('\n') && !/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text);
}
