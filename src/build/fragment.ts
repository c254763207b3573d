import { WarehouseError } from '../lib/errors.ts';
import { stateIsStale } from '../load/state.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import { assertSameStudy, commandFor, hasSchemas, notBuilt } from './warehouse.ts';

export type FragmentStatus = 'open' | 'used' | 'replaced' | 'discarded' | 'read';

/** A fragment that was put aside, as recon.quarantine tells of it. Nothing of its bytes is in it. */
export interface Fragment {
  readonly number: number;
  readonly status: FragmentStatus;
  readonly source: string;
  readonly file: string;
  readonly format: string;
  /** In the file, unpacked, from 1; null where its format has no lines. */
  readonly line: number | null;
  /** Offset in the file, unpacked. */
  readonly byte: number;
  readonly length: number;
  readonly code: string;
  readonly reason: string;
  readonly sha256: string;
  readonly kept: 'bytes' | 'encrypted' | 'shape' | 'hash';
  readonly shape: string | null;
  readonly recipient: string | null;
  readonly attempts: number;
  /** UTC. */
  readonly lastAttempt: string | null;
  readonly lastOutcome: string | null;
  readonly decisionReason: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  /** The delivery under which it is stored. */
  readonly delivery: number;
  readonly part: number;
  /** The delivery by which it stands. */
  readonly standsAs: number | null;
}

const COLUMNS = `
  quarantine_key::DOUBLE AS number, status, source, part AS file, format, line::DOUBLE AS line, place::DOUBLE AS byte,
  length::DOUBLE AS length, code, reason, sha256, kept, shape, recipient, attempts::DOUBLE AS attempts,
  last_attempt::VARCHAR AS "lastAttempt", last_outcome AS "lastOutcome", decision_reason AS "decisionReason",
  decided_by AS "decidedBy", decided_at::VARCHAR AS "decidedAt", delivery_key::DOUBLE AS delivery, part_ordinal AS part,
  stands_as::DOUBLE AS "standsAs"`;

/** All fragments, in the order of their numbers. */
export async function allFragments(connection: Connection): Promise<Fragment[]> {
  return connection.rows<Fragment>(`SELECT ${COLUMNS} FROM recon.quarantine ORDER BY quarantine_key`);
}

/** A part that stands, of which something was put aside that nobody has decided about. */
export interface OpenPart {
  readonly source: string;
  readonly file: string;
  readonly format: string;
  /** The delivery by which it stands. */
  readonly delivery: number;
  readonly part: number;
  /** How many of its fragments are open. */
  readonly fragments: number;
}

/**
 * The parts that stand and are known not to be there as a whole, by delivery: what their open fragments say is missing of
 * what is live. recon.quarantine has to be there, over a state that is worked out.
 */
export async function openParts(connection: Connection): Promise<OpenPart[]> {
  return connection.rows<OpenPart>(
    `SELECT source, part AS file, format, stands_as::DOUBLE AS delivery, part_ordinal AS part, count(*)::DOUBLE AS fragments
     FROM recon.quarantine WHERE status = 'open' GROUP BY ALL ORDER BY delivery, part`,
  );
}

/** @throws usage QUARANTINE_UNKNOWN */
export async function fragmentOf(connection: Connection, { target }: Project, number: number): Promise<Fragment> {
  const found = await connection.row<Fragment>(`SELECT ${COLUMNS} FROM recon.quarantine WHERE quarantine_key = $1`, [
    number,
  ]);
  if (found !== undefined) return found;
  const last = await connection.row<{ last: bigint | null }>('SELECT max(quarantine_key) AS last FROM raw.quarantine');
  const known = last?.last == null ? 'Nothing was ever put aside.' : `The last is ${last.last}.`;
  throw new WarehouseError({
    kind: 'usage',
    code: 'QUARANTINE_UNKNOWN',
    message: `There is no fragment ${number} in quarantine.`,
    next: `${known} All: ${commandFor(target, 'quarantine list --all')}.`,
  });
}

/**
 * Whether the working file can say what has become of fragments.
 * @throws usage NOT_BUILT, WAREHOUSE_OTHER_STUDY, STATE_STALE
 */
export async function assertKnown(connection: Connection, project: Project): Promise<void> {
  if (!(await hasSchemas(connection))) throw notBuilt(project);
  await assertSameStudy(connection, project);
  if (!(await stateIsStale(connection)) && (await hasRelation(connection, 'recon.quarantine'))) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'STATE_STALE',
    message: 'What is live is not worked out: the last run stopped before it, or was one of another version.',
    next: `Run ${commandFor(project.target, 'build')}: it goes on from there.`,
  });
}

/** `fragment 3 (data/lab.csv, line 7)` */
export function fragmentText({ number, file, line, byte }: Fragment): string {
  return `fragment ${number} (${file}, ${line === null ? `byte ${byte}` : `line ${line}`})`;
}

/**
 * What a decision about a fragment is recorded with. No value of the fragment is among it.
 */
export function particularsOf({ source, file, line, byte, length, code, sha256, delivery, part }: Fragment) {
  return { source, file, line, byte, length, code, sha256, delivery, part };
}

/** @throws usage QUARANTINE_DECIDED */
export function assertOpen(fragment: Fragment, { target }: Project): void {
  const { status } = fragment;
  if (status === 'open') return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'QUARANTINE_DECIDED',
    message: `Nothing is to be decided of ${fragmentText(fragment)}: ${SAID[status]}.`,
    next: `What is open: ${commandFor(target, 'quarantine list')}.`,
  });
}

const SAID: Record<Exclude<FragmentStatus, 'open'>, string> = {
  used: 'its bytes were read anew, and it landed',
  replaced: 'its file does not stand any more, or was read anew and put aside under another number',
  discarded: 'it was discarded',
  read: 'it was read as a blank, and nothing is missing',
};
