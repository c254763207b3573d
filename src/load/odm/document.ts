import { WarehouseError } from '../../lib/errors.ts';
import type { EventSink } from '../../lib/events.ts';
import type { OdmNode } from '../../odm/definition.ts';
import { OdmReader, type OdmReaderOptions, type OdmSummary } from '../../odm/reader.ts';
import { Cutter } from '../../odm/recover/cutter.ts';
import type { Damage } from '../../odm/recover/damage.ts';
import { contentOf } from '../packing/content.ts';
import type { SourceFile } from '../source-file.ts';

export interface ReadDocument {
  readonly summary: OdmSummary;
  /** Its Study elements. */
  readonly studies: readonly OdmNode[];
}

/**
 * Reads an ODM file, plain or packed, through to its end. `onChunk` sees each piece of it before it is read, as it came
 * and without its damage.
 * @param damages what is not read of it
 * @throws data ODM_*, SOURCE_UNREADABLE, SOURCE_GZIP, SOURCE_ZIP, with the name of the file
 */
export async function readDocument(
  file: SourceFile,
  events: EventSink,
  options: Omit<OdmReaderOptions, 'onDefinition'>,
  onChunk: (chunk: Uint8Array, undamaged: Uint8Array) => void = () => {},
  damages: readonly Damage[] = [],
): Promise<ReadDocument> {
  const studies: OdmNode[] = [];
  const reader = new OdmReader({
    ...options,
    onDefinition: (node) => {
      if (node.name === 'Study') studies.push(node);
    },
  });
  const cutter = new Cutter(damages);
  try {
    for await (const chunk of contentOf(file, events, file.name)) {
      const undamaged = cutter.pass(chunk);
      onChunk(chunk, undamaged);
      reader.write(undamaged);
    }
    return { summary: reader.end(), studies };
  } catch (error) {
    throw inFile(file, error);
  }
}

/** An error about a document, told as one of its file. Others pass through. */
export function inFile(file: SourceFile, error: unknown): unknown {
  if (!(error instanceof WarehouseError) || error.place.file !== undefined) return error;
  const { kind, code, message, place, next = 'Nothing of this file was loaded.' } = error;
  return new WarehouseError({ kind, code, message, place: { ...place, file: file.name }, next, cause: error });
}
