import type { OdmNode } from '../odm/definition.ts';
import type { Connection } from '../store/connection.ts';
import { type InsertRow, insertRows } from '../store/insert-rows.ts';

/** Rows for the tables of sql/meta.sql, by table. */
export type MetadataRows = Map<string, InsertRow[]>;

type Row = InsertRow;

/** The definitions of one Study element as rows of meta.* (ODM 1.3.2, 3.1.1). */
export function metadataRows(study: OdmNode, deliveryKey: number): MetadataRows {
  const rows: MetadataRows = new Map();
  const studyKey = keyOf(study);
  const variables = child(study, 'GlobalVariables');
  add(rows, 'study', {
    study_key: studyKey,
    delivery_key: deliveryKey,
    oid: attribute(study, 'OID') ?? '',
    name: attribute(study, 'StudyName') ?? (variables && childText(variables, 'StudyName')),
    description: variables && childText(variables, 'StudyDescription'),
    protocol_name: attribute(study, 'ProtocolName') ?? (variables && childText(variables, 'ProtocolName')),
  });
  const units = [...elements(study, 'BasicDefinitions')].flatMap((basic) => [...elements(basic, 'MeasurementUnit')]);
  units.forEach((unit, ordinal) => {
    add(rows, 'measurement_unit', {
      study_key: studyKey,
      oid: attribute(unit, 'OID') ?? '',
      name: attribute(unit, 'Name'),
      symbol: translated(child(unit, 'Symbol')),
      ordinal,
    });
  });
  for (const version of elements(study, 'MetaDataVersion')) addVersion(rows, study, version, deliveryKey);
  return rows;
}

/** Inserts what metadataRows made. */
export async function insertMetadata(connection: Connection, rows: MetadataRows): Promise<void> {
  for (const [table, list] of rows) await insertRows(connection, `meta.${table}`, list);
}

function addVersion(rows: MetadataRows, study: OdmNode, version: OdmNode, deliveryKey: number): void {
  const key = keyOf(version);
  const include = child(version, 'Include');
  add(rows, 'metadata_version', {
    metadata_version_key: key,
    study_key: keyOf(study),
    delivery_key: deliveryKey,
    study_oid: attribute(study, 'OID') ?? '',
    oid: attribute(version, 'OID') ?? '',
    name: attribute(version, 'Name'),
    description: attribute(version, 'Description') ?? translated(child(version, 'Description')),
    include_study_oid: include && attribute(include, 'StudyOID'),
    include_oid: include && attribute(include, 'MetaDataVersionOID'),
  });
  let ordinal = 0;
  for (const definition of elements(version)) {
    const base = { metadata_version_key: key, ordinal: ordinal++ };
    const oid = attribute(definition, 'OID');
    const addDefinition = oid === undefined ? undefined : DEFINITIONS[definition.name];
    if (addDefinition !== undefined) addDefinition(rows, definition, { ...base, oid });
    addReferences(rows, definition, base, oid);
    if (oid !== undefined) addTexts(rows, definition, base, { element: definition.name, oid });
  }
}

type AddDefinition = (rows: MetadataRows, definition: OdmNode, base: Row) => void;

const DEFINITIONS: Record<string, AddDefinition> = {
  StudyEventDef: (rows, node, base) =>
    add(rows, 'study_event_def', {
      ...base,
      ...named(node),
      repeating: attribute(node, 'Repeating'),
      type: attribute(node, 'Type'),
      category: attribute(node, 'Category'),
    }),
  FormDef: (rows, node, base) =>
    add(rows, 'form_def', { ...base, ...named(node), repeating: attribute(node, 'Repeating') }),
  ItemGroupDef: (rows, node, base) =>
    add(rows, 'item_group_def', {
      ...base,
      ...named(node),
      repeating: attribute(node, 'Repeating'),
      is_reference_data: attribute(node, 'IsReferenceData'),
      sas_dataset_name: attribute(node, 'SASDatasetName') ?? attribute(node, 'DatasetName'),
      domain: attribute(node, 'Domain'),
      origin: attribute(node, 'Origin'),
      purpose: attribute(node, 'Purpose'),
      comment: attribute(node, 'Comment'),
    }),
  ItemDef: addItemDef,
  CodeList: addCodeList,
};

function addItemDef(rows: MetadataRows, node: OdmNode, base: Row): void {
  const { metadata_version_key, ordinal, oid } = base;
  const codeList = child(node, 'CodeListRef');
  add(rows, 'item_def', {
    ...base,
    ...named(node),
    data_type: attribute(node, 'DataType'),
    length: attribute(node, 'Length'),
    significant_digits: attribute(node, 'SignificantDigits') ?? attribute(node, 'FractionDigits'),
    sas_field_name: attribute(node, 'SASFieldName') ?? attribute(node, 'DatasetVarName'),
    sds_var_name: attribute(node, 'SDSVarName'),
    origin: attribute(node, 'Origin'),
    comment: attribute(node, 'Comment'),
    question: translated(child(node, 'Question')),
    code_list_oid: codeList && attribute(codeList, 'CodeListOID'),
  });
  for (const unit of elements(node, 'MeasurementUnitRef')) {
    add(rows, 'item_unit', {
      metadata_version_key,
      item_oid: oid,
      measurement_unit_oid: attribute(unit, 'MeasurementUnitOID') ?? '',
      ordinal,
    });
  }
  for (const check of elements(node, 'RangeCheck')) {
    const unit = child(check, 'MeasurementUnitRef');
    add(rows, 'range_check', {
      metadata_version_key,
      item_oid: oid,
      comparator: attribute(check, 'Comparator'),
      soft_hard: attribute(check, 'SoftHard'),
      check_values: [...elements(check, 'CheckValue')].map((value) => textOf(value)),
      measurement_unit_oid: unit && attribute(unit, 'MeasurementUnitOID'),
      error_message: translated(child(check, 'ErrorMessage')),
      ordinal,
    });
  }
}

function addCodeList(rows: MetadataRows, node: OdmNode, base: Row): void {
  add(rows, 'code_list', {
    ...base,
    name: attribute(node, 'Name'),
    data_type: attribute(node, 'DataType'),
    sas_format_name: attribute(node, 'SASFormatName'),
  });
  const items = [...elements(node)].filter((item) => item.name === 'CodeListItem' || item.name === 'EnumeratedItem');
  items.forEach((item, ordinal) => {
    add(rows, 'code_list_item', {
      metadata_version_key: base.metadata_version_key,
      code_list_oid: base.oid,
      coded_value: attribute(item, 'CodedValue'),
      decode: translated(child(item, 'Decode')),
      rank: attribute(item, 'Rank'),
      order_number: attribute(item, 'OrderNumber'),
      ordinal,
    });
  });
}

/** The child's OID attribute of each kind of reference. */
const REFERENCES: Record<string, string> = {
  StudyEventRef: 'StudyEventOID',
  FormRef: 'FormOID',
  ItemGroupRef: 'ItemGroupOID',
  ItemRef: 'ItemOID',
};

function addReferences(rows: MetadataRows, definition: OdmNode, base: Row, parentOid: string | undefined): void {
  for (const node of elements(definition)) {
    const oidAttribute = REFERENCES[node.name];
    if (oidAttribute === undefined) {
      if (definition.name === 'Protocol') addReferences(rows, node, base, parentOid);
      continue;
    }
    const list = rowsOf(rows, 'definition_ref');
    list.push({
      metadata_version_key: base.metadata_version_key,
      element: node.name,
      parent_oid: parentOid,
      child_oid: attribute(node, oidAttribute) ?? '',
      order_number: attribute(node, 'OrderNumber'),
      mandatory: attribute(node, 'Mandatory'),
      key_sequence: attribute(node, 'KeySequence'),
      method_oid: attribute(node, 'MethodOID'),
      role: attribute(node, 'Role'),
      condition_oid: attribute(node, 'CollectionExceptionConditionOID'),
      ordinal: list.length,
    });
  }
}

/** Every TranslatedText and Alias below a definition, with the element around it. */
function addTexts(rows: MetadataRows, node: OdmNode, base: Row, owner: Row): void {
  const codedValue = attribute(node, 'CodedValue');
  const place = codedValue === undefined ? owner : { ...owner, coded_value: codedValue };
  for (const inner of elements(node)) {
    const { metadata_version_key } = base;
    if (inner.name === 'TranslatedText') {
      const list = rowsOf(rows, 'translated_text');
      const language = inner.attributes.find((one) => one.name === 'lang')?.value;
      list.push({
        metadata_version_key,
        ...place,
        role: node.name,
        language,
        text: textOf(inner),
        ordinal: list.length,
      });
    } else if (inner.name === 'Alias') {
      const list = rowsOf(rows, 'alias');
      list.push({
        metadata_version_key,
        element: owner.element,
        oid: owner.oid,
        context: attribute(inner, 'Context'),
        name: attribute(inner, 'Name'),
        ordinal: list.length,
      });
    } else {
      addTexts(rows, inner, base, place);
    }
  }
}

function named(node: OdmNode): Row {
  return {
    name: attribute(node, 'Name'),
    description: translated(child(node, 'Description')) ?? attribute(node, 'Description'),
  };
}

/** The first TranslatedText, or the plain text of an ODM 1.2 element. */
function translated(node: OdmNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  const first = child(node, 'TranslatedText');
  return first === undefined ? textOf(node) || undefined : textOf(first);
}

function childText(node: OdmNode, name: string): string | undefined {
  const found = child(node, name);
  return found === undefined ? undefined : textOf(found).trim();
}

function textOf(node: OdmNode): string {
  return node.children.filter((one): one is string => typeof one === 'string').join('');
}

function child(node: OdmNode, name: string): OdmNode | undefined {
  return elements(node, name).next().value;
}

function* elements(node: OdmNode, name?: string): Generator<OdmNode, undefined> {
  for (const one of node.children) if (typeof one !== 'string' && (name === undefined || one.name === name)) yield one;
  return undefined;
}

function attribute(node: OdmNode, name: string): string | undefined {
  return node.attributes.find((one) => one.name === name && one.namespace === '')?.value;
}

function keyOf(node: OdmNode): string {
  return String(node.key);
}

function rowsOf(rows: MetadataRows, table: string): Row[] {
  let list = rows.get(table);
  if (list === undefined) {
    list = [];
    rows.set(table, list);
  }
  return list;
}

function add(rows: MetadataRows, table: string, row: Row): void {
  rowsOf(rows, table).push(row);
}
