import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import { isMapping } from '../lib/mapping.ts';
import { type Hash, leafHash } from './merkle.ts';

/** How the identity of an actor was proven. */
type ActorProof = 'os-user' | 'environment';

export interface Actor {
  readonly name: string;
  readonly proof: ActorProof;
}

/**
 * When what a record says took effect. `commit`: with the DuckDB transaction that holds its row, so not at all if that
 * rolled back. `done`: before it was written.
 */
export type Effect = 'commit' | 'done';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A record of the ledger: exactly the members of its JSON, explained in docs/audit.md. Format 1, final. */
export interface LedgerRecord {
  readonly action: string;
  readonly actor: Actor;
  readonly after: string | null;
  readonly before: string | null;
  readonly correlationId: string;
  readonly effect: Effect;
  readonly format: 1;
  readonly meta: { readonly [name: string]: Json };
  readonly object: string;
  readonly payload: string | null;
  readonly previous: string;
  readonly reason: string | null;
  readonly sequence: number;
  readonly time: string;
}

/** What lies in payload.jsonl for a record with a payload: the payload, or the record by which it was redacted. */
export type PayloadLine =
  | { readonly sequence: number; readonly salt: string; readonly payload: Json }
  | { readonly sequence: number; readonly redacted: number };

export const RECORD_FORMAT = 1;

/** Bytes of a payload's salt. */
export const SALT_BYTES = 32;

const ACTION = /^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*$/;
const SHA256 = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isName = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isSequence = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
const matches =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && pattern.test(value);

export const isAction = matches(ACTION);

const RECORD: Record<keyof LedgerRecord, (value: unknown) => boolean> = {
  action: isAction,
  actor: isActor,
  after: isTextOrNull,
  before: isTextOrNull,
  correlationId: isText,
  effect: (value) => value === 'commit' || value === 'done',
  format: (value) => value === RECORD_FORMAT,
  meta: isMapping,
  object: isName,
  payload: (value) => value === null || matches(SHA256)(value),
  previous: matches(SHA256),
  reason: isTextOrNull,
  sequence: isSequence,
  time: matches(TIME),
};

/** The line of a record, without its line break: RFC 8785 canonical JSON. */
export function recordLine(record: LedgerRecord): string {
  return canonicalJson(record);
}

/** The hash of a record: SHA-256 of 0x00 and the bytes of its line, which is its leaf in the Merkle tree. */
export function recordHash(line: string | Uint8Array): Hash {
  return leafHash(typeof line === 'string' ? Buffer.from(line, 'utf8') : line);
}

/** The commitment to a payload: SHA-256 of 0x02, the salt and the payload's canonical JSON in UTF-8; hexadecimal. */
export function payloadHash(salt: Uint8Array, payloadText: string): string {
  return createHash('sha256').update(Uint8Array.of(2)).update(salt).update(payloadText, 'utf8').digest('hex');
}

/** The record that a line holds, or what is wrong with the line. */
export function parseRecord(line: Uint8Array): { record: LedgerRecord } | { problem: string } {
  const value = parseCanonical(line);
  if (!isMapping(value)) return { problem: 'is not a canonical JSON object' };
  const { format } = value;
  if (format !== RECORD_FORMAT) return { problem: `is of format ${JSON.stringify(format)}, which is not known here` };
  const wrong = Object.entries(RECORD).find(([name, fits]) => !Object.hasOwn(value, name) || !fits(value[name]));
  if (wrong !== undefined) return { problem: `has no proper member ${wrong[0]}` };
  const extra = Object.keys(value).find((name) => !Object.hasOwn(RECORD, name));
  if (extra !== undefined) return { problem: 'has a member that format 1 does not know' };
  return { record: value as unknown as LedgerRecord };
}

/** The same for a line of payload.jsonl. */
export function parsePayloadLine(line: Uint8Array): { payload: PayloadLine } | { problem: string } {
  const value = parseCanonical(line);
  if (!isMapping(value)) return { problem: 'is not a canonical JSON object' };
  const names = Object.keys(value).join();
  const kept = names === 'payload,salt,sequence' && matches(SHA256)(value.salt);
  const redacted = names === 'redacted,sequence' && isSequence(value.redacted);
  if (!isSequence(value.sequence) || !(kept || redacted)) return { problem: 'is neither a payload nor a redaction' };
  return { payload: value as unknown as PayloadLine };
}

/** The value of a line, undefined if the line is not its canonical JSON in UTF-8. */
function parseCanonical(line: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
    const value = JSON.parse(text);
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function isActor(value: unknown): boolean {
  if (!isMapping(value) || Object.keys(value).join() !== 'name,proof') return false;
  return isName(value.name) && (value.proof === 'os-user' || value.proof === 'environment');
}
