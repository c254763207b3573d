import { attributeOf, childrenOf, childText, type OdmNode, textOf } from '../../odm/definition.ts';
import type { Connection } from '../../store/connection.ts';
import { type InsertRow, insertRows } from '../../store/insert-rows.ts';

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
    oid: attributeOf(study, 'OID') ?? '',
    name: attributeOf(study, 'StudyName') ?? (variables && childText(variables, 'StudyName')),
    description: variables && childText(variables, 'StudyDescription'),
    protocol_name: attributeOf(study, 'ProtocolName') ?? (variables && childText(variables, 'ProtocolName')),
  });
  const units = childrenOf(study, 'BasicDefinitions').flatMap((basic) => childrenOf(basic, 'MeasurementUnit'));
  units.forEach((unit, ordinal) => {
    add(rows, 'measurement_unit', {
      study_key: studyKey,
      oid: attributeOf(unit, 'OID') ?? '',
      name: attributeOf(unit, 'Name'),
      symbol: translated(child(unit, 'Symbol')),
      ordinal,
    });
  });
  for (const version of childrenOf(study, 'MetaDataVersion')) addVersion(rows, study, version, deliveryKey);
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
    study_oid: attributeOf(study, 'OID') ?? '',
    oid: attributeOf(version, 'OID') ?? '',
    name: attributeOf(version, 'Name'),
    description: attributeOf(version, 'Description') ?? translated(child(version, 'Description')),
    include_study_oid: include && attributeOf(include, 'StudyOID'),
    include_oid: include && attributeOf(include, 'MetaDataVersionOID'),
  });
  let ordinal = 0;
  for (const definition of elementsOf(version)) {
    const base = { metadata_version_key: key, ordinal: ordinal++ };
    const oid = attributeOf(definition, 'OID');
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
      repeating: attributeOf(node, 'Repeating'),
      type: attributeOf(node, 'Type'),
      category: attributeOf(node, 'Category'),
    }),
  FormDef: (rows, node, base) =>
    add(rows, 'form_def', { ...base, ...named(node), repeating: attributeOf(node, 'Repeating') }),
  ItemGroupDef: (rows, node, base) =>
    add(rows, 'item_group_def', {
      ...base,
      ...named(node),
      repeating: attributeOf(node, 'Repeating'),
      is_reference_data: attributeOf(node, 'IsReferenceData'),
      sas_dataset_name: attributeOf(node, 'SASDatasetName') ?? attributeOf(node, 'DatasetName'),
      domain: attributeOf(node, 'Domain'),
      origin: attributeOf(node, 'Origin'),
      purpose: attributeOf(node, 'Purpose'),
      comment: attributeOf(node, 'Comment'),
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
    data_type: attributeOf(node, 'DataType'),
    length: attributeOf(node, 'Length'),
    significant_digits: attributeOf(node, 'SignificantDigits') ?? attributeOf(node, 'FractionDigits'),
    sas_field_name: attributeOf(node, 'SASFieldName') ?? attributeOf(node, 'DatasetVarName'),
    sds_var_name: attributeOf(node, 'SDSVarName'),
    origin: attributeOf(node, 'Origin'),
    comment: attributeOf(node, 'Comment'),
    question: translated(child(node, 'Question')),
    code_list_oid: codeList && attributeOf(codeList, 'CodeListOID'),
  });
  for (const unit of childrenOf(node, 'MeasurementUnitRef')) {
    add(rows, 'item_unit', {
      metadata_version_key,
      item_oid: oid,
      measurement_unit_oid: attributeOf(unit, 'MeasurementUnitOID') ?? '',
      ordinal,
    });
  }
  for (const check of childrenOf(node, 'RangeCheck')) {
    const unit = child(check, 'MeasurementUnitRef');
    add(rows, 'range_check', {
      metadata_version_key,
      item_oid: oid,
      comparator: attributeOf(check, 'Comparator'),
      soft_hard: attributeOf(check, 'SoftHard'),
      check_values: childrenOf(check, 'CheckValue').map((value) => textOf(value)),
      measurement_unit_oid: unit && attributeOf(unit, 'MeasurementUnitOID'),
      error_message: translated(child(check, 'ErrorMessage')),
      ordinal,
    });
  }
}

function addCodeList(rows: MetadataRows, node: OdmNode, base: Row): void {
  add(rows, 'code_list', {
    ...base,
    name: attributeOf(node, 'Name'),
    data_type: attributeOf(node, 'DataType'),
    sas_format_name: attributeOf(node, 'SASFormatName'),
  });
  const items = elementsOf(node).filter((item) => item.name === 'CodeListItem' || item.name === 'EnumeratedItem');
  items.forEach((item, ordinal) => {
    add(rows, 'code_list_item', {
      metadata_version_key: base.metadata_version_key,
      code_list_oid: base.oid,
      coded_value: attributeOf(item, 'CodedValue'),
      decode: translated(child(item, 'Decode')),
      rank: attributeOf(item, 'Rank'),
      order_number: attributeOf(item, 'OrderNumber'),
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
  for (const node of elementsOf(definition)) {
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
      child_oid: attributeOf(node, oidAttribute) ?? '',
      order_number: attributeOf(node, 'OrderNumber'),
      mandatory: attributeOf(node, 'Mandatory'),
      key_sequence: attributeOf(node, 'KeySequence'),
      method_oid: attributeOf(node, 'MethodOID'),
      role: attributeOf(node, 'Role'),
      condition_oid: attributeOf(node, 'CollectionExceptionConditionOID'),
      ordinal: list.length,
    });
  }
}

/** Every TranslatedText and Alias below a definition, with the element around it. */
function addTexts(rows: MetadataRows, node: OdmNode, base: Row, owner: Row): void {
  const codedValue = attributeOf(node, 'CodedValue');
  const place = codedValue === undefined ? owner : { ...owner, coded_value: codedValue };
  for (const inner of elementsOf(node)) {
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
        context: attributeOf(inner, 'Context'),
        name: attributeOf(inner, 'Name'),
        ordinal: list.length,
      });
    } else {
      addTexts(rows, inner, base, place);
    }
  }
}

function named(node: OdmNode): Row {
  return {
    name: attributeOf(node, 'Name'),
    description: translated(child(node, 'Description')) ?? attributeOf(node, 'Description'),
  };
}

/** The first TranslatedText, or the plain text of an ODM 1.2 element. */
function translated(node: OdmNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  const first = child(node, 'TranslatedText');
  return first === undefined ? textOf(node) || undefined : textOf(first);
}

function child(node: OdmNode, name: string): OdmNode | undefined {
  return childrenOf(node, name)[0];
}

function elementsOf(node: OdmNode): OdmNode[] {
  return node.children.filter((one) => typeof one !== 'string');
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
