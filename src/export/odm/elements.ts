import { RANK } from '../../odm/collect/rank.ts';
import { Element } from '../../odm/collect/vocabulary.ts';
import { attributesOf, type Child, type ColumnValue, type Leaf, type Writing, writeContent } from './content.ts';
import { writeItem } from './item.ts';
import type { OwnerNodes } from './owner-nodes.ts';
import { writeAnnotation, writeAuditLogEntry, writeQuery, writeRecord } from './records.ts';
import type { Entry, RowIndex } from './row-index.ts';
import type { Row } from './rows.ts';

const DEEPER = RANK[Element.ItemGroupData];

/** As Writing.children. */
export const childrenOf: Writing['children'] = (writing, index, key, item, ownLines) =>
  index.entries(key, item).map((entry) => childOf(writing, index, entry, ownLines));

/** An element that has rows, as it is to be written. */
export function childOf(writing: Writing, index: RowIndex, entry: Entry, ownLines: boolean): Child {
  const { place } = entry;
  switch (entry.is) {
    case 'subject_data':
      return { place, rank: DEEPER, write: () => writeSubject(writing, index, entry.row) };
    case 'study_event_data': {
      const { row } = entry;
      const columns: ColumnValue[] = [
        ['StudyEventOID', row.study_event_code],
        ['StudyEventRepeatKey', row.repeat_key_code],
      ];
      return { place, rank: DEEPER, write: () => writeLevel(writing, index, 'StudyEventData', row, columns) };
    }
    case 'form_data': {
      const { row } = entry;
      const columns: ColumnValue[] = [
        ['FormOID', row.form_code],
        ['FormRepeatKey', row.repeat_key_code],
      ];
      return { place, rank: DEEPER, write: () => writeLevel(writing, index, 'FormData', row, columns) };
    }
    case 'item_group_data':
      return { place, rank: DEEPER, write: () => writeItemGroup(writing, index, entry.row) };
    case 'item_data':
      return { place, rank: DEEPER, write: () => writeItem(writing, index, entry.rows) };
    case 'audit_record':
      return {
        place,
        rank: RANK[Element.AuditRecord],
        write: (name) => {
          if (name !== undefined && name.name === writing.auditLog?.element.name)
            writeAuditLogEntry(writing, index, entry.row, ownLines);
          else writeRecord(writing, index, entry, ownLines);
        },
      };
    case 'signature':
      return { place, rank: RANK[Element.Signature], write: () => writeRecord(writing, index, entry, ownLines) };
    case 'annotation':
      return {
        place,
        rank: RANK[Element.Annotation],
        write: () => writeAnnotation(writing, index, entry.rows, ownLines),
      };
    default:
      // In another element, white space may be part of a text.
      return { place, write: (name) => writeQuery(writing, index, entry.row, name, ownLines && name === undefined) };
  }
}

function writeSubject(writing: Writing, index: RowIndex, row: Row<'subject_data'>): void {
  const { odm: namespace } = writing;
  const leaves: Leaf[] = [
    {
      namespace,
      names: ['InvestigatorRef'],
      rank: RANK[Element.InvestigatorRef],
      attribute: ['UserOID', row.investigator_code],
    },
    { namespace, names: ['SiteRef'], rank: RANK[Element.SiteRef], attribute: ['LocationOID', row.site_code] },
  ];
  writeLevel(writing, index, 'SubjectData', row, [['SubjectKey', row.subject_key]], leaves);
}

function writeItemGroup(writing: Writing, index: RowIndex, row: Row<'item_group_data'>): void {
  const nodes = index.nodes(row.key);
  // ItemGroupDataSeq is the repeat key where ItemGroupRepeatKey was not sent; where both were, both are rows.
  const bySequence = nodes.value(0, 'ItemGroupDataSeq') !== undefined;
  const columns: ColumnValue[] = [
    ['ItemGroupOID', row.item_group_code],
    ['ItemGroupRepeatKey', bySequence ? null : row.repeat_key_code],
  ];
  writeLevel(writing, index, 'ItemGroupData', row, columns, [], nodes);
}

function writeLevel(
  writing: Writing,
  index: RowIndex,
  element: string,
  row: { key: number; transaction_code: string | null },
  columns: readonly ColumnValue[],
  leaves: readonly Leaf[] = [],
  nodes: OwnerNodes = index.nodes(row.key),
): void {
  const { out, prefixes, odm } = writing;
  const all = [...columns, ['TransactionType', row.transaction_code] as const];
  out.open(prefixes.element(odm, element), attributesOf(writing, nodes.attributes(0), all), true);
  writeContent(writing, { nodes, children: childrenOf(writing, index, row.key, null, true), leaves, ownLines: true });
  out.close();
}
