import { WarehouseError } from '../lib/errors.ts';
import { signCheckpoint } from './checkpoint.ts';
import type { NoteSigner } from './note.ts';
import { type VerifyOptions, verifyLedger } from './verify.ts';

/**
 * Verifies the ledger, against `checkpoints` taken earlier too, and signs its size and root: a text to be kept where
 * those who can change the ledger cannot.
 * @throws data LEDGER_NOT_VERIFIED: a damaged ledger, or one that does not continue an earlier checkpoint, is not signed.
 */
export async function takeCheckpoint(options: Omit<VerifyOptions, 'publicKey'>, signer: NoteSigner): Promise<string> {
  const { records, root, findings } = await verifyLedger({ ...options, publicKey: signer.verifier });
  const error = findings.find((finding) => finding.severity === 'error');
  if (error === undefined) return signCheckpoint(records, root, signer);
  throw new WarehouseError({
    kind: 'data',
    code: 'LEDGER_NOT_VERIFIED',
    message: `The ledger does not verify, so it is not signed. ${error.code}: ${error.message}`,
    next: 'Run `warehouse verify` to see every finding.',
  });
}
