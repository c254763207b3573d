//! Fills the tables of layout::SAME: every column that warehouse fills, as it fills them for a snapshot.
use crate::datetime;
use crate::dictionary::{Dictionary, REMOVE};
use crate::hash::{self, Repeat};
use crate::reader::Collector;
use crate::records::{Audit, Group, Item, Level, DATETIME, REASON, SOURCE_ID};
use crate::schema::Schema;
use crate::xml::{each_attribute, each_raw_attribute, resolved};
use quick_xml::events::BytesStart;

const SUBJECT: usize = 0;
const STUDY_EVENT: usize = 1;
const FORM: usize = 2;
const ITEM_GROUP: usize = 3;
const ITEM: usize = 4;
const AUDIT: usize = 5;
const CLINICAL_DATA: usize = 6;

/// Bits of `item_data.flags`, of which the first two are marks of a content hash too.
const NO_VALUE: u8 = 1;
const IS_NULL: u8 = 2;
const RAW_WHITE_SPACE: u8 = 8;
const REMOVED: u8 = 4;

pub struct Same {
    schema: Schema,
    dictionary: Dictionary,
    last_key: i64,
    study: i64,
    clinical_data: i64,
    /// By table; of those above the open one, which is at `depth`.
    levels: [Level; 4],
    depth: usize,
    subject_key: Vec<u8>,
    site: i32,
    investigator: i32,
    group: Group,
    item: Item,
    audit: Audit,
    open_text: Option<usize>,
    /// What is hashed.
    buffer: Vec<u8>,
}

impl Same {
    fn new_key(&mut self) -> i64 {
        self.last_key += 1;
        self.last_key
    }

    fn open_clinical_data(&mut self, element: &BytesStart, place: i64) {
        self.clinical_data = self.new_key();
        let (mut study, mut version) = (0, 0);
        each_attribute(element, |name, value| match name {
            b"StudyOID" => study = self.dictionary.code(&value),
            b"MetaDataVersionOID" => version = self.dictionary.code(&value),
            _ => {}
        });
        self.schema.tables[CLINICAL_DATA].int64(self.clinical_data).int32(study).int32(version).int64(place).end_row();
    }

    fn open_subject(&mut self, element: &BytesStart, place: i64) {
        self.depth = SUBJECT;
        self.site = 0;
        self.investigator = 0;
        let key = self.new_key();
        let subject = &mut self.levels[SUBJECT];
        subject.key = key;
        subject.place = place;
        subject.transaction = 0;
        each_attribute(element, |name, value| match name {
            b"SubjectKey" => self.subject_key = value.into_owned(),
            b"TransactionType" => subject.transaction = self.dictionary.code(&value),
            _ => {}
        });
        subject.identity = hash::identity(&mut self.buffer, self.study, hash::SUBJECT, &self.subject_key, Repeat::None);
    }

    fn close_subject(&mut self) {
        let subject = &self.levels[SUBJECT];
        let row = &mut self.schema.tables[SUBJECT];
        row.int64(subject.key).int64(self.clinical_data).int64(subject.identity).text(&self.subject_key);
        row.int32(self.site).int32(self.investigator).int32(subject.transaction).int64(subject.place).end_row();
    }

    /// An element with an OID, a repeat key and a transaction type; the one above it is its parent.
    fn open_level(&mut self, element: &BytesStart, place: i64, depth: usize, oid_name: &[u8], repeat_name: &[u8]) {
        self.depth = depth;
        let key = self.new_key();
        let (above, below) = self.levels.split_at_mut(depth);
        let (parent, level) = (&mut above[depth - 1], &mut below[0]);
        let mut sent: Option<Vec<u8>> = None;
        (level.key, level.place, level.repeat_key, level.ordinal, level.transaction) = (key, place, 0, 0, 0);
        each_attribute(element, |name, value| {
            if name == oid_name {
                level.oid = self.dictionary.code(&value);
            } else if name == repeat_name {
                level.repeat_key = self.dictionary.code(&value);
                sent = Some(value.into_owned());
            } else if name == b"TransactionType" {
                level.transaction = self.dictionary.code(&value);
            }
        });
        let repeat = match &sent {
            Some(repeat_key) => Repeat::Sent(repeat_key),
            None => {
                level.ordinal = parent.ordinals.next(parent.key, level.oid);
                Repeat::Inferred(level.ordinal)
            }
        };
        let oid = self.dictionary.text(level.oid);
        level.identity = hash::identity(&mut self.buffer, parent.identity, IDENTITY_LEVELS[depth], oid, repeat);
    }

    fn write_study_event(&mut self) {
        let event = &self.levels[STUDY_EVENT];
        let row = &mut self.schema.tables[STUDY_EVENT];
        row.int64(event.key).int64(self.levels[SUBJECT].key).int64(event.identity).int32(event.oid);
        row.int32(event.repeat_key).int32(event.ordinal).int32(event.transaction).int64(event.place).end_row();
    }

    fn write_form(&mut self) {
        let [subject, event, form, _] = &self.levels;
        let row = &mut self.schema.tables[FORM];
        row.int64(form.key).int64(subject.key).int64(event.key).int64(form.identity).int32(form.oid);
        row.int32(form.repeat_key).int32(form.ordinal).int32(form.transaction).int64(form.place).end_row();
    }

    fn close_item_group(&mut self, end: i64) {
        self.depth = FORM;
        let [subject, event, form, group] = &self.levels;
        let present = (self.group.key, self.group.content_hash);
        let outer_group = 0;
        for (key, content_hash) in self.group.earlier.drain(..).chain([present]) {
            let row = &mut self.schema.tables[ITEM_GROUP];
            row.int64(key).int64(form.key).int64(subject.key).int64(event.key).int64(form.key).int64(outer_group);
            row.int64(group.identity).int32(group.oid).int32(group.repeat_key).int32(group.ordinal);
            row.int32(group.transaction).int64(group.place).int64(end - group.place).int64(content_hash).end_row();
        }
    }

    fn open_item(&mut self, element: &BytesStart, place: i64) {
        let item = &mut self.item;
        *item =
            Item { is_open: true, place, flags: NO_VALUE, value: std::mem::take(&mut item.value), ..Item::default() };
        item.value.clear();
        each_raw_attribute(element, |name, raw| match name {
            b"ItemOID" => item.code = self.dictionary.code(&resolved(raw)),
            b"TransactionType" => item.transaction = self.dictionary.code(&resolved(raw)),
            b"IsNull" if raw == "Yes" => item.flags |= IS_NULL,
            b"Value" => {
                item.flags &= !NO_VALUE;
                if memchr::memchr3(b'\t', b'\n', b'\r', raw.as_bytes()).is_some() {
                    item.flags |= RAW_WHITE_SPACE;
                }
                item.value.extend_from_slice(&resolved(raw));
            }
            _ => {}
        });
        if self.group.has(self.item.code) {
            let key = self.new_key();
            self.group.earlier.push((self.group.key, self.group.content_hash));
            self.group.begin_row(key);
            self.group.has(self.item.code);
        }
    }

    fn close_item(&mut self) {
        let Item { place, code, transaction, unit, flags, .. } = self.item;
        self.item.is_open = false;
        let value = (flags & NO_VALUE == 0).then_some(&self.item.value[..]);
        let (kind, sequence) = (0, 0);
        let row = &mut self.schema.tables[ITEM];
        row.int64(self.group.key).int32(code).text_or_null(value).uint8(flags).uint8(kind).int32(transaction);
        row.int32(unit).int32(sequence).int32((place - self.levels[ITEM_GROUP].place) as i32).end_row();
        let marks = flags & (NO_VALUE | IS_NULL) | if transaction == REMOVE { REMOVED } else { 0 };
        let unit = (unit > 0).then(|| self.dictionary.text(unit));
        let hash = hash::item(&mut self.buffer, self.dictionary.text(code), marks, unit, value);
        self.group.content_hash = self.group.content_hash.wrapping_add(hash);
    }

    fn open_audit(&mut self, element: &BytesStart, place: i64) {
        let key = self.new_key();
        let texts = std::mem::take(&mut self.audit.texts);
        let audit = &mut self.audit;
        *audit = Audit { is_open: true, key, place, texts, ..Audit::default() };
        for text in &mut audit.texts {
            text.clear();
        }
        each_attribute(element, |name, value| match name {
            b"ID" => audit.id = Some(value.into_owned()),
            b"EditPoint" => audit.edit_point = self.dictionary.code(&value),
            b"UsedImputationMethod" => audit.used_imputation = self.dictionary.code(&value),
            _ => {}
        });
    }

    fn close_audit(&mut self) {
        self.audit.is_open = false;
        let audit = &self.audit;
        let (element, item) =
            if self.item.is_open { (self.group.key, self.item.code) } else { (self.levels[self.depth].key, 0) };
        let moment = audit.given(DATETIME).and_then(datetime::read);
        let (utc, zone_origin) = moment.map_or((None, 0), |(utc, origin)| (Some(utc), origin));
        let category = 0;
        let row = &mut self.schema.tables[AUDIT];
        row.int64(audit.key).int64(element).int32(item).text_or_null(audit.id.as_deref());
        row.int32(audit.edit_point).int32(audit.used_imputation).int32(audit.user).int32(audit.location);
        row.text_or_null(audit.given(DATETIME)).timestamp_or_null(utc).int32(zone_origin);
        row.text_or_null(audit.given(REASON)).text_or_null(audit.given(SOURCE_ID)).int32(category);
        row.int64(audit.place).end_row();
    }

    fn open_text(&mut self, text: usize) {
        if self.audit.is_open {
            self.audit.present[text] = true;
            self.open_text = Some(text);
        }
    }

    /// The code of the one attribute of a reference.
    fn reference(&mut self, element: &BytesStart, attribute: &[u8]) -> i32 {
        let mut code = 0;
        each_attribute(element, |name, value| {
            if name == attribute {
                code = self.dictionary.code(&value);
            }
        });
        code
    }
}

const IDENTITY_LEVELS: [u8; 4] = [hash::SUBJECT, hash::STUDY_EVENT, hash::FORM, hash::ITEM_GROUP];

impl Collector for Same {
    fn new(schema: Schema) -> Self {
        let mut buffer = Vec::new();
        // System, environment and study as ingest-once.mjs names them.
        let study = hash::identity(&mut buffer, 0, hash::STUDY, b"edc\x1fProd\x1fBENCH", Repeat::None);
        Same {
            schema,
            dictionary: Dictionary::new(),
            last_key: 0,
            study,
            clinical_data: 0,
            levels: Default::default(),
            depth: SUBJECT,
            subject_key: Vec::new(),
            site: 0,
            investigator: 0,
            group: Group::default(),
            item: Item::default(),
            audit: Audit::default(),
            open_text: None,
            buffer,
        }
    }

    fn open(&mut self, element: &BytesStart, place: i64) {
        match element.name().as_ref().as_bytes() {
            b"ItemData" => self.open_item(element, place),
            b"AuditRecord" => self.open_audit(element, place),
            b"UserRef" if self.audit.is_open => self.audit.user = self.reference(element, b"UserOID"),
            b"LocationRef" if self.audit.is_open => self.audit.location = self.reference(element, b"LocationOID"),
            b"DateTimeStamp" => self.open_text(DATETIME),
            b"ReasonForChange" => self.open_text(REASON),
            b"SourceID" => self.open_text(SOURCE_ID),
            b"MeasurementUnitRef" if self.item.is_open => {
                self.item.unit = self.reference(element, b"MeasurementUnitOID");
            }
            b"ItemGroupData" => {
                self.open_level(element, place, ITEM_GROUP, b"ItemGroupOID", b"ItemGroupRepeatKey");
                self.group.begin_row(self.levels[ITEM_GROUP].key);
            }
            b"FormData" => {
                self.open_level(element, place, FORM, b"FormOID", b"FormRepeatKey");
                self.write_form();
            }
            b"StudyEventData" => {
                self.open_level(element, place, STUDY_EVENT, b"StudyEventOID", b"StudyEventRepeatKey");
                self.write_study_event();
            }
            b"SubjectData" => self.open_subject(element, place),
            b"SiteRef" => self.site = self.reference(element, b"LocationOID"),
            b"InvestigatorRef" => self.investigator = self.reference(element, b"UserOID"),
            b"ClinicalData" => self.open_clinical_data(element, place),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8], end: i64) {
        match name {
            b"ItemData" => self.close_item(),
            b"AuditRecord" => self.close_audit(),
            b"DateTimeStamp" | b"ReasonForChange" | b"SourceID" => self.open_text = None,
            b"ItemGroupData" => self.close_item_group(end),
            b"FormData" => self.depth = STUDY_EVENT,
            b"StudyEventData" => self.depth = SUBJECT,
            b"SubjectData" => self.close_subject(),
            _ => {}
        }
    }

    fn text(&mut self, text: &[u8]) {
        if let Some(open) = self.open_text {
            self.audit.texts[open].extend_from_slice(text);
        }
    }

    fn end(self) -> (Schema, Dictionary) {
        (self.schema, self.dictionary)
    }
}
