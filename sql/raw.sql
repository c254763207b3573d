-- raw: what arrived, as it arrived. Append-only: nothing here is ever updated or deleted.
--
-- Three ideas carry these tables.
-- 1. Every element that is kept as a row has a key from one dense, ascending sequence, in document order.
--    A delivery therefore owns a range of keys, whatever the level, and document order is key order.
-- 2. Texts that repeat (OIDs, repeat keys, transaction types, units, users, names) are codes into
--    raw.dictionary. Code 0 is the absent text, NULL.
-- 3. Every clinical element has an identity: a 64-bit hash of its natural key, the same in every delivery.
--    How it is computed is in docs/identity.md and can never change.
CREATE SCHEMA raw;

CREATE TABLE raw.warehouse (
  format INTEGER NOT NULL,
  study VARCHAR NOT NULL,
  environment VARCHAR NOT NULL,
  target VARCHAR NOT NULL
);
COMMENT ON TABLE raw.warehouse IS 'What this file is for: one study in one environment, for one target. One row, written when the file was made.';
COMMENT ON COLUMN raw.warehouse.format IS 'Version of the format of raw.';
COMMENT ON COLUMN raw.warehouse.study IS 'The study of the project; part of every identity.';
COMMENT ON COLUMN raw.warehouse.environment IS 'The environment of the project; part of every identity.';
COMMENT ON COLUMN raw.warehouse.target IS 'The target of the project whose sources it holds: main, or another such as unblinded. Whether what it holds is unblinding: state.source.';

CREATE TABLE raw.dictionary (
  code INTEGER NOT NULL,
  text VARCHAR
);
COMMENT ON TABLE raw.dictionary IS 'Texts that repeat, each under one integer code, given once and for ever. Columns named *_code point here.';
COMMENT ON COLUMN raw.dictionary.code IS 'The code. 0 is the absent text; 1 to 5 are the transaction types Insert, Update, Remove, Upsert, Context; 6 to 8 say where a time zone came from: data, declared, unknown.';
COMMENT ON COLUMN raw.dictionary.text IS 'The text exactly as sent (references resolved); NULL for code 0.';
INSERT INTO raw.dictionary VALUES (0, NULL), (1, 'Insert'), (2, 'Update'), (3, 'Remove'), (4, 'Upsert'), (5, 'Context'),
  (6, 'data'), (7, 'declared'), (8, 'unknown');

CREATE TABLE raw.delivery (
  delivery_key BIGINT NOT NULL,
  source VARCHAR NOT NULL,
  system VARCHAR NOT NULL,
  environment VARCHAR NOT NULL,
  study VARCHAR NOT NULL,
  covers VARCHAR NOT NULL,
  classification VARCHAR NOT NULL,
  retry_of BIGINT,
  policy_fingerprint VARCHAR NOT NULL,
  correlation_id VARCHAR NOT NULL,
  cursor_before VARCHAR,
  cursor_after VARCHAR,
  arrived_at TIMESTAMP NOT NULL,
  actor VARCHAR NOT NULL,
  tool_version VARCHAR NOT NULL,
  part_count INTEGER NOT NULL,
  first_key BIGINT,
  last_key BIGINT
);
COMMENT ON TABLE raw.delivery IS 'What one source sent at one time. Written last, in the transaction that lands its parts: a delivery without a row here never happened.';
COMMENT ON COLUMN raw.delivery.delivery_key IS 'Order of arrival, dense from 1.';
COMMENT ON COLUMN raw.delivery.source IS 'The source that it belongs to, by its name in the configuration of the project (warehouse.yml).';
COMMENT ON COLUMN raw.delivery.system IS 'The source system; part of the identity of every element. Sources that send the same records name the same system.';
COMMENT ON COLUMN raw.delivery.environment IS 'The environment of the project (Prod, UAT, ...); part of identity.';
COMMENT ON COLUMN raw.delivery.study IS 'The study of the project; part of identity.';
COMMENT ON COLUMN raw.delivery.covers IS 'What absence from it means. study: what it does not hold was removed. sites, subjects, events, forms: so for the sites, subjects, events, forms that it holds. increment: nothing. As its source declares; but an ODM file that is Transactional, or holds no item groups, is always increment, and so is a file of which lines or damaged spans are in quarantine.';
COMMENT ON COLUMN raw.delivery.classification IS 'As its source was declared when it was loaded. unblinding: it tells who is given which treatment. restricted, identifier: for few eyes; identifies persons. none: nothing was declared. What is declared now, of all that the source delivered, is in state.source: a file without any source declared unblinding is blinded, as far as the declarations are true.';
COMMENT ON COLUMN raw.delivery.retry_of IS 'The delivery whose place in the order of arrival it takes, because it brings the same bytes: read in another way, or declared otherwise; NULL for any other.';
COMMENT ON COLUMN raw.delivery.policy_fingerprint IS 'SHA-256 of the boundary policy in force when it was read.';
COMMENT ON COLUMN raw.delivery.correlation_id IS 'Joins this delivery to its records in the audit ledger.';
COMMENT ON COLUMN raw.delivery.cursor_before IS 'Where an incremental source stood before it. Not filled by this version.';
COMMENT ON COLUMN raw.delivery.cursor_after IS 'Where an incremental source stands after it. Not filled by this version.';
COMMENT ON COLUMN raw.delivery.arrived_at IS 'When it was loaded, UTC. Never used to order sources that have times of their own.';
COMMENT ON COLUMN raw.delivery.actor IS 'Who loaded it.';
COMMENT ON COLUMN raw.delivery.tool_version IS 'The version of warehouse that loaded it.';
COMMENT ON COLUMN raw.delivery.part_count IS 'How many parts (files, pages) it has.';
COMMENT ON COLUMN raw.delivery.first_key IS 'The first key it brought; NULL when it brought none, or when the same bytes had arrived before.';
COMMENT ON COLUMN raw.delivery.last_key IS 'The last key it brought.';

CREATE TABLE raw.part (
  delivery_key BIGINT NOT NULL,
  ordinal INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  member VARCHAR,
  request VARCHAR,
  response_status INTEGER,
  format VARCHAR NOT NULL,
  dialect VARCHAR,
  reader_fingerprint VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL,
  size_bytes BIGINT NOT NULL,
  content_sha256 VARCHAR NOT NULL,
  content_size_bytes BIGINT NOT NULL,
  keep VARCHAR NOT NULL,
  complete BOOLEAN NOT NULL,
  encoding VARCHAR,
  namespace VARCHAR,
  odm_version VARCHAR,
  file_type VARCHAR,
  granularity VARCHAR,
  file_oid VARCHAR,
  prior_file_oid VARCHAR,
  creation_datetime VARCHAR,
  creation_utc TIMESTAMP,
  creation_zone_origin VARCHAR,
  as_of_datetime VARCHAR,
  as_of_utc TIMESTAMP,
  as_of_zone_origin VARCHAR,
  originator VARCHAR,
  source_system VARCHAR,
  source_system_version VARCHAR,
  description VARCHAR,
  first_key BIGINT,
  last_key BIGINT,
  clinical_data_count BIGINT NOT NULL,
  subject_data_count BIGINT NOT NULL,
  study_event_data_count BIGINT NOT NULL,
  form_data_count BIGINT NOT NULL,
  item_group_data_count BIGINT NOT NULL,
  item_data_count BIGINT NOT NULL,
  audit_record_count BIGINT NOT NULL,
  file_row_count BIGINT NOT NULL
);
COMMENT ON TABLE raw.part IS 'The files or pages of a delivery: their bytes by hash, what they said of themselves, and what was found in them.';
COMMENT ON COLUMN raw.part.delivery_key IS 'The delivery.';
COMMENT ON COLUMN raw.part.ordinal IS 'Place within the delivery, from 1.';
COMMENT ON COLUMN raw.part.name IS 'File name relative to the project, with forward slashes.';
COMMENT ON COLUMN raw.part.member IS 'Name of the member, where it is one of a zip file; else NULL.';
COMMENT ON COLUMN raw.part.request IS 'The request that fetched it, without secrets, as JSON; NULL for a file that was found. Not filled by this version.';
COMMENT ON COLUMN raw.part.response_status IS 'HTTP status of the response; NULL for a file. Not filled by this version.';
COMMENT ON COLUMN raw.part.format IS 'odm or csv.';
COMMENT ON COLUMN raw.part.dialect IS 'The ODM dialect it was read as: plain, rave, openclinica, redcap, viedoc; NULL for other formats.';
COMMENT ON COLUMN raw.part.reader_fingerprint IS 'SHA-256 of how it was read, in canonical JSON: format, version of the reader, source system, and the settings of the source that decide what lands (odm: dialect, time_zone and, where they are given, on_malformed and control_characters; csv: keys, delimiter, encoding). Where it would be another now, the file is read anew.';
COMMENT ON COLUMN raw.part.sha256 IS 'SHA-256 of the bytes as they arrived (compressed, if they came so), hexadecimal.';
COMMENT ON COLUMN raw.part.size_bytes IS 'Number of bytes as they arrived.';
COMMENT ON COLUMN raw.part.content_sha256 IS 'SHA-256 of the bytes after unpacking: the same document has the same one, however it is packed.';
COMMENT ON COLUMN raw.part.content_size_bytes IS 'Number of bytes after unpacking.';
COMMENT ON COLUMN raw.part.complete IS 'Whether all of it was read; false where damaged spans were sealed in quarantine.';
COMMENT ON COLUMN raw.part.keep IS 'What became of the bytes, as keep: of the source said. sealed: they are in the vault under their hash. reference: they stay where they were found, and verify looks for them there. none: nobody looks for them. Name and hash are here in any case.';
COMMENT ON COLUMN raw.part.encoding IS 'Character encoding that was read.';
COMMENT ON COLUMN raw.part.namespace IS 'Namespace of the root; empty for none.';
COMMENT ON COLUMN raw.part.odm_version IS 'ODM/@ODMVersion.';
COMMENT ON COLUMN raw.part.file_type IS 'ODM/@FileType: Snapshot or Transactional.';
COMMENT ON COLUMN raw.part.granularity IS 'ODM/@Granularity.';
COMMENT ON COLUMN raw.part.file_oid IS 'ODM/@FileOID.';
COMMENT ON COLUMN raw.part.prior_file_oid IS 'ODM/@PriorFileOID.';
COMMENT ON COLUMN raw.part.creation_datetime IS 'ODM/@CreationDateTime, as sent.';
COMMENT ON COLUMN raw.part.creation_utc IS 'The same in UTC.';
COMMENT ON COLUMN raw.part.creation_zone_origin IS 'Where its zone came from. data: the text carried an offset. declared: time_zone of the source. unknown: read as UTC.';
COMMENT ON COLUMN raw.part.as_of_datetime IS 'ODM/@AsOfDateTime, as sent.';
COMMENT ON COLUMN raw.part.as_of_utc IS 'The same in UTC.';
COMMENT ON COLUMN raw.part.as_of_zone_origin IS 'Where its zone came from: data, declared or unknown.';
COMMENT ON COLUMN raw.part.originator IS 'ODM/@Originator.';
COMMENT ON COLUMN raw.part.source_system IS 'ODM/@SourceSystem.';
COMMENT ON COLUMN raw.part.source_system_version IS 'ODM/@SourceSystemVersion.';
COMMENT ON COLUMN raw.part.description IS 'ODM/@Description.';
COMMENT ON COLUMN raw.part.first_key IS 'First key of its content. Bytes that arrive again point at the rows of their first arrival.';
COMMENT ON COLUMN raw.part.last_key IS 'Last key of its content.';
COMMENT ON COLUMN raw.part.clinical_data_count IS 'ClinicalData elements.';
COMMENT ON COLUMN raw.part.subject_data_count IS 'SubjectData elements.';
COMMENT ON COLUMN raw.part.study_event_data_count IS 'StudyEventData elements.';
COMMENT ON COLUMN raw.part.form_data_count IS 'FormData elements.';
COMMENT ON COLUMN raw.part.item_group_data_count IS 'ItemGroupData elements.';
COMMENT ON COLUMN raw.part.item_data_count IS 'ItemData elements of all kinds.';
COMMENT ON COLUMN raw.part.audit_record_count IS 'AuditRecord elements.';
COMMENT ON COLUMN raw.part.file_row_count IS 'Data rows of a CSV file.';

CREATE TABLE raw.element (
  key BIGINT NOT NULL,
  parent_key BIGINT NOT NULL,
  level UTINYINT NOT NULL,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.element IS 'Elements that own rows but have no table of their own: the document, Study, MetaDataVersion, AdminData, ReferenceData, Association and collections.';
COMMENT ON COLUMN raw.element.key IS 'Key of the element. The document has the first key of its part.';
COMMENT ON COLUMN raw.element.parent_key IS 'Key of the element it stands in; 0 for the document.';
COMMENT ON COLUMN raw.element.level IS 'What it is: a row of raw.level.';
COMMENT ON COLUMN raw.element.place IS 'Byte offset of the start tag in the part, unpacked, in UTF-8.';

CREATE TABLE raw.clinical_data (
  key BIGINT NOT NULL,
  study_code INTEGER NOT NULL,
  metadata_version_code INTEGER NOT NULL,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.clinical_data IS 'ClinicalData elements (ODM 1.3.2, 3.1.4), one row each.';
COMMENT ON COLUMN raw.clinical_data.key IS 'Key of the element.';
COMMENT ON COLUMN raw.clinical_data.study_code IS 'StudyOID. A site may pose as a study.';
COMMENT ON COLUMN raw.clinical_data.metadata_version_code IS 'MetaDataVersionOID.';
COMMENT ON COLUMN raw.clinical_data.place IS 'Byte offset of the start tag in the part, uncompressed, in UTF-8.';

CREATE TABLE raw.subject_data (
  key BIGINT NOT NULL,
  clinical_data_key BIGINT NOT NULL,
  identity BIGINT NOT NULL,
  subject_key VARCHAR NOT NULL,
  site_code INTEGER NOT NULL,
  investigator_code INTEGER NOT NULL,
  transaction_code INTEGER NOT NULL,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.subject_data IS 'SubjectData elements, one row each.';
COMMENT ON COLUMN raw.subject_data.key IS 'Key of the element.';
COMMENT ON COLUMN raw.subject_data.clinical_data_key IS 'The ClinicalData it stands in.';
COMMENT ON COLUMN raw.subject_data.identity IS 'Hash of system, environment, study and subject key.';
COMMENT ON COLUMN raw.subject_data.subject_key IS 'SubjectKey, exactly as sent.';
COMMENT ON COLUMN raw.subject_data.site_code IS 'SiteRef/@LocationOID. No part of identity: subjects move.';
COMMENT ON COLUMN raw.subject_data.investigator_code IS 'InvestigatorRef/@UserOID.';
COMMENT ON COLUMN raw.subject_data.transaction_code IS 'TransactionType.';
COMMENT ON COLUMN raw.subject_data.place IS 'Byte offset of the start tag in the part.';

CREATE TABLE raw.study_event_data (
  key BIGINT NOT NULL,
  subject_data_key BIGINT NOT NULL,
  identity BIGINT NOT NULL,
  study_event_code INTEGER NOT NULL,
  repeat_key_code INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  transaction_code INTEGER NOT NULL,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.study_event_data IS 'StudyEventData elements, one row each.';
COMMENT ON COLUMN raw.study_event_data.key IS 'Key of the element.';
COMMENT ON COLUMN raw.study_event_data.subject_data_key IS 'The SubjectData it stands in.';
COMMENT ON COLUMN raw.study_event_data.identity IS 'Hash of the subject''s identity, the OID and the repeat key.';
COMMENT ON COLUMN raw.study_event_data.study_event_code IS 'StudyEventOID.';
COMMENT ON COLUMN raw.study_event_data.repeat_key_code IS 'StudyEventRepeatKey as sent; 0 if it was not.';
COMMENT ON COLUMN raw.study_event_data.ordinal IS 'Where no repeat key was sent: the place, from 1, among keyless siblings of this OID under the same element (inferred); else 0.';
COMMENT ON COLUMN raw.study_event_data.transaction_code IS 'TransactionType.';
COMMENT ON COLUMN raw.study_event_data.place IS 'Byte offset of the start tag in the part.';

CREATE TABLE raw.form_data (
  key BIGINT NOT NULL,
  subject_data_key BIGINT NOT NULL,
  study_event_data_key BIGINT NOT NULL,
  identity BIGINT NOT NULL,
  form_code INTEGER NOT NULL,
  repeat_key_code INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  transaction_code INTEGER NOT NULL,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.form_data IS 'FormData elements, one row each.';
COMMENT ON COLUMN raw.form_data.key IS 'Key of the element.';
COMMENT ON COLUMN raw.form_data.subject_data_key IS 'The SubjectData it stands in.';
COMMENT ON COLUMN raw.form_data.study_event_data_key IS 'The StudyEventData it stands in; 0 where the file has none at this place (REDCap classic projects).';
COMMENT ON COLUMN raw.form_data.identity IS 'Hash of the parent''s identity, the OID and the repeat key.';
COMMENT ON COLUMN raw.form_data.form_code IS 'FormOID.';
COMMENT ON COLUMN raw.form_data.repeat_key_code IS 'FormRepeatKey as sent; 0 if it was not.';
COMMENT ON COLUMN raw.form_data.ordinal IS 'Inferred place among keyless siblings, from 1; 0 where a repeat key was sent.';
COMMENT ON COLUMN raw.form_data.transaction_code IS 'TransactionType.';
COMMENT ON COLUMN raw.form_data.place IS 'Byte offset of the start tag in the part.';

CREATE TABLE raw.item_group_data (
  key BIGINT NOT NULL,
  parent_key BIGINT NOT NULL,
  subject_data_key BIGINT NOT NULL,
  study_event_data_key BIGINT NOT NULL,
  form_data_key BIGINT NOT NULL,
  item_group_data_key BIGINT NOT NULL,
  identity BIGINT NOT NULL,
  item_group_code INTEGER NOT NULL,
  repeat_key_code INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  transaction_code INTEGER NOT NULL,
  place BIGINT NOT NULL,
  length BIGINT NOT NULL,
  content_hash BIGINT NOT NULL
);
COMMENT ON TABLE raw.item_group_data IS 'ItemGroupData elements, one row each; a further row of the same identity for each time an item stands twice in one element.';
COMMENT ON COLUMN raw.item_group_data.key IS 'Key of the element.';
COMMENT ON COLUMN raw.item_group_data.parent_key IS 'Key of the element it stands in, whichever that is.';
COMMENT ON COLUMN raw.item_group_data.subject_data_key IS 'The SubjectData it stands in; 0 in ReferenceData.';
COMMENT ON COLUMN raw.item_group_data.study_event_data_key IS 'The StudyEventData it stands in; 0 if none.';
COMMENT ON COLUMN raw.item_group_data.form_data_key IS 'The FormData it stands in; 0 if none (ODM 2.0).';
COMMENT ON COLUMN raw.item_group_data.item_group_data_key IS 'The ItemGroupData it is nested in (ODM 2.0); 0 if none.';
COMMENT ON COLUMN raw.item_group_data.identity IS 'Hash of the parent''s identity, the OID and the repeat key.';
COMMENT ON COLUMN raw.item_group_data.item_group_code IS 'ItemGroupOID.';
COMMENT ON COLUMN raw.item_group_data.repeat_key_code IS 'ItemGroupRepeatKey as sent; 0 if it was not.';
COMMENT ON COLUMN raw.item_group_data.ordinal IS 'Inferred place among keyless siblings, from 1; 0 where a repeat key was sent.';
COMMENT ON COLUMN raw.item_group_data.transaction_code IS 'TransactionType.';
COMMENT ON COLUMN raw.item_group_data.place IS 'Byte offset of the start tag in the part.';
COMMENT ON COLUMN raw.item_group_data.length IS 'Bytes from the start tag to the end of the end tag.';
COMMENT ON COLUMN raw.item_group_data.content_hash IS 'Hash of its items (of each the OID, sequence, three marks: no value sent, IsNull="Yes", TransactionType="Remove"; unit and value), whatever their order. The same content has the same hash in every delivery.';

CREATE TABLE raw.item_data (
  item_group_data_key BIGINT NOT NULL,
  item_code INTEGER NOT NULL,
  value VARCHAR,
  flags UTINYINT NOT NULL,
  kind UTINYINT NOT NULL,
  transaction_code INTEGER NOT NULL,
  unit_code INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  place INTEGER NOT NULL
);
COMMENT ON TABLE raw.item_data IS 'ItemData elements of all kinds, one row each: an item stands at most once in an item group row, or once for each sequence number.';
COMMENT ON COLUMN raw.item_data.item_group_data_key IS 'The item group row it belongs to.';
COMMENT ON COLUMN raw.item_data.item_code IS 'ItemOID.';
COMMENT ON COLUMN raw.item_data.value IS 'The value exactly as sent, references resolved, line breaks kept; NULL where no value was sent.';
COMMENT ON COLUMN raw.item_data.flags IS 'Sum of: 1 no value was sent; 2 IsNull="Yes"; 4 the record says nothing of the value (a query, a visibility change), as the dialect tells; 8 the value holds a TAB, LF or CR that stood raw in an attribute.';
COMMENT ON COLUMN raw.item_data.kind IS 'Which element: a row of raw.item_data_kind.';
COMMENT ON COLUMN raw.item_data.transaction_code IS 'TransactionType.';
COMMENT ON COLUMN raw.item_data.unit_code IS 'MeasurementUnitOID, of the attribute or of MeasurementUnitRef.';
COMMENT ON COLUMN raw.item_data.sequence IS 'Value/@SeqNum (ODM 2.0); else 0.';
COMMENT ON COLUMN raw.item_data.place IS 'Byte offset of the start tag, from the start tag of the item group.';

CREATE TABLE raw.item_data_kind (
  kind UTINYINT NOT NULL,
  element VARCHAR NOT NULL
);
COMMENT ON TABLE raw.item_data_kind IS 'The elements that hold a value: ItemData and the typed kinds of ODM 1.3.2, 3.1.4.1.1.1.1.2.';
COMMENT ON COLUMN raw.item_data_kind.kind IS 'Number used in raw.item_data.';
COMMENT ON COLUMN raw.item_data_kind.element IS 'Element name.';
INSERT INTO raw.item_data_kind VALUES
  (0, 'ItemData'), (1, 'ItemDataAny'), (2, 'ItemDataString'), (3, 'ItemDataInteger'), (4, 'ItemDataFloat'),
  (5, 'ItemDataDate'), (6, 'ItemDataTime'), (7, 'ItemDataDatetime'), (8, 'ItemDataBoolean'), (9, 'ItemDataHexBinary'),
  (10, 'ItemDataBase64Binary'), (11, 'ItemDataHexFloat'), (12, 'ItemDataBase64Float'), (13, 'ItemDataPartialDate'),
  (14, 'ItemDataPartialTime'), (15, 'ItemDataPartialDatetime'), (16, 'ItemDataDurationDatetime'),
  (17, 'ItemDataIntervalDatetime'), (18, 'ItemDataIncompleteDatetime'), (19, 'ItemDataURI'), (20, 'ItemDataDouble'),
  (21, 'ItemDataIncompleteDate'), (22, 'ItemDataIncompleteTime');

CREATE TABLE raw.audit_record (
  key BIGINT NOT NULL,
  element_key BIGINT NOT NULL,
  item_code INTEGER NOT NULL,
  id VARCHAR,
  edit_point_code INTEGER NOT NULL,
  used_imputation_code INTEGER NOT NULL,
  user_code INTEGER NOT NULL,
  location_code INTEGER NOT NULL,
  datetime VARCHAR,
  datetime_utc TIMESTAMP,
  zone_origin_code INTEGER NOT NULL,
  reason VARCHAR,
  source_id VARCHAR,
  category_code INTEGER NOT NULL,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.audit_record IS 'AuditRecord elements, one row each, at every level and in collections; and the entries of a dialect''s own audit log (OpenClinica: AuditLog).';
COMMENT ON COLUMN raw.audit_record.key IS 'Key of the element.';
COMMENT ON COLUMN raw.audit_record.element_key IS 'Key of the element it speaks of: the item group row for an item; the collection, in AuditRecords.';
COMMENT ON COLUMN raw.audit_record.item_code IS 'ItemOID where it speaks of an item; else 0.';
COMMENT ON COLUMN raw.audit_record.id IS 'ID, by which items and elements refer to it.';
COMMENT ON COLUMN raw.audit_record.edit_point_code IS 'EditPoint.';
COMMENT ON COLUMN raw.audit_record.used_imputation_code IS 'UsedImputationMethod.';
COMMENT ON COLUMN raw.audit_record.user_code IS 'UserRef/@UserOID.';
COMMENT ON COLUMN raw.audit_record.location_code IS 'LocationRef/@LocationOID.';
COMMENT ON COLUMN raw.audit_record.datetime IS 'DateTimeStamp, as sent.';
COMMENT ON COLUMN raw.audit_record.datetime_utc IS 'The same in UTC; NULL where the text is no complete date and time.';
COMMENT ON COLUMN raw.audit_record.zone_origin_code IS 'Where the zone of datetime_utc came from: data (the text has an offset), declared (time_zone of the source) or unknown (read as UTC); 0 without datetime_utc.';
COMMENT ON COLUMN raw.audit_record.reason IS 'ReasonForChange.';
COMMENT ON COLUMN raw.audit_record.source_id IS 'SourceID, as sent. Orders records of the same time.';
COMMENT ON COLUMN raw.audit_record.category_code IS 'What the dialect calls this kind of record (Rave: AuditSubCategoryName; OpenClinica: AuditType, or Type in 3.1).';
COMMENT ON COLUMN raw.audit_record.place IS 'Byte offset of the start tag in the part.';

CREATE TABLE raw.signature (
  key BIGINT NOT NULL,
  element_key BIGINT NOT NULL,
  item_code INTEGER NOT NULL,
  id VARCHAR,
  user_code INTEGER NOT NULL,
  location_code INTEGER NOT NULL,
  signature_code INTEGER NOT NULL,
  datetime VARCHAR,
  datetime_utc TIMESTAMP,
  zone_origin_code INTEGER NOT NULL,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.signature IS 'Signature elements, one row each.';
COMMENT ON COLUMN raw.signature.key IS 'Key of the element.';
COMMENT ON COLUMN raw.signature.element_key IS 'Key of the element it signs; the collection, in Signatures.';
COMMENT ON COLUMN raw.signature.item_code IS 'ItemOID where it signs an item; else 0.';
COMMENT ON COLUMN raw.signature.id IS 'ID.';
COMMENT ON COLUMN raw.signature.user_code IS 'UserRef/@UserOID.';
COMMENT ON COLUMN raw.signature.location_code IS 'LocationRef/@LocationOID.';
COMMENT ON COLUMN raw.signature.signature_code IS 'SignatureRef/@SignatureOID.';
COMMENT ON COLUMN raw.signature.datetime IS 'DateTimeStamp, as sent.';
COMMENT ON COLUMN raw.signature.datetime_utc IS 'The same in UTC.';
COMMENT ON COLUMN raw.signature.zone_origin_code IS 'Where the zone of datetime_utc came from: data (the text has an offset), declared (time_zone of the source) or unknown (read as UTC); 0 without datetime_utc.';
COMMENT ON COLUMN raw.signature.place IS 'Byte offset of the start tag in the part.';

CREATE TABLE raw.annotation (
  key BIGINT NOT NULL,
  element_key BIGINT NOT NULL,
  item_code INTEGER NOT NULL,
  id VARCHAR,
  sequence VARCHAR,
  transaction_code INTEGER NOT NULL,
  comment VARCHAR,
  sponsor_or_site_code INTEGER NOT NULL,
  flag INTEGER NOT NULL,
  flag_value VARCHAR,
  flag_code_list_code INTEGER NOT NULL,
  flag_type VARCHAR,
  flag_type_code_list_code INTEGER NOT NULL,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.annotation IS 'Annotation elements: one row each, which holds the comment, and one more for each Flag.';
COMMENT ON COLUMN raw.annotation.key IS 'Key of the element; its rows share it.';
COMMENT ON COLUMN raw.annotation.element_key IS 'Key of the element it is attached to; the collection, in Annotations.';
COMMENT ON COLUMN raw.annotation.item_code IS 'ItemOID where it is attached to an item; else 0.';
COMMENT ON COLUMN raw.annotation.id IS 'ID.';
COMMENT ON COLUMN raw.annotation.sequence IS 'SeqNum.';
COMMENT ON COLUMN raw.annotation.transaction_code IS 'TransactionType.';
COMMENT ON COLUMN raw.annotation.comment IS 'Comment.';
COMMENT ON COLUMN raw.annotation.sponsor_or_site_code IS 'Comment/@SponsorOrSite.';
COMMENT ON COLUMN raw.annotation.flag IS '0 for the row of the element itself, from 1 for its flags.';
COMMENT ON COLUMN raw.annotation.flag_value IS 'FlagValue.';
COMMENT ON COLUMN raw.annotation.flag_code_list_code IS 'FlagValue/@CodeListOID.';
COMMENT ON COLUMN raw.annotation.flag_type IS 'FlagType.';
COMMENT ON COLUMN raw.annotation.flag_type_code_list_code IS 'FlagType/@CodeListOID.';
COMMENT ON COLUMN raw.annotation.place IS 'Byte offset of the start tag in the part.';

CREATE TABLE raw.query (
  key BIGINT NOT NULL,
  element_key BIGINT NOT NULL,
  item_code INTEGER NOT NULL,
  parent_key BIGINT NOT NULL,
  id VARCHAR,
  type_code INTEGER NOT NULL,
  recipient_code INTEGER NOT NULL,
  status_code INTEGER NOT NULL,
  user_code INTEGER NOT NULL,
  datetime VARCHAR,
  datetime_utc TIMESTAMP,
  zone_origin_code INTEGER NOT NULL,
  text VARCHAR,
  response VARCHAR,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.query IS 'Queries (discrepancies) in common columns, as the dialect names them, one row each.';
COMMENT ON COLUMN raw.query.key IS 'Key of the element.';
COMMENT ON COLUMN raw.query.element_key IS 'Key of the element it is about: the item group row for an item.';
COMMENT ON COLUMN raw.query.item_code IS 'ItemOID where it is about an item; else 0.';
COMMENT ON COLUMN raw.query.parent_key IS 'Key of the query or note that it answers; 0 if none.';
COMMENT ON COLUMN raw.query.id IS 'Its number in the source system.';
COMMENT ON COLUMN raw.query.type_code IS 'Its type, in the dialect''s words.';
COMMENT ON COLUMN raw.query.recipient_code IS 'Who is asked.';
COMMENT ON COLUMN raw.query.status_code IS 'Its state, in the dialect''s words.';
COMMENT ON COLUMN raw.query.user_code IS 'Who wrote it.';
COMMENT ON COLUMN raw.query.datetime IS 'When, as sent.';
COMMENT ON COLUMN raw.query.datetime_utc IS 'The same in UTC.';
COMMENT ON COLUMN raw.query.zone_origin_code IS 'Where the zone of datetime_utc came from: data (the text has an offset), declared (time_zone of the source) or unknown (read as UTC); 0 without datetime_utc.';
COMMENT ON COLUMN raw.query.text IS 'The question.';
COMMENT ON COLUMN raw.query.response IS 'The answer.';
COMMENT ON COLUMN raw.query.place IS 'Byte offset of the start tag in the part.';

CREATE TABLE raw.status (
  element_key BIGINT NOT NULL,
  item_code INTEGER NOT NULL,
  kind_code INTEGER NOT NULL,
  value_code INTEGER NOT NULL
);
COMMENT ON TABLE raw.status IS 'State of an element in common columns, as the dialect names it: subject status, frozen, locked, verified. raw.attribute has what was sent.';
COMMENT ON COLUMN raw.status.element_key IS 'Key of the element: the item group row for an item.';
COMMENT ON COLUMN raw.status.item_code IS 'ItemOID where it is about an item; else 0.';
COMMENT ON COLUMN raw.status.kind_code IS 'What is said: frozen, locked, verified, subject status ...; in words that dialects share.';
COMMENT ON COLUMN raw.status.value_code IS 'The state, in the dialect''s words.';

CREATE TABLE raw.attribute (
  element_key BIGINT NOT NULL,
  level UTINYINT NOT NULL,
  item_code INTEGER NOT NULL,
  node INTEGER NOT NULL,
  parent_node INTEGER NOT NULL,
  kind UTINYINT NOT NULL,
  namespace_code INTEGER NOT NULL,
  name_code INTEGER NOT NULL,
  value VARCHAR,
  place BIGINT NOT NULL
);
COMMENT ON TABLE raw.attribute IS 'Every attribute and element that has no column of its own, of any namespace, with its place: nothing is dropped.';
COMMENT ON COLUMN raw.attribute.element_key IS 'Key of the owner: the nearest element that has a row of its own; the item group row for an item.';
COMMENT ON COLUMN raw.attribute.level IS 'What the owner is: a row of raw.level.';
COMMENT ON COLUMN raw.attribute.item_code IS 'ItemOID where the owner is an item; else 0.';
COMMENT ON COLUMN raw.attribute.node IS '0: the owner itself. Else the number of a node below the owner, in document order from 1; an attribute has the number of its element.';
COMMENT ON COLUMN raw.attribute.parent_node IS 'The node that this node stands in; 0 for the owner.';
COMMENT ON COLUMN raw.attribute.kind IS '1 attribute, 2 element, 3 text, 4 attribute that holds a raw TAB, LF or CR.';
COMMENT ON COLUMN raw.attribute.namespace_code IS 'Namespace URI of the name; 0 if none.';
COMMENT ON COLUMN raw.attribute.name_code IS 'Local name; 0 for text.';
COMMENT ON COLUMN raw.attribute.value IS 'Value of an attribute, or the text; NULL for an element.';
COMMENT ON COLUMN raw.attribute.place IS 'Byte offset in the part: of the start tag, or of the text.';

CREATE TABLE raw.level (
  level UTINYINT NOT NULL,
  element VARCHAR NOT NULL
);
COMMENT ON TABLE raw.level IS 'The kinds of element that own rows of raw.attribute, those of raw.element among them.';
COMMENT ON COLUMN raw.level.level IS 'Number used in raw.attribute and raw.element.';
COMMENT ON COLUMN raw.level.element IS 'Element name.';
INSERT INTO raw.level VALUES
  (0, 'ODM'), (1, 'ClinicalData'), (2, 'SubjectData'), (3, 'StudyEventData'), (4, 'FormData'), (5, 'ItemGroupData'),
  (6, 'ItemData'), (7, 'AuditRecord'), (8, 'Signature'), (9, 'Annotation'), (10, 'Query'), (11, 'Study'),
  (12, 'AdminData'), (13, 'ReferenceData'), (14, 'Association'), (15, 'MetaDataVersion'), (16, 'Location'), (17, 'User'),
  (18, 'AuditRecords'), (19, 'Signatures'), (20, 'Annotations');

CREATE TABLE raw.location (
  key BIGINT NOT NULL,
  parent_key BIGINT NOT NULL,
  location_code INTEGER NOT NULL,
  name VARCHAR,
  location_type VARCHAR,
  study_code INTEGER NOT NULL,
  metadata_version_code INTEGER NOT NULL,
  effective_date VARCHAR
);
COMMENT ON TABLE raw.location IS 'Locations of AdminData: one row for each MetaDataVersionRef of a location, or one if it has none.';
COMMENT ON COLUMN raw.location.key IS 'Key of the element; its rows share it.';
COMMENT ON COLUMN raw.location.parent_key IS 'The AdminData it stands in.';
COMMENT ON COLUMN raw.location.location_code IS 'Location/@OID.';
COMMENT ON COLUMN raw.location.name IS 'Name.';
COMMENT ON COLUMN raw.location.location_type IS 'LocationType.';
COMMENT ON COLUMN raw.location.study_code IS 'MetaDataVersionRef/@StudyOID.';
COMMENT ON COLUMN raw.location.metadata_version_code IS 'MetaDataVersionRef/@MetaDataVersionOID.';
COMMENT ON COLUMN raw.location.effective_date IS 'MetaDataVersionRef/@EffectiveDate, as sent.';

CREATE TABLE raw.user (
  key BIGINT NOT NULL,
  parent_key BIGINT NOT NULL,
  user_code INTEGER NOT NULL,
  user_type VARCHAR,
  login_name VARCHAR,
  display_name VARCHAR,
  full_name VARCHAR,
  first_name VARCHAR,
  last_name VARCHAR,
  organization VARCHAR
);
COMMENT ON TABLE raw.user IS 'Users of AdminData, one row each.';
COMMENT ON COLUMN raw.user.key IS 'Key of the element.';
COMMENT ON COLUMN raw.user.parent_key IS 'The AdminData it stands in.';
COMMENT ON COLUMN raw.user.user_code IS 'User/@OID.';
COMMENT ON COLUMN raw.user.user_type IS 'UserType.';
COMMENT ON COLUMN raw.user.login_name IS 'LoginName.';
COMMENT ON COLUMN raw.user.display_name IS 'DisplayName.';
COMMENT ON COLUMN raw.user.full_name IS 'FullName.';
COMMENT ON COLUMN raw.user.first_name IS 'FirstName.';
COMMENT ON COLUMN raw.user.last_name IS 'LastName.';
COMMENT ON COLUMN raw.user.organization IS 'Organization.';

CREATE TABLE raw.subject_site (
  key BIGINT NOT NULL,
  subject_identity BIGINT NOT NULL,
  site_code INTEGER NOT NULL,
  valid_from VARCHAR
);
COMMENT ON TABLE raw.subject_site IS 'Transfers of subjects between sites told by other than SiteRef, whose history raw.subject_data has. Not filled by this version.';
COMMENT ON COLUMN raw.subject_site.key IS 'Key of the element or row that said so.';
COMMENT ON COLUMN raw.subject_site.subject_identity IS 'The subject: identity in raw.subject_data.';
COMMENT ON COLUMN raw.subject_site.site_code IS 'The site.';
COMMENT ON COLUMN raw.subject_site.valid_from IS 'From when it holds, as sent; NULL if not said.';

CREATE TABLE raw.subject_alias (
  key BIGINT NOT NULL,
  subject_identity BIGINT NOT NULL,
  alias_kind VARCHAR NOT NULL,
  alias VARCHAR NOT NULL,
  valid_from VARCHAR
);
COMMENT ON TABLE raw.subject_alias IS 'Other names of subjects (a UUID beside a name, renamings, rescreenings, crosswalks). Applied above raw, never part of identity.';
COMMENT ON COLUMN raw.subject_alias.key IS 'Key of the element or row that said so.';
COMMENT ON COLUMN raw.subject_alias.subject_identity IS 'The subject: identity in raw.subject_data.';
COMMENT ON COLUMN raw.subject_alias.alias_kind IS 'What the alias is: name, uuid, usubjid, ...';
COMMENT ON COLUMN raw.subject_alias.alias IS 'The other name, as sent.';
COMMENT ON COLUMN raw.subject_alias.valid_from IS 'From when it holds, as sent; NULL if not said. Not filled by this version.';

CREATE TABLE raw.quarantine (
  quarantine_key BIGINT NOT NULL,
  delivery_key BIGINT NOT NULL,
  part_ordinal INTEGER NOT NULL,
  line BIGINT,
  place BIGINT NOT NULL,
  length BIGINT NOT NULL,
  code VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL,
  shape VARCHAR,
  bytes BLOB,
  recipient VARCHAR
);
COMMENT ON TABLE raw.quarantine IS 'Fragments that could not be used, with their exact bytes: lines of CSV, damaged spans of ODM (on_malformed: recover), and the control characters that were replaced in it (control_characters: replace). recon.quarantine says what has become of them.';
COMMENT ON COLUMN raw.quarantine.quarantine_key IS 'Number of the fragment, dense from 1.';
COMMENT ON COLUMN raw.quarantine.delivery_key IS 'The delivery.';
COMMENT ON COLUMN raw.quarantine.part_ordinal IS 'The part of the delivery.';
COMMENT ON COLUMN raw.quarantine.line IS 'Line number in the part, unpacked, from 1: that on which it begins.';
COMMENT ON COLUMN raw.quarantine.place IS 'Byte offset in the part, unpacked, from 0.';
COMMENT ON COLUMN raw.quarantine.length IS 'Number of bytes.';
COMMENT ON COLUMN raw.quarantine.code IS 'Stable code of the reason. ODM_CONTROL_CHARACTER: it was replaced by a space, and nothing is missing.';
COMMENT ON COLUMN raw.quarantine.reason IS 'Why it could not be used.';
COMMENT ON COLUMN raw.quarantine.sha256 IS 'SHA-256 of the bytes.';
COMMENT ON COLUMN raw.quarantine.shape IS 'Where the bytes are not kept: what can be said of them without showing them, one sign for each run of letters, of digits, and of characters outside ASCII; else NULL.';
COMMENT ON COLUMN raw.quarantine.bytes IS 'The bytes; where recipient is given, an age file that holds them; NULL where only their shape is kept, or where they are of a study that is not the project''s.';
COMMENT ON COLUMN raw.quarantine.recipient IS 'For whom the bytes are encrypted: recipients of age, with a comma and a blank between them; NULL if they are not.';

CREATE TABLE raw.refused (
  delivery_key BIGINT NOT NULL,
  part_ordinal INTEGER NOT NULL,
  study_oid VARCHAR NOT NULL,
  element VARCHAR NOT NULL,
  elements BIGINT NOT NULL
);
COMMENT ON TABLE raw.refused IS 'Data of studies that are not the project''s: not loaded, but named and counted.';
COMMENT ON COLUMN raw.refused.delivery_key IS 'The delivery.';
COMMENT ON COLUMN raw.refused.part_ordinal IS 'The part of the delivery.';
COMMENT ON COLUMN raw.refused.study_oid IS 'StudyOID of the ClinicalData.';
COMMENT ON COLUMN raw.refused.element IS 'Element name.';
COMMENT ON COLUMN raw.refused.elements IS 'How many.';

CREATE TABLE raw.source_count (
  delivery_key BIGINT NOT NULL,
  part_ordinal INTEGER NOT NULL,
  element VARCHAR NOT NULL,
  form_oid VARCHAR,
  site_oid VARCHAR,
  elements BIGINT NOT NULL
);
COMMENT ON TABLE raw.source_count IS 'Elements of each part as counted by a second scan of its bytes, which shares no code with the reader.';
COMMENT ON COLUMN raw.source_count.delivery_key IS 'The delivery.';
COMMENT ON COLUMN raw.source_count.part_ordinal IS 'The part of the delivery.';
COMMENT ON COLUMN raw.source_count.element IS 'Element name; ItemData for all its kinds; row for a line of a CSV file; fragment for a damaged span of an ODM document, in which nothing is counted.';
COMMENT ON COLUMN raw.source_count.form_oid IS 'FormOID of the form it stands in, as written in the file; NULL if none.';
COMMENT ON COLUMN raw.source_count.site_oid IS 'LocationOID of the SiteRef of the subject it stands in, as written; NULL if none.';
COMMENT ON COLUMN raw.source_count.elements IS 'How many.';
