//! Fills the tables of layout::THIN.
use crate::dictionary::Dictionary;
use crate::reader::Collector;
use crate::schema::Schema;
use crate::xml::each_attribute;
use quick_xml::events::BytesStart;

const SUBJECT: usize = 0;
const STUDY_EVENT: usize = 1;
const FORM: usize = 2;
const ITEM_GROUP: usize = 3;
const ITEM: usize = 4;
const AUDIT: usize = 5;

/// The children of AuditRecord that hold text.
const DATETIME: usize = 0;
const REASON: usize = 1;
const SOURCE_ID: usize = 2;

#[derive(Default)]
struct Item {
    is_open: bool,
    code: i32,
    transaction: i32,
    unit: i32,
    has_value: bool,
    is_null: bool,
    value: Vec<u8>,
}

#[derive(Default)]
struct Audit {
    is_open: bool,
    user: i32,
    location: i32,
    texts: [Vec<u8>; 3],
    present: [bool; 3],
}

pub struct Thin {
    schema: Schema,
    dictionary: Dictionary,
    last_key: i64,
    /// Keys of the open elements, by table.
    keys: [i64; 4],
    subject_key: Vec<u8>,
    subject_transaction: i32,
    site: i32,
    item: Item,
    audit: Audit,
    /// Which text of the audit record is open.
    open_text: Option<usize>,
}

impl Thin {
    fn new_key(&mut self) -> i64 {
        self.last_key += 1;
        self.last_key
    }

    /// An element with an OID, a repeat key and a transaction type.
    fn open_level(&mut self, element: &BytesStart, table: usize, oid_name: &[u8], repeat_name: &[u8]) {
        let key = self.new_key();
        self.keys[table] = key;
        let (mut oid, mut repeat_key, mut transaction) = (0, 0, 0);
        each_attribute(element, |name, value| {
            if name == oid_name {
                oid = self.dictionary.code(&value);
            } else if name == repeat_name {
                repeat_key = self.dictionary.code(&value);
            } else if name == b"TransactionType" {
                transaction = self.dictionary.code(&value);
            }
        });
        let row = &mut self.schema.tables[table];
        row.int64(key).int64(self.keys[table - 1]).int32(oid).int32(repeat_key).int32(transaction).end_row();
    }

    fn open_subject(&mut self, element: &BytesStart) {
        self.keys[SUBJECT] = self.new_key();
        self.site = 0;
        self.subject_transaction = 0;
        each_attribute(element, |name, value| match name {
            b"SubjectKey" => self.subject_key = value.into_owned(),
            b"TransactionType" => self.subject_transaction = self.dictionary.code(&value),
            _ => {}
        });
    }

    fn open_item(&mut self, element: &BytesStart) {
        let item = &mut self.item;
        *item = Item { is_open: true, value: std::mem::take(&mut item.value), ..Item::default() };
        item.value.clear();
        each_attribute(element, |name, value| match name {
            b"ItemOID" => item.code = self.dictionary.code(&value),
            b"TransactionType" => item.transaction = self.dictionary.code(&value),
            b"IsNull" => item.is_null = &value[..] == b"Yes",
            b"Value" => {
                item.has_value = true;
                item.value.extend_from_slice(&value);
            }
            _ => {}
        });
    }

    fn close_item(&mut self) {
        let Item { code, transaction, unit, has_value, is_null, .. } = self.item;
        let value = has_value.then_some(&self.item.value[..]);
        let flags = u8::from(!has_value) | u8::from(is_null) << 1;
        let row = &mut self.schema.tables[ITEM];
        row.int64(self.keys[ITEM_GROUP]).int32(code).text_or_null(value).uint8(flags).int32(transaction).int32(unit);
        row.end_row();
        self.item.is_open = false;
    }

    fn open_audit(&mut self) {
        self.new_key();
        let audit = &mut self.audit;
        audit.is_open = self.item.is_open;
        audit.user = 0;
        audit.location = 0;
        audit.present = [false; 3];
        for text in &mut audit.texts {
            text.clear();
        }
    }

    fn close_audit(&mut self) {
        if !self.audit.is_open {
            return;
        }
        self.audit.is_open = false;
        let Audit { user, location, ref texts, present, .. } = self.audit;
        let row = &mut self.schema.tables[AUDIT];
        row.int64(self.keys[ITEM_GROUP]).int32(self.item.code).int32(user).int32(location);
        for (text, present) in texts.iter().zip(present) {
            row.text_or_null(present.then_some(&text[..]));
        }
        row.end_row();
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

impl Collector for Thin {
    fn new(schema: Schema) -> Self {
        Thin {
            schema,
            dictionary: Dictionary::new(),
            last_key: 0,
            keys: [0; 4],
            subject_key: Vec::new(),
            subject_transaction: 0,
            site: 0,
            item: Item::default(),
            audit: Audit::default(),
            open_text: None,
        }
    }

    fn open(&mut self, element: &BytesStart, _place: i64) {
        match element.name().as_ref().as_bytes() {
            b"ItemData" => self.open_item(element),
            b"AuditRecord" => self.open_audit(),
            b"UserRef" if self.audit.is_open => self.audit.user = self.reference(element, b"UserOID"),
            b"LocationRef" if self.audit.is_open => self.audit.location = self.reference(element, b"LocationOID"),
            b"DateTimeStamp" => self.open_text(DATETIME),
            b"ReasonForChange" => self.open_text(REASON),
            b"SourceID" => self.open_text(SOURCE_ID),
            b"MeasurementUnitRef" if self.item.is_open => {
                self.item.unit = self.reference(element, b"MeasurementUnitOID");
            }
            b"ItemGroupData" => self.open_level(element, ITEM_GROUP, b"ItemGroupOID", b"ItemGroupRepeatKey"),
            b"FormData" => self.open_level(element, FORM, b"FormOID", b"FormRepeatKey"),
            b"StudyEventData" => self.open_level(element, STUDY_EVENT, b"StudyEventOID", b"StudyEventRepeatKey"),
            b"SubjectData" => self.open_subject(element),
            b"SiteRef" => self.site = self.reference(element, b"LocationOID"),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8], _end: i64) {
        match name {
            b"ItemData" => self.close_item(),
            b"AuditRecord" => self.close_audit(),
            b"DateTimeStamp" | b"ReasonForChange" | b"SourceID" => self.open_text = None,
            b"SubjectData" => {
                let row = &mut self.schema.tables[SUBJECT];
                row.int64(self.keys[SUBJECT]).text(&self.subject_key).int32(self.site).int32(self.subject_transaction);
                row.end_row();
            }
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
