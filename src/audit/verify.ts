import type { Connection } from '../store/connection.ts';
import { openCheckpoint } from './checkpoint.ts';
import { type Finding, type Report, reportTo } from './finding.ts';
import { ledgerFiles } from './ledger.ts';
import { GrowingTree, type Hash } from './merkle.ts';
import type { NoteVerifier } from './note.ts';
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

export interface VerifyOptions {
  /** `.warehouse/ledger` */
  readonly directory: string;
  /** Where given, the rows are compared with the files. */
  readonly connection?: Connection;
  /** The texts of checkpoints that were kept elsewhere. */
  readonly checkpoints?: readonly string[];
  /** The key they must be signed with. */
  readonly publicKey?: NoteVerifier;
}

/**
 * Checks the ledger: the form of every record, the chain, the payloads against their commitments, the files against
 * the rows, and everything against checkpoints. It changes nothing. docs/audit.md says what it detects and what not.
 */
export async function verifyLedger(options: VerifyOptions): Promise<Verification> {
  const findings: Finding[] = [];
  const report = reportTo(findings);
  const { ledger, payload } = ledgerFiles(options.directory);
  const checkpoints = readCheckpoints(options, report);
  const promises: Promises = { payloads: new Map(), redactions: new Map() };
  const tree = new GrowingTree();
  const checkRoot = (): void => {
    for (const { root } of checkpoints.filter(({ size }) => size === tree.size)) {
      if (!root.equals(tree.root())) {
        report('CHECKPOINT_ROOT', `The first ${tree.size} records are not those of the checkpoint.`);
      }
    }
  };
  checkRoot();
  await verifyRecords(ledger, options.connection, report, promises, (hash) => {
    tree.push(hash);
    checkRoot();
  });
  for (const { size } of checkpoints.filter((checkpoint) => checkpoint.size > tree.size)) {
    report('CHECKPOINT_SIZE', `The checkpoint has ${size} records, the ledger ${tree.size}: its end was cut off.`);
  }
  await verifyPayloads(payload, options.connection, report, promises);
  return { records: tree.size, root: tree.root(), findings };
}

function readCheckpoints(
  { checkpoints = [], publicKey }: VerifyOptions,
  report: Report,
): { size: number; root: Hash }[] {
  return checkpoints.flatMap((note, index) => {
    const opened = openCheckpoint(note, publicKey);
    const which = `Checkpoint ${index + 1} of ${checkpoints.length}`;
    if (opened.state === 'malformed') report('CHECKPOINT_MALFORMED', `${which} is no signed checkpoint.`);
    if (opened.state === 'wrong signature') report('CHECKPOINT_SIGNATURE', `${which} is not signed by the key given.`);
    if (opened.state === 'not verified') {
      report('CHECKPOINT_NOT_VERIFIED', `No public key was given, so ${which.toLowerCase()} was taken at its word.`);
    }
    return 'checkpoint' in opened ? [opened.checkpoint] : [];
  });
}
