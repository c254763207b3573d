import type { Role } from '../dictionary.ts';
import { RESERVED_TEXTS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';

/** Codes 1 to 5 of every dictionary are the values that the standard has. */
const LAST = RESERVED_TEXTS.indexOf('Context');

/** What is shown of a value that is none of them. */
const SHOWN_CHARACTERS = 40;

/**
 * TransactionType (ODM 1.3.2, 3.1.4.1): one of five words, in these letters. Any other is refused: what is
 * taken for something else than it was meant leaves removed records live.
 */
export class TransactionTypes {
  readonly #collection: Collection;
  readonly #codes: Role;

  constructor(collection: Collection) {
    this.#collection = collection;
    this.#codes = collection.dictionary.role();
  }

  /**
   * The code of attribute k of the element at `place`.
   * @throws data ODM_TRANSACTION_TYPE
   */
  code(attributes: Attributes, k: number, place: number): number {
    const code = this.#codes.code(attributes, k);
    if (code > LAST) throw this.#unknown(attributes, k, place);
    return code;
  }

  #unknown({ bytes, starts, ends }: Attributes, k: number, place: number): Error {
    const sent = bytes.toString('utf8', starts[k], ends[k]);
    const shown = sent.length > SHOWN_CHARACTERS ? `${sent.slice(0, SHOWN_CHARACTERS)}...` : sent;
    const known = RESERVED_TEXTS.slice(1, LAST + 1).join(', ');
    const message = `TransactionType is ${JSON.stringify(shown)}, which is none of ${known}.`;
    return this.#collection.refusal('ODM_TRANSACTION_TYPE', message, place);
  }
}
