import { WarehouseError } from '../lib/errors.ts';
import type { Json } from './record.ts';

const SECRET_WORDS = new Set(
  'password passwd pwd passphrase secret token authorization credential cookie apikey privatekey accesskey'.split(' '),
);

/**
 * Refuses a member named like a secret, at any depth: what the ledger holds can never be taken out of it again.
 * @throws fault LEDGER_SECRET, naming the member and never its value.
 */
export function refuseSecrets(value: Json, place: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value) && namesSecret(name)) throw secretError(`${place}.${name}`);
    refuseSecrets(member, `${place}.${name}`);
  }
}

/** `apiToken`, `client_secrets` and `X-Api-Key` name a secret; `tokenizer` and `keys` do not. */
function namesSecret(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word, index) => isSecret(word) || isSecret(word + (words[index + 1] ?? '')));
}

const isSecret = (word: string): boolean => SECRET_WORDS.has(word) || SECRET_WORDS.has(word.replace(/s$/, ''));

function secretError(place: string): WarehouseError {
  return new WarehouseError({
    kind: 'fault',
    code: 'LEDGER_SECRET',
    message: `${place} is named like a secret and was not written to the ledger.`,
    next: 'Leave the member out: the ledger can never be changed afterwards.',
  });
}
