import type { Batch } from '../lib/batch.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';
import { contentOf, type SourceFile } from '../load/source-file.ts';
import type { OdmNode } from '../odm/definition.ts';
import { Dictionary } from '../odm/dictionary.ts';
import { OdmReader } from '../odm/reader.ts';

/** What stands in one ODM file. */
export interface StudyScan {
  /** Its Study elements. */
  readonly studies: readonly OdmNode[];
  /** Every StudyOID of data and definitions, in the order of their first mention. */
  readonly oids: readonly string[];
  readonly dialect: string;
  /** OIDs of the item groups that hold data. */
  readonly itemGroups: ReadonlySet<string>;
  /** Whether there are subjects or item groups in it, and not definitions alone. */
  readonly holdsData: boolean;
}

/**
 * Reads an ODM file, plain or gzipped, through to its end.
 *
 * @throws data ODM_*, SOURCE_UNREADABLE, SOURCE_GZIP
 */
export async function scanStudy(file: SourceFile, events: EventSink): Promise<StudyScan> {
  const studies: OdmNode[] = [];
  const dictionary = new Dictionary();
  const codes = new Set<number>();
  const reader = new OdmReader({
    engine: 'tokenizer',
    system: '',
    environment: '',
    study: '',
    firstKey: 1,
    dictionary,
    onBatch: (batch) => noteItemGroups(batch, codes),
    onDefinition: (node) => {
      if (node.name === 'Study') studies.push(node);
    },
  });
  try {
    for await (const chunk of contentOf(file, events, file.name)) reader.write(chunk);
    const { studies: tallies, dialect, counts } = reader.end();
    return {
      studies,
      oids: tallies.map(({ oid }) => oid).filter((oid) => oid !== ''),
      dialect,
      itemGroups: new Set([...codes].map((code) => dictionary.text(code) ?? '')),
      holdsData: counts.SubjectData > 0 || counts.ItemGroupData > 0,
    };
  } catch (error) {
    if (!(error instanceof WarehouseError) || error.place.file !== undefined) throw error;
    throw new WarehouseError({
      ...error,
      message: error.message,
      place: { ...error.place, file: file.name },
      cause: error,
    });
  }
}

function noteItemGroups({ table, columns, length }: Batch, codes: Set<number>): void {
  if (table.name !== 'item_group_data') return;
  const column = columns.find(({ layout }) => layout.name === 'item_group_code');
  if (column?.kind !== 'fixed') return;
  for (let row = 0; row < length; row++) codes.add(column.values[row]);
}
