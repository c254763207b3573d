import type { TextColumn } from './columns.ts';
import type { Dictionary } from './dictionary.ts';
import { Murmur3 } from './murmur3.ts';

/** Levels that have an identity (docs/identity.md). */
export const IdentityLevel = { study: 0, subject: 1, studyEvent: 2, form: 3, itemGroup: 4 } as const;

/** What a content hash takes of an item besides OID, sequence, unit and value. */
export const ContentMark = { noValue: 1, isNull: 2, remove: 4 } as const;

/** Length of what is not there. */
const ABSENT = -1;

const REPEAT = { none: 0, sent: 1, inferred: 2 } as const;

/** Identities and content hashes as docs/identity.md defines them. `low` and `high` are the words of the last one. */
export class IdentityHash {
  readonly #hash = new Murmur3();
  low = 0;
  high = 0;

  /** The identity of a study, the parent of its subjects. */
  study(system: string, environment: string, study: string): void {
    const bytes = Buffer.from([system, environment, study].join('\u001f'));
    this.begin(0, 0, IdentityLevel.study, bytes, 0, bytes.length);
    this.withoutRepeat();
  }

  /** Takes parent, level and OID; one of the three below it ends the identity. */
  begin(low: number, high: number, level: number, oid: Uint8Array, start: number, end: number): void {
    const hash = this.#hash.reset();
    hash.int32(low);
    hash.int32(high);
    hash.byte(level);
    hash.int32(end - start);
    hash.bytes(oid, start, end);
  }

  withoutRepeat(): void {
    this.#hash.byte(REPEAT.none);
    this.#end();
  }

  withRepeatKey(key: Uint8Array, start: number, end: number): void {
    this.#hash.byte(REPEAT.sent);
    this.#hash.bytes(key, start, end);
    this.#end();
  }

  withOrdinal(ordinal: number): void {
    this.#hash.byte(REPEAT.inferred);
    this.#hash.int32(ordinal);
    this.#end();
  }

  /** The hash of one item, of which content hashes are the sum. `marks`: bits of ContentMark. */
  item(dictionary: Dictionary, item: number, sequence: number, marks: number, unit: number, value: TextColumn): void {
    const hash = this.#hash.reset();
    this.#text(dictionary, item);
    hash.int32(sequence);
    hash.byte(marks);
    if (unit === 0) hash.int32(ABSENT);
    else this.#text(dictionary, unit);
    if (value.present) {
      hash.int32(value.end - value.start);
      hash.bytes(value.bytes, value.start, value.end);
    } else {
      hash.int32(ABSENT);
    }
    this.#end();
  }

  /** The length and the bytes of the text of a code. */
  #text(dictionary: Dictionary, code: number): void {
    const start = dictionary.start(code);
    const end = dictionary.end(code);
    this.#hash.int32(end - start);
    this.#hash.bytes(dictionary.arena, start, end);
  }

  #end(): void {
    this.#hash.finish();
    this.low = this.#hash.low;
    this.high = this.#hash.high;
  }
}

/** A 64-bit integer from its words. */
export function toBigInt(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}
