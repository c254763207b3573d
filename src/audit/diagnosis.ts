import type { Finding, FindingCode } from './finding.ts';
import type { Verification } from './verify.ts';

/** What verification found, in words for a person. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly detail: string;
  /** What to do next; absent where there is nothing to do. */
  readonly next?: string;
}

type CommandLine = (words: string) => string;

const OTHER_HISTORY: readonly FindingCode[] = ['CHECKPOINT_ROOT', 'CHECKPOINT_SIZE'];
const OTHER_KEY: readonly FindingCode[] = ['CHECKPOINT_MALFORMED', 'CHECKPOINT_SIGNATURE'];
const ROWS: readonly FindingCode[] = [
  'LEDGER_ROW_MISSING',
  'LEDGER_ROW_CHANGED',
  'LEDGER_ROW_UNKNOWN',
  'PAYLOAD_ROW_MISSING',
  'PAYLOAD_ROW_CHANGED',
  'PAYLOAD_ROW_UNKNOWN',
];
const SHOWN = 4;

/**
 * The findings in a sentence, each kind once, and the command that comes next: what a crash left the next build puts in
 * order; what someone changed it does not.
 * @param command how a person types a command
 */
export function diagnose(
  verification: Verification,
  command: CommandLine = (words) => `warehouse ${words}`,
): Diagnosis {
  const { records, findings } = verification;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const notices = findings.filter(({ severity }) => severity === 'notice');
  if (errors.length === 0) {
    const whole = records === 0 ? 'no record yet' : `${records} records, one chain`;
    return { ok: true, detail: [whole, ...told(notices)].join('. ') };
  }
  const first = firstUncommitted(verification);
  if (errors.every((finding) => isLeftOver(finding, first, records))) return interrupted(first, records, command);
  return { ok: false, detail: told(errors).join('. '), next: remedy(errors, records, command) };
}

/** `LEDGER_CHAIN: record 3: The record does not hold ... (and 2 more)` */
function told(findings: readonly Finding[]): string[] {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const sentences = codes.slice(0, SHOWN).map((code) => {
    const [{ sequence, message }, ...others] = findings.filter((finding) => finding.code === code);
    const place = sequence === undefined ? '' : `record ${sequence}: `;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    return `${code}: ${place}${message.replace(/\.$/, '')}${more}`;
  });
  return codes.length > SHOWN ? [...sentences, `And ${codes.length - SHOWN} other kinds`] : sentences;
}

/** The first of the records at the end of the file that have no row; one past the end where all have one. */
function firstUncommitted({ records, findings }: Verification): number {
  const missing = new Set(findings.filter(({ code }) => code === 'LEDGER_ROW_MISSING').map(({ sequence }) => sequence));
  let first = records + 1;
  while (missing.has(first - 1)) first -= 1;
  return first;
}

/** Whether a process that was cut short leaves such a thing. */
function isLeftOver({ code, sequence = 0 }: Finding, first: number, records: number): boolean {
  if (code === 'LEDGER_TORN') return true;
  if (code === 'LEDGER_ROW_MISSING' || code === 'PAYLOAD_ROW_MISSING') return sequence >= first;
  return code === 'PAYLOAD_UNKNOWN' && sequence > records;
}

function interrupted(first: number, records: number, command: CommandLine): Diagnosis {
  const many = first < records ? `Records ${first} to ${records} stand` : `Record ${records} stands`;
  const uncommitted =
    `${many} in the file and not in the database: what they tell of was rolled back or cut short, or the database ` +
    'is an older one';
  const torn = 'A run was cut short while it wrote to the ledger, whose end is torn';
  return {
    ok: false,
    detail: first <= records ? uncommitted : torn,
    next: `Run ${command('build')}: it keeps what is torn aside and records what this database does not hold.`,
  };
}

function remedy(errors: readonly Finding[], records: number, command: CommandLine): string {
  const some = (codes: readonly FindingCode[]) => errors.some(({ code }) => codes.includes(code));
  const isRow = ({ code }: Finding) => ROWS.includes(code);
  if (some(OTHER_HISTORY)) {
    return 'Leave .warehouse as it is. Either the checkpoint is of another ledger, or the history was changed after it was taken: compare with a backup.';
  }
  if (some(OTHER_KEY)) return 'Give the file as `warehouse checkpoint` wrote it, and the public key of this ledger.';
  const isCutOff = errors.every((finding) => isRow(finding) && (finding.sequence ?? 0) > records);
  if (isCutOff || !errors.some(isRow)) {
    return `Find out who changed the files; then run ${command('restore-ledger files --reason "what happened"')}. It makes them anew from the database and keeps these aside.`;
  }
  const restore = command('restore-ledger rows --reason "what happened" --checkpoint FILE');
  return `Run ${command('verify --checkpoint FILE')} with a checkpoint that was kept. If the file agrees with it, run ${restore}; if not, the same with files in place of rows.`;
}
