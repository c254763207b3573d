import { ODM_TABLES, type OdmTableName } from '../../odm/layout.ts';

type Layout = (typeof ODM_TABLES)[OdmTableName][number];

/** What is computed from what was sent: identities, hashes, times in UTC. No element is made of it. */
type Derived = 'identity' | 'content_hash' | 'datetime_utc';
const DERIVED: ReadonlySet<string> = new Set<Derived>(['identity', 'content_hash', 'datetime_utc']);

type CellOf<Column extends Layout> = Column extends { dictionary: true } | { type: 'utf8'; nullable: true }
  ? string | null
  : Column extends { type: 'utf8' }
    ? string
    : number;

/** A row of a table of raw: codes resolved to their texts, keys and places as numbers, without what is derived. */
export type Row<Table extends OdmTableName> = {
  [Column in (typeof ODM_TABLES)[Table][number] as Exclude<Column['name'], Derived>]: CellOf<Column>;
};

/** The columns of a table that its rows have here. */
export function rowColumns(table: OdmTableName) {
  return ODM_TABLES[table].filter(({ name }) => !DERIVED.has(name));
}

/** `status` is never filled. */
export type RowTable = Exclude<OdmTableName, 'status'>;
export const ROW_TABLES = Object.keys(ODM_TABLES).filter((name) => name !== 'status') as RowTable[];

/** Some rows of each table, in the order of their keys; the rows of a location in the order of its references. */
export type RowSet = { readonly [Table in RowTable]: readonly Row<Table>[] };

export type Node = Row<'attribute'>;
