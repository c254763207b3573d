import type { Batch } from '../lib/batch.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { Policy } from '../project/configuration.ts';

/**
 * The stage between readers and load: every batch passes it before anything is written. It is pure: what comes out
 * depends on the batch and the policy alone.
 */
export interface Boundary {
  /** SHA-256 of the policy in canonical JSON: stands on every delivery that passed it. */
  readonly fingerprint: string;
  /** The batch as it may land. It may be the same one. */
  pass(batch: Batch): Batch;
}

/** `keep: all`, the only policy so far, lets everything through as it came. */
export function boundaryOf(policy: Policy): Boundary {
  return { fingerprint: sha256Hex(canonicalJson(policy)), pass: (batch) => batch };
}
