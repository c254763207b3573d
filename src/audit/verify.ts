import type { Connection } from '../store/connection.ts';
import { CheckpointFollower, type KeptCheckpoints } from './checkpoint-follower.ts';
import { type Finding, reportTo } from './finding.ts';
import { ledgerFiles } from './ledger.ts';
import type { Hash } from './merkle.ts';
import { verifyPayloads } from './verify-payloads.ts';
import { type Promises, verifyRecords } from './verify-records.ts';

export type { Finding, FindingCode } from './finding.ts';

export interface Verification {
  /** Records in the file. */
  readonly records: number;
  /** The Merkle root over them. */
  readonly root: Hash;
  readonly findings: readonly Finding[];
}

export interface VerifyOptions extends KeptCheckpoints {
  /** `.warehouse/ledger/<target>` */
  readonly directory: string;
  /** Where given, the rows are compared with the files. */
  readonly connection?: Connection;
}

/**
 * Checks the ledger: the form of every record, the chain, the payloads against their commitments, the files against
 * the rows, and everything against checkpoints. It changes nothing. docs/audit.md says what it detects and what not.
 */
export async function verifyLedger(options: VerifyOptions): Promise<Verification> {
  const findings: Finding[] = [];
  const report = reportTo(findings);
  const { ledger, payload } = ledgerFiles(options.directory);
  const promises: Promises = { payloads: new Map(), redactions: new Map() };
  const follower = new CheckpointFollower(options, report);
  await verifyRecords(ledger, options.connection, report, promises, (hash) => follower.push(hash));
  follower.end();
  await verifyPayloads(payload, options.connection, report, promises);
  return { records: follower.size, root: follower.root(), findings };
}
