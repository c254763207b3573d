import type { OdmErrorCode } from '../refusal.ts';

/** A span of a document that cannot be used: a subject, or several, from the start tag to where reading goes on. */
export interface Damage {
  /** Byte of its first and behind its last, from 0. */
  readonly start: number;
  readonly end: number;
  /** What is wrong with it, as the reader says it, and at which byte. */
  readonly code: OdmErrorCode;
  readonly message: string;
  readonly byte: number;
  /** An end tag that is missing because it stood in the span. */
  readonly lost?: Buffer;
  /** Whether it is of a study whose data do not land: nor do its bytes. */
  readonly isForeign: boolean;
}

/** Errors that may be those of one subject. Others are of the document as a whole, or guard against hostile ones. */
export const RECOVERABLE: ReadonlySet<string> = new Set<OdmErrorCode>([
  'ODM_NOT_WELL_FORMED',
  'ODM_ENCODING',
  'ODM_KEY_MISSING',
  'ODM_TRANSACTION_TYPE',
]);

/** What is damaged beyond these bounds is refused: what is left of it would be taken for the document. */
export const BOUNDS = {
  /** Spans in one document. */
  spans: 1000,
  /** Bytes of one span. */
  bytes: 16 << 20,
  /** Share of the bytes of the document. */
  share: 0.5,
} as const;
