import { RANK } from '../../odm/collect/rank.ts';
import { Element } from '../../odm/collect/vocabulary.ts';
import { attributesOf, type ColumnValue, type Leaf, type Writing, writeContent } from './content.ts';
import { NO_NODES } from './owner-nodes.ts';
import type { Entry, RowIndex } from './row-index.ts';
import type { Node, Row } from './rows.ts';

type Record = Extract<Entry, { is: 'audit_record' | 'signature' }>;

type LeafName = keyof typeof Element &
  ('UserRef' | 'LocationRef' | 'SignatureRef' | 'DateTimeStamp' | 'ReasonForChange' | 'SourceID');

/** AuditRecord and Signature; the inverse of src/odm/collect/record.ts. */
export function writeRecord(writing: Writing, index: RowIndex, record: Record, ownLines: boolean): void {
  const { out, prefixes, odm: namespace } = writing;
  const { row } = record;
  const nodes = index.nodes(row.key);
  const reference = (name: LeafName, attribute: ColumnValue): Leaf => {
    return { namespace, names: [name], rank: RANK[Element[name]], attribute };
  };
  const text = (name: LeafName, value: string | null): Leaf => {
    return { namespace, names: [name], rank: RANK[Element[name]], text: value };
  };
  const leaves = [
    reference('UserRef', ['UserOID', row.user_code]),
    reference('LocationRef', ['LocationOID', row.location_code]),
    text('DateTimeStamp', row.datetime),
  ];
  const columns: ColumnValue[] = [['ID', row.id]];
  if (record.is === 'signature') {
    leaves.push(reference('SignatureRef', ['SignatureOID', record.row.signature_code]));
  } else {
    const { edit_point_code, used_imputation_code, reason, source_id } = record.row;
    columns.push(['EditPoint', edit_point_code], ['UsedImputationMethod', used_imputation_code]);
    leaves.push(text('ReasonForChange', reason), text('SourceID', source_id));
  }
  const name = record.is === 'signature' ? 'Signature' : 'AuditRecord';
  out.open(prefixes.element(namespace, name), attributesOf(writing, nodes.attributes(0), columns), ownLines);
  writeContent(writing, {
    nodes,
    children: writing.children(writing, index, row.key, null, ownLines),
    leaves,
    ownLines,
  });
  out.close();
}

/** An entry of an audit log as the dialect writes it; the inverse of src/odm/collect/audit-log.ts. */
export function writeAuditLogEntry(
  writing: Writing,
  index: RowIndex,
  row: Row<'audit_record'>,
  ownLines: boolean,
): void {
  const { out, prefixes } = writing;
  const { element, id, user, datetime, reason } = writing.auditLog!;
  const nodes = index.nodes(row.key);
  const columns: ColumnValue[] = [
    [id, row.id],
    [user, row.user_code],
    [datetime, row.datetime],
    [reason, row.reason],
  ];
  out.open(
    prefixes.element(element.namespace, element.name),
    attributesOf(writing, nodes.attributes(0), columns),
    ownLines,
  );
  writeContent(writing, { nodes, children: writing.children(writing, index, row.key, null, ownLines), ownLines });
  out.close();
}

/** Annotation with its comment and flags; the inverse of src/odm/collect/annotation.ts. */
export function writeAnnotation(
  writing: Writing,
  index: RowIndex,
  rows: readonly Row<'annotation'>[],
  ownLines: boolean,
): void {
  const { out, prefixes, odm: namespace } = writing;
  const [first, ...flags] = [...rows].sort((one, other) => one.flag - other.flag);
  const nodes = index.nodes(first.key);
  const columns: ColumnValue[] = [
    ['ID', first.id],
    ['SeqNum', first.sequence],
    ['TransactionType', first.transaction_code],
  ];
  const comment: Leaf = {
    namespace,
    names: ['Comment'],
    rank: RANK[Element.Comment],
    attribute: ['SponsorOrSite', first.sponsor_or_site_code],
    text: first.comment,
  };
  out.open(prefixes.element(namespace, 'Annotation'), attributesOf(writing, nodes.attributes(0), columns), ownLines);
  const children = writing.children(writing, index, first.key, null, ownLines);
  const writes = flags.map((row) => (mark?: Node) => writeFlag(writing, index, row, mark, ownLines));
  writeContent(writing, { nodes, children, leaves: [comment], repeated: { names: ['Flag'], writes }, ownLines });
  out.close();
}

function writeFlag(
  writing: Writing,
  index: RowIndex,
  row: Row<'annotation'>,
  mark: Node | undefined,
  ownLines: boolean,
): void {
  const { out, prefixes, odm: namespace } = writing;
  const leaves: Leaf[] = [
    {
      namespace,
      names: ['FlagValue'],
      rank: RANK[Element.FlagValue],
      attribute: ['CodeListOID', row.flag_code_list_code],
      text: row.flag_value,
    },
    {
      namespace,
      names: ['FlagType'],
      rank: RANK[Element.FlagType],
      attribute: ['CodeListOID', row.flag_type_code_list_code],
      text: row.flag_type,
    },
  ];
  const nodes = mark === undefined ? NO_NODES : index.nodes(row.key).within(mark);
  out.open(prefixes.element(namespace, 'Flag'), attributesOf(writing, nodes.attributes(0)), ownLines);
  const children = writing
    .children(writing, index, row.key, null, ownLines)
    .filter(({ place }) => nodes.hasElementAt(place));
  writeContent(writing, { nodes, children, leaves, ownLines });
  out.close();
}

/** A query as the dialect writes it; the inverse of src/odm/collect/query.ts. `name`: what a node calls it. */
export function writeQuery(
  writing: Writing,
  index: RowIndex,
  row: Row<'query'>,
  name: { readonly namespace: string; readonly name: string } | undefined,
  ownLines: boolean,
): void {
  const { out, prefixes, odm, queries } = writing;
  const nodes = index.nodes(row.key);
  const standard = row.parent_key === 0 ? queries[0] : (queries[1] ?? queries[0]);
  const called = name ?? standard.element;
  const query =
    queries.find(({ element }) => element.namespace === called.namespace && element.name === called.name) ?? standard;
  const columns: ColumnValue[] = [];
  const column = (attribute: string | undefined, value: string | null) => {
    if (attribute !== undefined) columns.push([attribute, value]);
  };
  column(query.id, row.id);
  column(query.type, row.type_code);
  column(query.recipient, row.recipient_code);
  column(query.status, row.status_code);
  column(query.datetime, row.datetime);
  column(query.text, row.text);
  column(query.response, row.response);
  const leaves: Leaf[] = [
    { namespace: odm, names: ['UserRef'], rank: RANK[Element.UserRef], attribute: ['UserOID', row.user_code] },
  ];
  const { textElement } = query;
  if (textElement !== undefined) {
    leaves.push({ namespace: textElement.namespace, names: [textElement.name], rank: RANK[0], text: row.text });
  }
  out.open(
    prefixes.element(called.namespace, called.name),
    attributesOf(writing, nodes.attributes(0), columns),
    ownLines,
  );
  writeContent(writing, {
    nodes,
    children: writing.children(writing, index, row.key, null, ownLines),
    leaves,
    ownLines,
  });
  out.close();
}
