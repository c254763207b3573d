import { expect, it } from 'vitest';
import { boundaryOf } from '../../src/boundary/policy.ts';
import { batchOf } from '../helpers/batch.ts';

it('lets every batch through untouched under keep: all [BOUNDARY-001]', () => {
  const table = { name: 't', columns: [{ name: 'text', type: 'utf8' as const }] };
  const batch = batchOf(table, [['as sent'], ['']]);
  expect(boundaryOf({ keep: 'all' }).pass(batch)).toBe(batch);
});

it('has the SHA-256 of the policy in canonical JSON as its fingerprint [BOUNDARY-002]', () => {
  // printf '{"keep":"all"}' | sha256sum
  expect(boundaryOf({ keep: 'all' }).fingerprint).toBe(
    '8b1d7416f5cf616545ddc2b31a0a13450cc4fa6d6eddffb678735c37d0e6bd78',
  );
});
