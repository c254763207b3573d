import { WarehouseError } from '../../lib/errors.ts';
import type { EventSink } from '../../lib/events.ts';
import type { OdmNode } from '../../odm/definition.ts';
import { OdmReader, type OdmReaderOptions, type OdmSummary } from '../../odm/reader.ts';
import { contentOf, type SourceFile } from '../source-file.ts';

export interface ReadDocument {
  readonly summary: OdmSummary;
  /** Its Study elements. */
  readonly studies: readonly OdmNode[];
}

/**
 * Reads an ODM file, plain or packed, through to its end. `onChunk` sees each piece of it before it is read.
 * @throws data ODM_*, SOURCE_UNREADABLE, SOURCE_GZIP, SOURCE_ZIP, with the name of the file
 */
export async function readDocument(
  file: SourceFile,
  events: EventSink,
  options: Omit<OdmReaderOptions, 'onDefinition'>,
  onChunk: (chunk: Uint8Array) => void = () => {},
): Promise<ReadDocument> {
  const studies: OdmNode[] = [];
  const reader = new OdmReader({
    ...options,
    onDefinition: (node) => {
      if (node.name === 'Study') studies.push(node);
    },
  });
  try {
    for await (const chunk of contentOf(file, events, file.name)) {
      onChunk(chunk);
      reader.write(chunk);
    }
    return { summary: reader.end(), studies };
  } catch (error) {
    if (!(error instanceof WarehouseError) || error.place.file !== undefined) throw error;
    const { kind, code, message, place, next = 'Nothing of this file was loaded.' } = error;
    throw new WarehouseError({ kind, code, message, place: { ...place, file: file.name }, next, cause: error });
  }
}
