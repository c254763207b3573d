import type { ColumnLayout, TableLayout } from '../lib/batch.ts';

const code = <Name extends string>(name: Name) => ({ name, type: 'int32', dictionary: true }) as const;
const int64 = <Name extends string>(name: Name) => ({ name, type: 'int64' }) as const;
const int32 = <Name extends string>(name: Name) => ({ name, type: 'int32' }) as const;
const uint8 = <Name extends string>(name: Name) => ({ name, type: 'uint8' }) as const;
const text = <Name extends string>(name: Name) => ({ name, type: 'utf8' }) as const;
const textOrNull = <Name extends string>(name: Name) => ({ name, type: 'utf8', nullable: true }) as const;
const timestampOrNull = <Name extends string>(name: Name) => ({ name, type: 'timestamp', nullable: true }) as const;

/**
 * The tables that a reader fills: the same names, columns and order as in sql/raw.sql, where each is explained.
 * test/odm/layout.test.ts holds the two together.
 */
export const ODM_TABLES = {
  element: [int64('key'), int64('parent_key'), uint8('level'), int64('place')],
  clinical_data: [int64('key'), code('study_code'), code('metadata_version_code'), int64('place')],
  subject_data: [
    int64('key'),
    int64('clinical_data_key'),
    int64('identity'),
    text('subject_key'),
    code('site_code'),
    code('investigator_code'),
    code('transaction_code'),
    int64('place'),
  ],
  study_event_data: [
    int64('key'),
    int64('subject_data_key'),
    int64('identity'),
    code('study_event_code'),
    code('repeat_key_code'),
    int32('ordinal'),
    code('transaction_code'),
    int64('place'),
  ],
  form_data: [
    int64('key'),
    int64('subject_data_key'),
    int64('study_event_data_key'),
    int64('identity'),
    code('form_code'),
    code('repeat_key_code'),
    int32('ordinal'),
    code('transaction_code'),
    int64('place'),
  ],
  item_group_data: [
    int64('key'),
    int64('parent_key'),
    int64('subject_data_key'),
    int64('study_event_data_key'),
    int64('form_data_key'),
    int64('item_group_data_key'),
    int64('identity'),
    code('item_group_code'),
    code('repeat_key_code'),
    int32('ordinal'),
    code('transaction_code'),
    int64('place'),
    int64('length'),
    int64('content_hash'),
  ],
  item_data: [
    int64('item_group_data_key'),
    code('item_code'),
    textOrNull('value'),
    uint8('flags'),
    uint8('kind'),
    code('transaction_code'),
    code('unit_code'),
    int32('sequence'),
    int32('place'),
  ],
  audit_record: [
    int64('key'),
    int64('element_key'),
    code('item_code'),
    textOrNull('id'),
    code('edit_point_code'),
    code('used_imputation_code'),
    code('user_code'),
    code('location_code'),
    textOrNull('datetime'),
    timestampOrNull('datetime_utc'),
    code('zone_origin_code'),
    textOrNull('reason'),
    textOrNull('source_id'),
    code('category_code'),
    int64('place'),
  ],
  signature: [
    int64('key'),
    int64('element_key'),
    code('item_code'),
    textOrNull('id'),
    code('user_code'),
    code('location_code'),
    code('signature_code'),
    textOrNull('datetime'),
    timestampOrNull('datetime_utc'),
    code('zone_origin_code'),
    int64('place'),
  ],
  annotation: [
    int64('key'),
    int64('element_key'),
    code('item_code'),
    textOrNull('id'),
    textOrNull('sequence'),
    code('transaction_code'),
    textOrNull('comment'),
    code('sponsor_or_site_code'),
    int32('flag'),
    textOrNull('flag_value'),
    code('flag_code_list_code'),
    textOrNull('flag_type'),
    code('flag_type_code_list_code'),
    int64('place'),
  ],
  query: [
    int64('key'),
    int64('element_key'),
    code('item_code'),
    int64('parent_key'),
    textOrNull('id'),
    code('type_code'),
    code('recipient_code'),
    code('status_code'),
    code('user_code'),
    textOrNull('datetime'),
    timestampOrNull('datetime_utc'),
    code('zone_origin_code'),
    textOrNull('text'),
    textOrNull('response'),
    int64('place'),
  ],
  status: [int64('element_key'), code('item_code'), code('kind_code'), code('value_code')],
  attribute: [
    int64('element_key'),
    uint8('level'),
    code('item_code'),
    int32('node'),
    int32('parent_node'),
    uint8('kind'),
    code('namespace_code'),
    code('name_code'),
    textOrNull('value'),
    int64('place'),
  ],
  location: [
    int64('key'),
    int64('parent_key'),
    code('location_code'),
    textOrNull('name'),
    textOrNull('location_type'),
    code('study_code'),
    code('metadata_version_code'),
    textOrNull('effective_date'),
  ],
  user: [
    int64('key'),
    int64('parent_key'),
    code('user_code'),
    textOrNull('user_type'),
    textOrNull('login_name'),
    textOrNull('display_name'),
    textOrNull('full_name'),
    textOrNull('first_name'),
    textOrNull('last_name'),
    textOrNull('organization'),
  ],
} as const satisfies Record<string, readonly ColumnLayout[]>;

export type OdmTableName = keyof typeof ODM_TABLES;

export function tableLayout(name: OdmTableName): TableLayout {
  return { name, columns: ODM_TABLES[name] };
}

/** Texts whose codes are the same in every dictionary: 0 is the absent text. */
export const RESERVED_TEXTS = [
  null,
  'Insert',
  'Update',
  'Remove',
  'Upsert',
  'Context',
  'data',
  'declared',
  'unknown',
] as const;

/** Bits of `item_data.flags`. */
export const ItemFlag = { noValue: 1, isNull: 2, saysNothing: 4, rawWhiteSpace: 8 } as const;

/** `attribute.level`: what kind of element owns the row. The order is that of raw.level. */
export const LEVELS = [
  'ODM',
  'ClinicalData',
  'SubjectData',
  'StudyEventData',
  'FormData',
  'ItemGroupData',
  'ItemData',
  'AuditRecord',
  'Signature',
  'Annotation',
  'Query',
  'Study',
  'AdminData',
  'ReferenceData',
  'Association',
  'MetaDataVersion',
  'Location',
  'User',
  'AuditRecords',
  'Signatures',
  'Annotations',
] as const;

/** `attribute.kind`. */
export const NodeKind = { attribute: 1, element: 2, text: 3, attributeWithRawWhiteSpace: 4 } as const;

/** `item_data.kind`: the order is that of raw.item_data_kind. */
export const ITEM_ELEMENTS = [
  'ItemData',
  'ItemDataAny',
  'ItemDataString',
  'ItemDataInteger',
  'ItemDataFloat',
  'ItemDataDate',
  'ItemDataTime',
  'ItemDataDatetime',
  'ItemDataBoolean',
  'ItemDataHexBinary',
  'ItemDataBase64Binary',
  'ItemDataHexFloat',
  'ItemDataBase64Float',
  'ItemDataPartialDate',
  'ItemDataPartialTime',
  'ItemDataPartialDatetime',
  'ItemDataDurationDatetime',
  'ItemDataIntervalDatetime',
  'ItemDataIncompleteDatetime',
  'ItemDataURI',
  'ItemDataDouble',
  'ItemDataIncompleteDate',
  'ItemDataIncompleteTime',
] as const;
