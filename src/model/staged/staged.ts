import { own } from '../../lib/own.ts';
import { CONTEXT_COLUMNS } from '../../odm/record-context.ts';
import type { ColumnOrigin, ModelSource } from '../../project/project.ts';
import type { ColumnProperties } from '../../project/properties.ts';
import { type Connection, identifier, literal } from '../../store/connection.ts';
import { COMMENTS, ORIGINS } from './cells.ts';
import { fileModels } from './file-models.ts';
import { about, generated } from './generated.ts';
import { type Decode, type Variant, variantsByItem } from './variants.ts';

interface Item {
  item_oid: string;
  column_name: string;
  item_code: number;
  name: string | null;
  data_type: string | null;
  question: string | null;
  code_list_oid: string | null;
  units: string[] | null;
  has_unit: boolean;
  variants: readonly Variant[];
}

interface Group {
  item_group_oid: string;
  table_name: string;
  name: string;
  description: string | null;
  /** Whether any of its records stands in one of another item group. */
  is_nested: boolean;
  items: Item[];
}

/** How each DataType that has a typed value is typed: suffix of the column, macro, SQL type (sql/macros/odm.sql). */
const TYPED: Readonly<Record<string, readonly [suffix: string, macro: string]>> = {
  integer: ['n', 'odm_integer'],
  float: ['n', 'odm_float'],
  decimal: ['n', 'odm_float'],
  double: ['n', 'odm_double'],
  date: ['d', 'odm_date'],
  datetime: ['dt', 'odm_datetime'],
  time: ['t', 'odm_time'],
};

/**
 * The generated models of staged: one table an item group, one view a CSV source. A model of the project with the same
 * name takes the place of a generated one.
 */
export async function stagedModels(connection: Connection): Promise<ModelSource[]> {
  const decodes = await decodesByCodeList(connection);
  const groups = (await itemGroups(connection)).map((group) => itemGroupModel(group, decodes));
  return [...groups, ...(await fileModels(connection))];
}

function itemGroupModel(group: Group, decodes: ReadonlyMap<string, Decode[]>): ModelSource {
  const columns: [name: string, expression: string, about: ColumnProperties][] = CONTEXT_COLUMNS.map((column) => [
    column,
    column,
    about(COMMENTS[column]),
  ]);
  const origins: Record<string, ColumnOrigin> = { ...ORIGINS };
  for (const item of group.items) {
    const own = itemColumns(item, decodes);
    columns.push(...own);
    for (const [name] of own) origins[name] = originOf(item, name);
  }
  const identities = group.is_nested ? ['_outer_row', '_row'] : ['_row'];
  for (const column of identities) columns.push([column, column, about(COMMENTS[column])]);
  const picked = group.items.flatMap((item) => [
    `    vals[list_position(items, ${item.item_code})] AS ${identifier(item.column_name)}`,
    ...(hasUnit(item)
      ? [`    units[list_position(items, ${item.item_code})] AS ${identifier(`${item.column_name}_unit`)}`]
      : []),
    ...(item.variants.length > 0
      ? [`    variants[list_position(items, ${item.item_code})] AS ${variantOf(item)}`]
      : []),
  ]);
  const sql = [
    'WITH cell AS (',
    '  SELECT',
    [`    ${CONTEXT_COLUMNS.join(', ')}`, ...picked, `    ${identities.join(', ')}`].join(',\n'),
    `  FROM staged._cells WHERE item_group_oid = ${literal(group.item_group_oid)}`,
    ')',
    'SELECT',
    columns
      .map(([name, sql]) => (sql === identifier(name) || sql === name ? `  ${sql}` : `  ${sql} AS ${identifier(name)}`))
      .join(',\n'),
    'FROM cell',
  ].join('\n');
  const label = group.description ?? `${group.name}: live records of ${group.item_group_oid}.`;
  const texts = Object.fromEntries(columns.map(([name, , text]) => [name, text]));
  return { ...generated(group.table_name, sql, label, 'table', texts), itemGroupOid: group.item_group_oid, origins };
}

/** The text is the value as it was sent; its typed value, its decode and its unit are made of what was sent. */
function originOf({ item_oid, column_name }: Item, column: string): ColumnOrigin {
  return { table: 'raw.item_data', column: item_oid, isCopy: column === column_name };
}

function itemColumns(item: Item, decodes: ReadonlyMap<string, Decode[]>): [string, string, ColumnProperties][] {
  const { column_name: name, data_type: dataType } = item;
  const column = identifier(name);
  const text = item.question ?? item.name ?? item.item_oid;
  const what = [item.item_oid, dataType, item.code_list_oid && `codelist ${item.code_list_oid}`]
    .filter(Boolean)
    .join(', ');
  const columns: [string, string, ColumnProperties][] = [
    [name, column, about(`${text} (${what}). The text exactly as sent.`)],
  ];
  const typed = own(TYPED, dataType ?? '');
  if (typed !== undefined) {
    const comment = `${name} as a value of DataType ${dataType}; NULL where the text has not exactly that form, or one that this column cannot hold exactly (recon.conversion_failures).`;
    columns.push([`${name}_${typed[0]}`, `${typed[1]}(${column})`, about(comment)]);
  }
  const decode = byVariant(item, (variant) => decodeOf(decodesOf(item, decodes, variant), column));
  if (decode !== undefined) {
    columns.push([`${name}_decode`, decode, about(decodeComment(item))]);
  }
  if (hasUnit(item)) columns.push(unitColumn(item));
  return columns;
}

/** Its number, beside the item; no item can have a column of that name. */
function variantOf(item: Item): string {
  return identifier(`${item.column_name} variant`);
}

/** What the newest definition says or, where the version that a record names says otherwise, what that does. */
function byVariant(item: Item, expression: (variant?: Variant) => string | undefined): string | undefined {
  const newest = expression();
  const others = item.variants.map((variant) => [variant.variant, expression(variant)] as const);
  const different = others.filter(([, other]) => other !== newest);
  if (different.length === 0) return newest;
  const cases = different.map(([variant, other]) => `WHEN ${variant} THEN ${other ?? 'NULL'}`).join(' ');
  return `CASE coalesce(${variantOf(item)}, 0) ${cases} ELSE ${newest ?? 'NULL'} END`;
}

/** The coded values that have a decode. */
function decodesOf(item: Item, decodes: ReadonlyMap<string, Decode[]>, variant?: Variant): Decode[] {
  const list = decodes.get((variant ?? item).code_list_oid ?? '') ?? [];
  const other = new Map(variant?.decodes?.map(({ coded_value, decode }) => [coded_value, decode]));
  return list
    .map(({ coded_value, decode }) => ({
      coded_value,
      decode: other.has(coded_value) ? other.get(coded_value)! : decode,
    }))
    .filter(({ decode }) => decode !== null);
}

function decodeOf(list: readonly Decode[], column: string): string | undefined {
  if (list.length === 0) return undefined;
  const values = list.map((entry) => literal(entry.coded_value)).join(', ');
  const texts = list.map((entry) => literal(entry.decode as string)).join(', ');
  return `([${texts}])[list_position([${values}], ${column})]`;
}

function decodeComment({ column_name: name, code_list_oid: list, variants }: Item): string {
  const source = list === null ? 'the codelist of its definition' : `codelist ${list}`;
  return `Decode of ${name} in ${source}${variants.length > 0 ? BY_VERSION : ''}; NULL where the codelist does not have the value.`;
}

const BY_VERSION = ', by the version of the definitions that the record names (recon.definition_conflicts)';

/** The unit that was sent with the value; where none was, the unit of the definition, if it has exactly one. */
function unitColumn(item: Item): [string, string, ColumnProperties] {
  const name = `${item.column_name}_unit`;
  const code = identifier(name);
  const newestName = `(SELECT coalesce(m.name, d.text) FROM raw.dictionary d LEFT JOIN meta.unit_name m ON m.measurement_unit_oid = d.text WHERE d.code = ${code})`;
  const sent = byVariant(item, (variant) => {
    const names = variant?.units?.map(
      ({ measurement_unit_oid, name }) => `WHEN ${literal(measurement_unit_oid)} THEN ${literal(name)}`,
    );
    return names === undefined
      ? newestName
      : `coalesce(CASE (SELECT text FROM raw.dictionary WHERE code = ${code}) ${names.join(' ')} END, ${newestName})`;
  });
  const newestUnit = item.units?.length === 1 ? item.units[0] : undefined;
  const only = byVariant(item, (variant) => {
    const unit = variant === undefined ? newestUnit : (variant.unit ?? undefined);
    return unit === undefined ? undefined : literal(unit);
  });
  const unit =
    only === undefined
      ? sent!
      : `coalesce(${sent}, CASE WHEN ${identifier(item.column_name)} IS NOT NULL THEN ${only} END)`;
  const sole = newestUnit === undefined ? '' : `; where none was sent, the only unit of its definition, ${newestUnit}`;
  return [name, unit, about(`Unit sent with ${item.column_name}${sole}${item.variants.length > 0 ? BY_VERSION : ''}.`)];
}

function hasUnit(item: Item): boolean {
  return item.has_unit || (item.units?.length ?? 0) > 0 || item.variants.some(({ unit }) => unit !== null);
}

async function itemGroups(connection: Connection): Promise<Group[]> {
  const groups = await connection.rows<Omit<Group, 'items'>>(
    `SELECT g.item_group_oid, g.table_name, g.name, g.description,
       coalesce(d.code IN (SELECT item_group_code FROM raw.item_group_data WHERE item_group_data_key > 0), false) AS is_nested
     FROM meta.item_group g LEFT JOIN raw.dictionary d ON d.text = g.item_group_oid ORDER BY g.table_name`,
  );
  const variants = await variantsByItem(connection);
  const items = await connection.rows<Item & { item_group_oid: string; unit_list: string | null }>(`
    SELECT i.item_group_oid, i.item_oid, i.column_name, coalesce(d.code, -1) AS item_code, i.name, i.data_type, i.question,
      i.code_list_oid, (SELECT to_json(list(u.name ORDER BY u.ordinal, u.name))::VARCHAR FROM meta.unit_of_item u WHERE u.item_oid = i.item_oid)
        AS unit_list,
      d.code IN (SELECT item_code FROM raw.item_data WHERE unit_code > 0) AS has_unit
    FROM meta.item i LEFT JOIN raw.dictionary d ON d.text = i.item_oid
    ORDER BY i.item_group_oid, i.ordinal`);
  const byGroup = new Map<string, Item[]>();
  for (const item of items) {
    const list = byGroup.get(item.item_group_oid) ?? [];
    byGroup.set(item.item_group_oid, list);
    const units = item.unit_list === null ? null : (JSON.parse(item.unit_list) as string[] | null);
    list.push({ ...item, units, variants: variants.get(item.item_oid) ?? [] });
  }
  return groups.map((group) => ({ ...group, items: byGroup.get(group.item_group_oid) ?? [] }));
}

async function decodesByCodeList(connection: Connection): Promise<Map<string, Decode[]>> {
  const rows = await connection.rows<Decode & { code_list_oid: string }>(
    'SELECT code_list_oid, coded_value, decode FROM meta.decode ORDER BY code_list_oid, ordinal, coded_value',
  );
  const lists = new Map<string, Decode[]>();
  for (const row of rows) {
    const list = lists.get(row.code_list_oid) ?? [];
    lists.set(row.code_list_oid, list);
    list.push(row);
  }
  return lists;
}
