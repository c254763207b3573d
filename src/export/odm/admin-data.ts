import { RANK } from '../../odm/collect/rank.ts';
import { Element } from '../../odm/collect/vocabulary.ts';
import { attributesOf, type Leaf, type Writing, writeContent, writeElement } from './content.ts';
import { NO_NODES, push } from './owner-nodes.ts';
import type { RowIndex } from './row-index.ts';
import type { Row } from './rows.ts';

/** The parts of a user's name: the column, and the element in ODM 1.3 and 2.0. */
const USER_PARTS = [
  ['login_name', 'LoginName', 'UserName'],
  ['display_name', 'DisplayName', 'DisplayName'],
  ['full_name', 'FullName', 'FullName'],
  ['first_name', 'FirstName', 'GivenName'],
  ['last_name', 'LastName', 'FamilyName'],
  ['organization', 'Organization', 'Organization'],
] as const;

/** AdminData: users and locations have no place of their own (src/odm/collect/admin-data.ts). */
export function writeAdminData(writing: Writing, index: RowIndex, key: number): void {
  const { out, prefixes, odm } = writing;
  const nodes = index.nodes(key);
  const locations = new Map<number, Row<'location'>[]>();
  for (const row of index.rows.location) if (row.parent_key === key) push(locations, row.key, row);
  const users = index.rows.user.filter(({ parent_key }) => parent_key === key);
  const writes = [
    ...users.map((row) => ({ key: row.key, write: () => writeUser(writing, index, row) })),
    ...[...locations.values()].map((rows) => ({ key: rows[0].key, write: () => writeLocation(writing, index, rows) })),
  ].sort((one, other) => one.key - other.key);
  out.open(prefixes.element(odm, 'AdminData'), attributesOf(writing, nodes.attributes(0)), true);
  writeContent(writing, {
    nodes,
    children: writing.children(writing, index, key, null, true),
    repeated: {
      names: ['User', 'Location'],
      writes: writes.map(
        ({ write }) =>
          () =>
            write(),
      ),
    },
    ownLines: true,
  });
  out.close();
}

function writeUser(writing: Writing, index: RowIndex, row: Row<'user'>): void {
  const { out, prefixes, odm, isVersion2 } = writing;
  const nodes = index.nodes(row.key);
  const columns = [['OID', row.user_code] as const, ['UserType', row.user_type] as const];
  const leaves = USER_PARTS.map(([column, older, newer]): Leaf => {
    const names = isVersion2 ? [newer, older] : [older, newer];
    return { namespace: odm, names, rank: RANK[Element[older]], text: row[column] };
  });
  out.open(prefixes.element(odm, 'User'), attributesOf(writing, nodes.attributes(0), columns), true);
  writeContent(writing, {
    nodes,
    children: writing.children(writing, index, row.key, null, true),
    leaves,
    ownLines: true,
  });
  out.close();
}

function writeLocation(writing: Writing, index: RowIndex, rows: readonly Row<'location'>[]): void {
  const { out, prefixes, odm } = writing;
  const [{ key, location_code, name, location_type }] = rows;
  const nodes = index.nodes(key);
  const own = [['OID', location_code] as const, ['Name', name] as const, ['LocationType', location_type] as const];
  out.open(prefixes.element(odm, 'Location'), attributesOf(writing, nodes.attributes(0), own), true);
  const content = { nodes, children: writing.children(writing, index, key, null, true), ownLines: true };
  const marks = nodes.elements(0, odm, 'MetaDataVersionRef').length;
  const references = marks === 0 ? rows.filter(hasReference) : rows;
  const writes = references.map((row) => (mark?: (typeof index.rows.attribute)[number]) => {
    const columns = [
      ['StudyOID', row.study_code] as const,
      ['MetaDataVersionOID', row.metadata_version_code] as const,
      ['EffectiveDate', row.effective_date] as const,
    ];
    if (mark !== undefined) return writeElement(writing, content, mark, { columns });
    out.open(prefixes.element(odm, 'MetaDataVersionRef'), attributesOf(writing, NO_NODES.attributes(0), columns), true);
    out.close();
  });
  writeContent(writing, { ...content, repeated: { names: ['MetaDataVersionRef'], writes } });
  out.close();
}

/** A location without references has a row all the same. */
function hasReference({ study_code, metadata_version_code, effective_date }: Row<'location'>): boolean {
  return study_code !== null || metadata_version_code !== null || effective_date !== null;
}
