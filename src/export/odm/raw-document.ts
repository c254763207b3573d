import type { RootAttributes } from '../../odm/collect/document.ts';
import { LEVELS, NodeKind } from '../../odm/layout.ts';
import { type Connection, identifier } from '../../store/connection.ts';
import type { OutlineEntry, RawDocument, Stretch } from './document.ts';
import { push } from './owner-nodes.ts';
import { type Node, ROW_TABLES, type Row, type RowSet, type RowTable, rowColumns } from './rows.ts';

/** Entries of the outline that are read at a time. */
const PAGE = 4096;
/** Keys that a stretch spans, unless one element has more. */
const SPAN = 8192;
/** Nodes of a container up to which they are read with what stands in it; and, of more, how many at a time. */
const LIGHT = 512;
const NODES = 4096;

const level = (name: (typeof LEVELS)[number]) => LEVELS.indexOf(name);
const ATTRIBUTES = [NodeKind.attribute, NodeKind.attributeWithRawWhiteSpace].join(', ');

export interface RawPart {
  readonly root: RootAttributes;
  readonly namespace: string;
  readonly dialect: string;
  readonly firstKey: number;
  readonly lastKey: number;
}

/** What of one part lies in raw, read subject by subject. */
export class StoredDocument implements RawDocument {
  readonly root: RootAttributes;
  readonly namespace: string;
  readonly dialect: string;
  readonly hasQueries: boolean;
  readonly namespaces: RawDocument['namespaces'];
  readonly #connection: Connection;
  readonly #first: number;
  readonly #last: number;
  /** The texts of raw.dictionary, index = code. */
  readonly #texts: readonly (string | null)[];
  /** Queries that stand in nodes of containers: few, if any. */
  readonly #queries: readonly Row<'query'>[];
  /** Of the containers in the present stretch: all nodes of those that have few, and the rows of ClinicalData. */
  #light: ReadonlyMap<number, readonly Node[]> = new Map();
  #clinicalData: ReadonlyMap<number, Row<'clinical_data'>> = new Map();
  readonly #heavy = new Set<number>();

  private constructor(
    connection: Connection,
    part: RawPart,
    texts: readonly (string | null)[],
    found: Pick<RawDocument, 'hasQueries' | 'namespaces'> & { queries: readonly Row<'query'>[] },
  ) {
    this.root = part.root;
    this.namespace = part.namespace;
    this.dialect = part.dialect;
    this.#first = part.firstKey;
    this.#last = part.lastKey;
    this.#connection = connection;
    this.#texts = texts;
    this.hasQueries = found.hasQueries;
    this.namespaces = found.namespaces;
    this.#queries = found.queries;
  }

  static async open(connection: Connection, part: RawPart): Promise<StoredDocument> {
    const dictionary = await connection.rows<{ text: string | null }>('SELECT text FROM raw.dictionary ORDER BY code');
    const texts = dictionary.map(({ text }) => text);
    const range = `BETWEEN ${part.firstKey} AND ${part.lastKey}`;
    const used = async (kinds: string) => {
      const rows = await connection.rows<{ namespace_code: number }>(
        `SELECT DISTINCT namespace_code FROM raw.attribute WHERE element_key ${range} AND kind IN (${kinds})`,
      );
      return rows.map(({ namespace_code }) => texts[namespace_code] ?? '');
    };
    const [asked] = await connection.rows<{ any: boolean }>(
      `SELECT count(*) > 0 AS any FROM raw.query WHERE key ${range}`,
    );
    const namespaces = { elements: await used(String(NodeKind.element)), attributes: await used(ATTRIBUTES) };
    const inContainers = `key ${range} AND item_code = 0 AND element_key IN (
      SELECT key FROM raw.element WHERE key ${range} AND level <> ${level('AdminData')}
      UNION ALL SELECT key FROM raw.clinical_data WHERE key ${range})`;
    const queries = await rowsOf(connection, texts, 'query', inContainers);
    return new StoredDocument(connection, part, texts, { hasQueries: asked?.any ?? false, namespaces, queries });
  }

  /** Cuts the outline where the span of keys grows too large, and reads what stands in each piece of it. */
  async *stretches(): AsyncGenerator<Stretch> {
    let piece: OutlineEntry[] = [];
    for await (const entry of this.#outline()) {
      if (piece.length > 0 && (piece.length === PAGE || entry.key - piece[0].key > SPAN)) {
        yield await this.#stretch(piece, entry.key - 1);
        piece = [];
      }
      piece.push(entry);
    }
    if (piece.length > 0) yield await this.#stretch(piece, this.#last);
  }

  async #stretch(outline: readonly OutlineEntry[], last: number): Promise<Stretch> {
    const first = outline[0].key;
    const containers = outline.filter((entry) => entry.level !== null && entry.level !== level('AdminData'));
    const keys = new Set(containers.map(({ key }) => key));
    await this.#weigh([...keys]);
    const heavy = [...keys].filter((key) => this.#heavy.has(key));
    const rows = {} as { [Table in RowTable]: readonly Row<Table>[] };
    for (const table of ROW_TABLES) {
      const bar = table === 'attribute' && heavy.length > 0 ? ` AND element_key NOT IN (${heavy.join(', ')})` : '';
      const where = `${keyColumn(table)} BETWEEN ${first} AND ${last}${bar}`;
      Object.assign(rows, { [table]: await rowsOf(this.#connection, this.#texts, table, where) });
    }
    const light = new Map<number, Node[]>();
    for (const row of rows.attribute) if (keys.has(row.element_key)) push(light, row.element_key, row);
    this.#light = light;
    this.#clinicalData = new Map(rows.clinical_data.map((row) => [row.key, row]));
    return { outline, rows };
  }

  /** Finds out which of these containers have many nodes. */
  async #weigh(keys: readonly number[]): Promise<void> {
    if (keys.length === 0) return;
    const found = await this.#connection.rows<{ element_key: bigint }>(
      `SELECT element_key FROM raw.attribute WHERE element_key IN (${keys.join(', ')})
      GROUP BY element_key HAVING count(*) > ${LIGHT}`,
    );
    for (const { element_key } of found) this.#heavy.add(Number(element_key));
  }

  async container(key: number): Promise<RowSet> {
    const query = this.#queries.filter(({ element_key }) => element_key === key);
    const attribute = this.#heavy.has(key)
      ? await this.#rows('attribute', `element_key = ${key} AND node = 0`)
      : (this.#light.get(key) ?? []).filter(({ node }) => node === 0);
    const ofQueries =
      query.length === 0
        ? []
        : await this.#rows('attribute', `element_key IN (${query.map((one) => one.key).join(', ')})`);
    const none = Object.fromEntries(ROW_TABLES.map((table) => [table, []])) as unknown as RowSet;
    const clinicalData = this.#clinicalData.get(key);
    const clinical_data = clinicalData === undefined ? [] : [clinicalData];
    return { ...none, clinical_data, query, attribute: [...attribute, ...ofQueries] };
  }

  nodes(key: number): AsyncIterable<readonly Node[]> {
    if (this.#heavy.has(key)) return subtrees(this.#heavyNodes(key));
    const light = this.#light.get(key) ?? [];
    return subtrees([light.filter(({ node }) => node > 0).sort(byNode)]);
  }

  async *#heavyNodes(key: number): AsyncGenerator<readonly Node[]> {
    const [{ last }] = await this.#connection.rows<{ last: number }>(
      `SELECT max(node) AS last FROM raw.attribute WHERE element_key = ${key}`,
    );
    for (let from = 1; from <= last; from += NODES) {
      const page = await this.#rows(
        'attribute',
        `element_key = ${key} AND node BETWEEN ${from} AND ${from + NODES - 1}`,
      );
      yield page.sort(byNode);
    }
  }

  #rows<Table extends RowTable>(table: Table, where: string): Promise<Row<Table>[]> {
    return rowsOf(this.#connection, this.#texts, table, where);
  }

  async *#outline(): AsyncGenerator<OutlineEntry> {
    for (let after = this.#first - 1; ; ) {
      const page = await this.#connection.rows<{ key: bigint; parent: bigint; place: bigint; level: number | null }>(
        outlineQuery(after, this.#first, this.#last),
      );
      for (const { key, parent, place, level } of page) {
        yield { key: Number(key), parent: Number(parent), place: Number(place), level };
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = Number(last.key);
    }
  }
}

/** The containers among the keys of a document behind one of them, and what stands in them and is written by itself. */
function outlineQuery(after: number, first: number, last: number): string {
  const range = `key > ${after} AND key <= ${last}`;
  const collected = (table: string, more = '') => `
    UNION ALL SELECT r.key, r.element_key, r.place, NULL FROM (SELECT * FROM raw.${table} WHERE ${range}${more}) r
    SEMI JOIN raw.element e ON e.key = r.element_key`;
  return `
    WITH first AS (
      SELECT min(key) AS key, parent_key, place FROM raw.item_group_data
      WHERE key BETWEEN ${first} AND ${last} AND subject_data_key = 0 AND item_group_data_key = 0
      GROUP BY parent_key, place)
    SELECT key, parent_key AS parent, place, level::INTEGER AS level FROM raw.element WHERE ${range}
    UNION ALL SELECT key, ${first}, place, ${level('ClinicalData')} FROM raw.clinical_data WHERE ${range}
    UNION ALL SELECT key, clinical_data_key, place, NULL FROM raw.subject_data WHERE ${range}
    UNION ALL SELECT key, parent_key, place, NULL FROM first WHERE ${range}
    ${collected('audit_record')}${collected('signature')}${collected('annotation', ' AND flag = 0')}
    ORDER BY key LIMIT ${PAGE}`;
}

function keyColumn(table: RowTable): string {
  if (table === 'attribute') return 'element_key';
  return table === 'item_data' ? 'item_group_data_key' : 'key';
}

/** Rows of a location share their key; they were appended in document order. */
const ORDER: { readonly [Table in RowTable]?: string } = { location: ' ORDER BY key, rowid' };

async function rowsOf<Table extends RowTable>(
  connection: Connection,
  texts: readonly (string | null)[],
  table: Table,
  where: string,
): Promise<Row<Table>[]> {
  const columns = rowColumns(table);
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  const sql = `SELECT ${names} FROM raw.${identifier(table)} WHERE ${where}${ORDER[table] ?? ''}`;
  const rows = await connection.rows<Record<string, unknown>>(sql);
  for (const row of rows) {
    for (const column of columns) {
      if ('dictionary' in column) row[column.name] = texts[row[column.name] as number];
      else if (column.type === 'int64') row[column.name] = Number(row[column.name]);
    }
  }
  return rows as Row<Table>[];
}

const byNode = (one: Node, other: Node) => one.node - other.node;

/** Each node that stands directly in the owner, with all that stands in it, of pages in the order of the numbers. */
async function* subtrees(
  pages: AsyncIterable<readonly Node[]> | Iterable<readonly Node[]>,
): AsyncGenerator<readonly Node[]> {
  let tree: Node[] = [];
  for await (const page of pages) {
    for (const row of page) {
      if (row.parent_node === 0 && tree.length > 0 && row.node !== tree[0].node) {
        yield tree;
        tree = [];
      }
      tree.push(row);
    }
  }
  if (tree.length > 0) yield tree;
}
