//! What is open while a document is read, for the tables of layout::SAME.

/// The children of AuditRecord that hold text.
pub const DATETIME: usize = 0;
pub const REASON: usize = 1;
pub const SOURCE_ID: usize = 2;

/// An open element that has an identity.
#[derive(Default)]
pub struct Level {
    pub key: i64,
    pub identity: i64,
    pub oid: i32,
    pub repeat_key: i32,
    pub ordinal: i32,
    pub transaction: i32,
    pub place: i64,
    pub ordinals: Ordinals,
}

/// Counts the keyless children of one OID under one parent.
#[derive(Default)]
pub struct Ordinals {
    pub by_oid: Vec<(i64, i32)>,
}

impl Ordinals {
    pub fn next(&mut self, parent: i64, oid: i32) -> i32 {
        let oid = oid as usize;
        if oid >= self.by_oid.len() {
            self.by_oid.resize(oid + 1, (0, 0));
        }
        let (of, count) = &mut self.by_oid[oid];
        if *of != parent {
            (*of, *count) = (parent, 0);
        }
        *count += 1;
        *count
    }
}

/// The rows of the open item group: an item that stands twice opens a further one.
#[derive(Default)]
pub struct Group {
    pub key: i64,
    pub content_hash: i64,
    pub earlier: Vec<(i64, i64)>,
    /// Key of the row in which each item, by its code, was last seen.
    pub seen: Vec<i64>,
}

impl Group {
    pub fn begin_row(&mut self, key: i64) {
        self.key = key;
        self.content_hash = 0;
    }

    /// Whether the present row has this item already; if not, it has now.
    pub fn has(&mut self, item: i32) -> bool {
        let item = item as usize;
        if item >= self.seen.len() {
            self.seen.resize(item + 1, 0);
        }
        std::mem::replace(&mut self.seen[item], self.key) == self.key
    }
}

#[derive(Default)]
pub struct Item {
    pub is_open: bool,
    pub place: i64,
    pub code: i32,
    pub transaction: i32,
    pub unit: i32,
    pub flags: u8,
    pub value: Vec<u8>,
}

#[derive(Default)]
pub struct Audit {
    pub is_open: bool,
    pub key: i64,
    pub place: i64,
    pub id: Option<Vec<u8>>,
    pub edit_point: i32,
    pub used_imputation: i32,
    pub user: i32,
    pub location: i32,
    pub texts: [Vec<u8>; 3],
    pub present: [bool; 3],
}

impl Audit {
    pub fn given(&self, text: usize) -> Option<&[u8]> {
        self.present[text].then_some(&self.texts[text][..])
    }
}
