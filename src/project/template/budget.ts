import { Complaint } from './complaint.ts';

const STEPS = 1_000_000;
const CHARACTERS = 1_000_000;
const CHARACTERS_IN_ALL = 50_000_000;
const ITEMS = 100_000;
const DEPTH = 100;
const INTEGER = 2n ** 128n;

/**
 * What one rendering may take: a template that never ends, or doubles a text or a list in each turn of a loop, is refused
 * and does not hold up or bring down the process.
 */
export class Budget {
  #steps = 0;
  #characters = 0;
  #depth = 0;

  /** One expression or statement more. @throws TEMPLATE_LIMIT, as do all of these. */
  step(): void {
    if (++this.#steps > STEPS) throw tooMuch(`more than ${STEPS.toLocaleString('en')} steps`);
  }

  /** A text that an operation is about to make, by its length. */
  text(length: number): void {
    this.#characters += length;
    if (length > CHARACTERS) throw tooMuch(`a text of more than ${CHARACTERS.toLocaleString('en')} characters`);
    if (this.#characters > CHARACTERS_IN_ALL) throw tooMuch('more text than is kept in memory');
  }

  /** A list that an operation is about to make, by its length. */
  list(length: number): void {
    this.#characters += length;
    if (length > ITEMS) throw tooMuch(`a list of more than ${ITEMS.toLocaleString('en')} items`);
  }

  integer(value: bigint): bigint {
    if (value >= INTEGER || value <= -INTEGER) throw tooMuch('a whole number of more than 128 bits');
    return value;
  }

  /** Macros within macros. */
  nested<Result>(work: () => Result): Result {
    if (++this.#depth > DEPTH) throw tooMuch(`more than ${DEPTH} calls of macros within one another`);
    const result = work();
    this.#depth--;
    return result;
  }
}

function tooMuch(what: string): Complaint {
  return new Complaint(
    'TEMPLATE_LIMIT',
    `The template takes ${what}.`,
    'Look for a loop or a macro that does not end.',
  );
}
