import { WarehouseError } from '../lib/errors.ts';

const NEXT = {
  ODM_NOT_WELL_FORMED:
    'Ask the sender for a well-formed file; nothing of this one was read. With on_malformed: recover of its source all lands but the subjects that are damaged.',
  ODM_TRUNCATED: 'Fetch the file again: it ends before the end of the document.',
  ODM_EMPTY: 'Fetch the file again: it holds no document.',
  ODM_DOCTYPE: 'Ask the sender for the file without a document type declaration; ODM needs none.',
  ODM_ENCODING: 'Ask the sender for the encoding of the file, or for the file in UTF-8.',
  ODM_KEY_MISSING: 'Ask the sender for a file in which every element has its key; nothing of this one was read.',
  ODM_TRANSACTION_TYPE: 'Ask the sender what it means, and for a file that says so; nothing of this one was read.',
  ODM_NOT_ODM: 'Check that the source sends ODM 1.2, 1.3 or 2.0; an error response of a web service is no ODM.',
  ODM_TOO_DAMAGED: 'Ask the sender for a well-formed file; nothing of this one was read.',
  ODM_TOO_LARGE: 'Ask the sender to split it, or report it if it is legitimate.',
} as const;

export type OdmErrorCode = keyof typeof NEXT;

/**
 * An error about the bytes of an ODM document. `byte` counts from 0 in the UTF-8 stream; engines add line and column.
 * `subject`: the SubjectKey that it stands under.
 */
export function refuse(code: OdmErrorCode, message: string, byte?: number, subject?: string): WarehouseError {
  return new WarehouseError({ kind: 'data', code, message, place: { byte, subject }, next: NEXT[code] });
}
