import type { RowDifferences } from './row-cursor.ts';

export type FindingCode =
  | 'LEDGER_TORN'
  | 'LEDGER_NOT_CANONICAL'
  | 'LEDGER_SEQUENCE'
  | 'LEDGER_CHAIN'
  | 'LEDGER_TIME'
  | 'LEDGER_ROW_MISSING'
  | 'LEDGER_ROW_CHANGED'
  | 'LEDGER_ROW_UNKNOWN'
  | 'PAYLOAD_NOT_CANONICAL'
  | 'PAYLOAD_MISSING'
  | 'PAYLOAD_CHANGED'
  | 'PAYLOAD_UNKNOWN'
  | 'PAYLOAD_REDACTED'
  | 'PAYLOAD_REDACTION_UNRECORDED'
  | 'PAYLOAD_REDACTION_UNFINISHED'
  | 'PAYLOAD_ROW_MISSING'
  | 'PAYLOAD_ROW_CHANGED'
  | 'PAYLOAD_ROW_UNKNOWN'
  | 'CHECKPOINT_MALFORMED'
  | 'CHECKPOINT_SIGNATURE'
  | 'CHECKPOINT_NOT_VERIFIED'
  | 'CHECKPOINT_SIZE'
  | 'CHECKPOINT_ROOT';

export interface Finding {
  readonly code: FindingCode;
  /** `notice`: worth knowing, and no sign of tampering. */
  readonly severity: 'error' | 'notice';
  readonly sequence?: number;
  readonly message: string;
}

const NOTICES: ReadonlySet<FindingCode> = new Set(['LEDGER_TIME', 'PAYLOAD_REDACTED', 'CHECKPOINT_NOT_VERIFIED']);

/** Takes a finding down. */
export type Report = (code: FindingCode, message: string, sequence?: number) => void;

export function reportTo(findings: Finding[]): Report {
  return (code, message, sequence) => {
    findings.push({ code, severity: NOTICES.has(code) ? 'notice' : 'error', sequence, message });
  };
}

/** Reports how rows of audit.ledger differ from the file. */
export function recordRowReport(report: Report): RowDifferences {
  return {
    missing: (sequence) => report('LEDGER_ROW_MISSING', 'The record has no row in the database.', sequence),
    changed: (sequence) => report('LEDGER_ROW_CHANGED', 'The row of the record is not what the file says.', sequence),
    unknown: (sequence) => report('LEDGER_ROW_UNKNOWN', 'A row has no record in the file.', sequence),
  };
}

/** Reports how rows of audit.payload differ from the file. */
export function payloadRowReport(report: Report): RowDifferences {
  return {
    missing: (sequence) => report('PAYLOAD_ROW_MISSING', 'The payload has no row in the database.', sequence),
    changed: (sequence) => report('PAYLOAD_ROW_CHANGED', 'The row of the payload is not what the file says.', sequence),
    unknown: (sequence) => report('PAYLOAD_ROW_UNKNOWN', 'A row has no payload in the file.', sequence),
  };
}
