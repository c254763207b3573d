-- meta: the study definitions, by version. Every attribute and element of a definition also stands in raw.attribute;
-- these tables are the part that SQL is written against.
CREATE SCHEMA meta;

CREATE TABLE meta.study (
  study_key BIGINT NOT NULL,
  delivery_key BIGINT NOT NULL,
  oid VARCHAR NOT NULL,
  name VARCHAR,
  description VARCHAR,
  protocol_name VARCHAR
);
COMMENT ON TABLE meta.study IS 'Study elements (ODM 1.3.2, 3.1.1), one row each.';
COMMENT ON COLUMN meta.study.study_key IS 'Key of the element.';
COMMENT ON COLUMN meta.study.delivery_key IS 'The delivery that brought it.';
COMMENT ON COLUMN meta.study.oid IS 'OID.';
COMMENT ON COLUMN meta.study.name IS 'StudyName: the attribute of Study (ODM 2.0), else GlobalVariables/StudyName.';
COMMENT ON COLUMN meta.study.description IS 'GlobalVariables/StudyDescription.';
COMMENT ON COLUMN meta.study.protocol_name IS 'ProtocolName: the attribute of Study (ODM 2.0), else GlobalVariables/ProtocolName.';

CREATE TABLE meta.metadata_version (
  metadata_version_key BIGINT NOT NULL,
  study_key BIGINT NOT NULL,
  delivery_key BIGINT NOT NULL,
  study_oid VARCHAR NOT NULL,
  oid VARCHAR NOT NULL,
  name VARCHAR,
  description VARCHAR,
  include_study_oid VARCHAR,
  include_oid VARCHAR
);
COMMENT ON TABLE meta.metadata_version IS 'MetaDataVersion elements, one row each.';
COMMENT ON COLUMN meta.metadata_version.metadata_version_key IS 'Key of the element. Later versions have higher keys within a delivery.';
COMMENT ON COLUMN meta.metadata_version.study_key IS 'The Study it stands in.';
COMMENT ON COLUMN meta.metadata_version.delivery_key IS 'The delivery that brought it.';
COMMENT ON COLUMN meta.metadata_version.study_oid IS 'OID of the Study.';
COMMENT ON COLUMN meta.metadata_version.oid IS 'OID.';
COMMENT ON COLUMN meta.metadata_version.name IS 'Name.';
COMMENT ON COLUMN meta.metadata_version.description IS 'Description.';
COMMENT ON COLUMN meta.metadata_version.include_study_oid IS 'Include/@StudyOID: the version it builds on.';
COMMENT ON COLUMN meta.metadata_version.include_oid IS 'Include/@MetaDataVersionOID.';

CREATE TABLE meta.study_event_def (
  metadata_version_key BIGINT NOT NULL, oid VARCHAR NOT NULL, name VARCHAR, repeating VARCHAR, type VARCHAR,
  category VARCHAR, description VARCHAR, ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.study_event_def IS 'StudyEventDef elements.';
COMMENT ON COLUMN meta.study_event_def.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.study_event_def.oid IS 'OID.';
COMMENT ON COLUMN meta.study_event_def.name IS 'Name.';
COMMENT ON COLUMN meta.study_event_def.repeating IS 'Repeating: Yes or No.';
COMMENT ON COLUMN meta.study_event_def.type IS 'Type: Scheduled, Unscheduled, Common.';
COMMENT ON COLUMN meta.study_event_def.category IS 'Category.';
COMMENT ON COLUMN meta.study_event_def.description IS 'Description.';
COMMENT ON COLUMN meta.study_event_def.ordinal IS 'Place in the version.';

CREATE TABLE meta.form_def (
  metadata_version_key BIGINT NOT NULL, oid VARCHAR NOT NULL, name VARCHAR, repeating VARCHAR, description VARCHAR,
  ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.form_def IS 'FormDef elements.';
COMMENT ON COLUMN meta.form_def.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.form_def.oid IS 'OID.';
COMMENT ON COLUMN meta.form_def.name IS 'Name.';
COMMENT ON COLUMN meta.form_def.repeating IS 'Repeating: Yes or No.';
COMMENT ON COLUMN meta.form_def.description IS 'Description.';
COMMENT ON COLUMN meta.form_def.ordinal IS 'Place in the version.';

CREATE TABLE meta.item_group_def (
  metadata_version_key BIGINT NOT NULL, oid VARCHAR NOT NULL, name VARCHAR, repeating VARCHAR,
  is_reference_data VARCHAR, sas_dataset_name VARCHAR, domain VARCHAR, origin VARCHAR, purpose VARCHAR,
  comment VARCHAR, description VARCHAR, ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.item_group_def IS 'ItemGroupDef elements.';
COMMENT ON COLUMN meta.item_group_def.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.item_group_def.oid IS 'OID.';
COMMENT ON COLUMN meta.item_group_def.name IS 'Name.';
COMMENT ON COLUMN meta.item_group_def.repeating IS 'Repeating: Yes or No.';
COMMENT ON COLUMN meta.item_group_def.is_reference_data IS 'IsReferenceData: Yes or No.';
COMMENT ON COLUMN meta.item_group_def.sas_dataset_name IS 'SASDatasetName, else DatasetName (ODM 2.0).';
COMMENT ON COLUMN meta.item_group_def.domain IS 'Domain.';
COMMENT ON COLUMN meta.item_group_def.origin IS 'Origin.';
COMMENT ON COLUMN meta.item_group_def.purpose IS 'Purpose.';
COMMENT ON COLUMN meta.item_group_def.comment IS 'Comment.';
COMMENT ON COLUMN meta.item_group_def.description IS 'Description.';
COMMENT ON COLUMN meta.item_group_def.ordinal IS 'Place in the version.';

CREATE TABLE meta.item_def (
  metadata_version_key BIGINT NOT NULL, oid VARCHAR NOT NULL, name VARCHAR, data_type VARCHAR, length VARCHAR,
  significant_digits VARCHAR, sas_field_name VARCHAR, sds_var_name VARCHAR, origin VARCHAR, comment VARCHAR,
  question VARCHAR, description VARCHAR, code_list_oid VARCHAR, ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.item_def IS 'ItemDef elements.';
COMMENT ON COLUMN meta.item_def.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.item_def.oid IS 'OID.';
COMMENT ON COLUMN meta.item_def.name IS 'Name.';
COMMENT ON COLUMN meta.item_def.data_type IS 'DataType.';
COMMENT ON COLUMN meta.item_def.length IS 'Length, as sent.';
COMMENT ON COLUMN meta.item_def.significant_digits IS 'SignificantDigits, else FractionDigits (ODM 2.0), as sent.';
COMMENT ON COLUMN meta.item_def.sas_field_name IS 'SASFieldName, else DatasetVarName (ODM 2.0).';
COMMENT ON COLUMN meta.item_def.sds_var_name IS 'SDSVarName.';
COMMENT ON COLUMN meta.item_def.origin IS 'Origin.';
COMMENT ON COLUMN meta.item_def.comment IS 'Comment.';
COMMENT ON COLUMN meta.item_def.question IS 'Question, in the first language given; meta.translated_text has all.';
COMMENT ON COLUMN meta.item_def.description IS 'Description, in the first language given.';
COMMENT ON COLUMN meta.item_def.code_list_oid IS 'CodeListRef/@CodeListOID.';
COMMENT ON COLUMN meta.item_def.ordinal IS 'Place in the version.';

CREATE TABLE meta.definition_ref (
  metadata_version_key BIGINT NOT NULL, element VARCHAR NOT NULL, parent_oid VARCHAR, child_oid VARCHAR NOT NULL,
  order_number VARCHAR, mandatory VARCHAR, key_sequence VARCHAR, method_oid VARCHAR, role VARCHAR,
  condition_oid VARCHAR, ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.definition_ref IS 'What contains what: StudyEventRef, FormRef, ItemGroupRef and ItemRef elements.';
COMMENT ON COLUMN meta.definition_ref.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.definition_ref.element IS 'StudyEventRef, FormRef, ItemGroupRef or ItemRef.';
COMMENT ON COLUMN meta.definition_ref.parent_oid IS 'OID of the definition it stands in; NULL in the Protocol.';
COMMENT ON COLUMN meta.definition_ref.child_oid IS 'OID of the definition it points at.';
COMMENT ON COLUMN meta.definition_ref.order_number IS 'OrderNumber, as sent.';
COMMENT ON COLUMN meta.definition_ref.mandatory IS 'Mandatory: Yes or No.';
COMMENT ON COLUMN meta.definition_ref.key_sequence IS 'KeySequence, as sent.';
COMMENT ON COLUMN meta.definition_ref.method_oid IS 'MethodOID.';
COMMENT ON COLUMN meta.definition_ref.role IS 'Role.';
COMMENT ON COLUMN meta.definition_ref.condition_oid IS 'CollectionExceptionConditionOID.';
COMMENT ON COLUMN meta.definition_ref.ordinal IS 'Place in the version.';

CREATE TABLE meta.code_list (
  metadata_version_key BIGINT NOT NULL, oid VARCHAR NOT NULL, name VARCHAR, data_type VARCHAR, sas_format_name VARCHAR,
  ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.code_list IS 'CodeList elements.';
COMMENT ON COLUMN meta.code_list.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.code_list.oid IS 'OID.';
COMMENT ON COLUMN meta.code_list.name IS 'Name.';
COMMENT ON COLUMN meta.code_list.data_type IS 'DataType.';
COMMENT ON COLUMN meta.code_list.sas_format_name IS 'SASFormatName.';
COMMENT ON COLUMN meta.code_list.ordinal IS 'Place in the version.';

CREATE TABLE meta.code_list_item (
  metadata_version_key BIGINT NOT NULL, code_list_oid VARCHAR NOT NULL, coded_value VARCHAR, decode VARCHAR,
  rank VARCHAR, order_number VARCHAR, ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.code_list_item IS 'CodeListItem and EnumeratedItem elements.';
COMMENT ON COLUMN meta.code_list_item.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.code_list_item.code_list_oid IS 'The CodeList.';
COMMENT ON COLUMN meta.code_list_item.coded_value IS 'CodedValue.';
COMMENT ON COLUMN meta.code_list_item.decode IS 'Decode, in the first language given; NULL for an EnumeratedItem.';
COMMENT ON COLUMN meta.code_list_item.rank IS 'Rank, as sent.';
COMMENT ON COLUMN meta.code_list_item.order_number IS 'OrderNumber, as sent.';
COMMENT ON COLUMN meta.code_list_item.ordinal IS 'Place in the version.';

CREATE TABLE meta.measurement_unit (
  study_key BIGINT NOT NULL, oid VARCHAR NOT NULL, name VARCHAR, symbol VARCHAR, ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.measurement_unit IS 'MeasurementUnit elements.';
COMMENT ON COLUMN meta.measurement_unit.study_key IS 'The Study.';
COMMENT ON COLUMN meta.measurement_unit.oid IS 'OID.';
COMMENT ON COLUMN meta.measurement_unit.name IS 'Name.';
COMMENT ON COLUMN meta.measurement_unit.symbol IS 'Symbol, in the first language given.';
COMMENT ON COLUMN meta.measurement_unit.ordinal IS 'Place in the study.';

CREATE TABLE meta.item_unit (
  metadata_version_key BIGINT NOT NULL, item_oid VARCHAR NOT NULL, measurement_unit_oid VARCHAR NOT NULL,
  ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.item_unit IS 'MeasurementUnitRef elements of ItemDefs: the units an item may have.';
COMMENT ON COLUMN meta.item_unit.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.item_unit.item_oid IS 'The ItemDef.';
COMMENT ON COLUMN meta.item_unit.measurement_unit_oid IS 'MeasurementUnitOID.';
COMMENT ON COLUMN meta.item_unit.ordinal IS 'Place in the version.';

CREATE TABLE meta.range_check (
  metadata_version_key BIGINT NOT NULL, item_oid VARCHAR NOT NULL, comparator VARCHAR, soft_hard VARCHAR,
  check_values VARCHAR[], measurement_unit_oid VARCHAR, error_message VARCHAR, ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.range_check IS 'RangeCheck elements of ItemDefs.';
COMMENT ON COLUMN meta.range_check.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.range_check.item_oid IS 'The ItemDef.';
COMMENT ON COLUMN meta.range_check.comparator IS 'Comparator: LT, LE, GT, GE, EQ, NE, IN, NOTIN.';
COMMENT ON COLUMN meta.range_check.soft_hard IS 'SoftHard.';
COMMENT ON COLUMN meta.range_check.check_values IS 'CheckValue elements, in order.';
COMMENT ON COLUMN meta.range_check.measurement_unit_oid IS 'MeasurementUnitRef.';
COMMENT ON COLUMN meta.range_check.error_message IS 'ErrorMessage, in the first language given.';
COMMENT ON COLUMN meta.range_check.ordinal IS 'Place in the version.';

CREATE TABLE meta.translated_text (
  metadata_version_key BIGINT NOT NULL, element VARCHAR NOT NULL, oid VARCHAR NOT NULL, coded_value VARCHAR,
  role VARCHAR NOT NULL, language VARCHAR, text VARCHAR NOT NULL, ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.translated_text IS 'TranslatedText elements: questions, decodes, descriptions in every language.';
COMMENT ON COLUMN meta.translated_text.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.translated_text.element IS 'The definition it stands in: ItemDef, CodeList, ...';
COMMENT ON COLUMN meta.translated_text.oid IS 'OID of that definition.';
COMMENT ON COLUMN meta.translated_text.coded_value IS 'CodedValue, for a Decode.';
COMMENT ON COLUMN meta.translated_text.role IS 'The element around it: Question, Decode, Description, ErrorMessage.';
COMMENT ON COLUMN meta.translated_text.language IS 'xml:lang.';
COMMENT ON COLUMN meta.translated_text.text IS 'The text.';
COMMENT ON COLUMN meta.translated_text.ordinal IS 'Place in the version.';

CREATE TABLE meta.alias (
  metadata_version_key BIGINT NOT NULL, element VARCHAR NOT NULL, oid VARCHAR NOT NULL, context VARCHAR, name VARCHAR,
  ordinal INTEGER NOT NULL
);
COMMENT ON TABLE meta.alias IS 'Alias elements: other names of a definition, by context (CDASH, SDTM, ...).';
COMMENT ON COLUMN meta.alias.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.alias.element IS 'The definition it stands in.';
COMMENT ON COLUMN meta.alias.oid IS 'OID of that definition.';
COMMENT ON COLUMN meta.alias.context IS 'Context.';
COMMENT ON COLUMN meta.alias.name IS 'Name.';
COMMENT ON COLUMN meta.alias.ordinal IS 'Place in the version.';

CREATE TABLE meta.name (
  kind VARCHAR NOT NULL,
  item_group_oid VARCHAR NOT NULL,
  item_oid VARCHAR,
  sql_name VARCHAR NOT NULL,
  delivery_key BIGINT NOT NULL
);
COMMENT ON TABLE meta.name IS 'The SQL name of each item group and item, and of each CSV source and column: given once, never changed.';
COMMENT ON COLUMN meta.name.kind IS 'item_group, item, source or column.';
COMMENT ON COLUMN meta.name.item_group_oid IS 'ItemGroupOID, or the name of the source.';
COMMENT ON COLUMN meta.name.item_oid IS 'ItemOID, or the header of the column; NULL for a group or source.';
COMMENT ON COLUMN meta.name.sql_name IS 'The name of the table in staged, or of the column in that table.';
COMMENT ON COLUMN meta.name.delivery_key IS 'The delivery on whose arrival it was given.';
