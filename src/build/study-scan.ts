import type { Batch } from '../lib/batch.ts';
import type { EventSink } from '../lib/events.ts';
import { readDocument } from '../load/odm/document.ts';
import type { SourceFile } from '../load/source-file.ts';
import type { OdmNode } from '../odm/definition.ts';
import { Dictionary } from '../odm/dictionary.ts';

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
 * Reads an ODM file, plain or packed, through to its end.
 *
 * @throws data ODM_*, SOURCE_UNREADABLE, SOURCE_GZIP
 */
export async function scanStudy(file: SourceFile, events: EventSink): Promise<StudyScan> {
  const dictionary = new Dictionary();
  const codes = new Set<number>();
  const { summary, studies } = await readDocument(file, events, {
    engine: 'tokenizer',
    system: '',
    environment: '',
    study: '',
    firstKey: 1,
    dictionary,
    onBatch: (batch) => noteItemGroups(batch, codes),
  });
  return {
    studies,
    oids: summary.studies.map(({ oid }) => oid).filter((oid) => oid !== ''),
    dialect: summary.dialect,
    itemGroups: new Set([...codes].map((code) => dictionary.text(code) ?? '')),
    holdsData: summary.counts.SubjectData > 0 || summary.counts.ItemGroupData > 0,
  };
}

function noteItemGroups({ table, columns, length }: Batch, codes: Set<number>): void {
  if (table.name !== 'item_group_data') return;
  const column = columns.find(({ layout }) => layout.name === 'item_group_code');
  if (column?.kind !== 'fixed') return;
  for (let row = 0; row < length; row++) codes.add(column.values[row]);
}
