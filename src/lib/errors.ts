/**
 * The one error type that the command line understands.
 *
 * - `usage` (exit code 2): what the person wrote is wrong: name file, line, key and the nearest valid key.
 * - `data` (exit code 3): what a source sent, or a model made of it, is wrong.
 * - `fault` (exit code 1): ours or the machine's.
 *
 * The exit code is that of an error that ends the command. A build goes on where a model or a test fails, whatever the
 * kind of its error, and ends with 3.
 */
export type ErrorKind = 'usage' | 'data' | 'fault';

export const EXIT_CODE: Record<ErrorKind, number> = { fault: 1, usage: 2, data: 3 };

/** Where it happened: whatever of this is known. */
export interface ErrorPlace {
  file?: string;
  line?: number;
  column?: number;
  byte?: number;
  /** Of a workbook: `Variables!D7 (Label)`. */
  cell?: string;
  subject?: string;
  model?: string;
}

export interface ErrorDetail {
  kind: ErrorKind;
  /** Stable, searchable: `ODM_TRUNCATED`, `CONFIG_UNKNOWN_KEY`. Never changes once released. */
  code: string;
  /** What happened, one sentence, no value of restricted data in it. */
  message: string;
  place?: ErrorPlace;
  /** What to do next, one sentence. */
  next?: string;
  cause?: unknown;
}

export class WarehouseError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly place: ErrorPlace;
  readonly next?: string;

  constructor(detail: ErrorDetail) {
    super(detail.message, { cause: detail.cause });
    this.name = 'WarehouseError';
    this.kind = detail.kind;
    this.code = detail.code;
    this.place = detail.place ?? {};
    this.next = detail.next;
  }
}

/** `data/edc.xml, line 3, column 14, byte 211` */
export function describePlace(place: ErrorPlace): string {
  const parts: string[] = [];
  if (place.model !== undefined) parts.push(`model ${place.model}`);
  if (place.file !== undefined) parts.push(place.file);
  if (place.line !== undefined) parts.push(`line ${place.line}`);
  if (place.column !== undefined) parts.push(`column ${place.column}`);
  if (place.byte !== undefined) parts.push(`byte ${place.byte}`);
  if (place.cell !== undefined) parts.push(`cell ${place.cell}`);
  if (place.subject !== undefined) parts.push(`subject ${place.subject}`);
  return parts.join(', ');
}

/** That of a command which ends with this error, or well. */
export const exitCodeFor = (error: Pick<WarehouseError, 'kind'> | undefined): number =>
  error === undefined ? 0 : EXIT_CODE[error.kind];
