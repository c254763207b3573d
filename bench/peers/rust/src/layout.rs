//! The tables that are filled: names and columns as in sql/raw.sql, where each is explained.

#[derive(Clone, Copy, PartialEq)]
pub enum Type {
    Int64,
    Int32,
    UInt8,
    Text,
    TextOrNull,
    TimestampOrNull,
}

impl Type {
    pub fn sql(self) -> &'static str {
        match self {
            Type::Int64 => "BIGINT",
            Type::Int32 => "INTEGER",
            Type::UInt8 => "UTINYINT",
            Type::Text | Type::TextOrNull => "VARCHAR",
            Type::TimestampOrNull => "TIMESTAMP",
        }
    }

    /// Its number in duckdb_type of duckdb.h.
    pub fn duckdb_type(self) -> i32 {
        match self {
            Type::Int32 => 4,
            Type::Int64 => 5,
            Type::UInt8 => 6,
            Type::TimestampOrNull => 12,
            Type::Text | Type::TextOrNull => 17,
        }
    }

    pub fn nullable(self) -> bool {
        matches!(self, Type::TextOrNull | Type::TimestampOrNull)
    }

    pub fn bytes(self) -> usize {
        match self {
            Type::UInt8 => 1,
            Type::Int32 => 4,
            Type::Int64 | Type::TimestampOrNull => 8,
            Type::Text | Type::TextOrNull => 16,
        }
    }
}

pub struct TableLayout {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Type)],
}

/// Each collector has its tables in the order of its layout.
pub type Layout = [TableLayout];

use Type::*;

pub const DICTIONARY: TableLayout =
    TableLayout { name: "dictionary", columns: &[("code", Int32), ("text", TextOrNull)] };

/// A star schema of what the file says: no identities, places, ordinals, content hashes, times in UTC.
pub static THIN: [TableLayout; 6] = [
    TableLayout {
        name: "subject_data",
        columns: &[("key", Int64), ("subject_key", Text), ("site_code", Int32), ("transaction_code", Int32)],
    },
    TableLayout {
        name: "study_event_data",
        columns: &[
            ("key", Int64),
            ("subject_data_key", Int64),
            ("study_event_code", Int32),
            ("repeat_key_code", Int32),
            ("transaction_code", Int32),
        ],
    },
    TableLayout {
        name: "form_data",
        columns: &[
            ("key", Int64),
            ("study_event_data_key", Int64),
            ("form_code", Int32),
            ("repeat_key_code", Int32),
            ("transaction_code", Int32),
        ],
    },
    TableLayout {
        name: "item_group_data",
        columns: &[
            ("key", Int64),
            ("form_data_key", Int64),
            ("item_group_code", Int32),
            ("repeat_key_code", Int32),
            ("transaction_code", Int32),
        ],
    },
    TableLayout {
        name: "item_data",
        columns: &[
            ("item_group_data_key", Int64),
            ("item_code", Int32),
            ("value", TextOrNull),
            ("flags", UInt8),
            ("transaction_code", Int32),
            ("unit_code", Int32),
        ],
    },
    TableLayout {
        name: "audit_record",
        columns: &[
            ("element_key", Int64),
            ("item_code", Int32),
            ("user_code", Int32),
            ("location_code", Int32),
            ("datetime", TextOrNull),
            ("reason", TextOrNull),
            ("source_id", TextOrNull),
        ],
    },
];

/// All columns of the tables that clinical data and their audit trail fill.
pub static SAME: [TableLayout; 7] = [
    TableLayout {
        name: "subject_data",
        columns: &[
            ("key", Int64),
            ("clinical_data_key", Int64),
            ("identity", Int64),
            ("subject_key", Text),
            ("site_code", Int32),
            ("investigator_code", Int32),
            ("transaction_code", Int32),
            ("place", Int64),
        ],
    },
    TableLayout {
        name: "study_event_data",
        columns: &[
            ("key", Int64),
            ("subject_data_key", Int64),
            ("identity", Int64),
            ("study_event_code", Int32),
            ("repeat_key_code", Int32),
            ("ordinal", Int32),
            ("transaction_code", Int32),
            ("place", Int64),
        ],
    },
    TableLayout {
        name: "form_data",
        columns: &[
            ("key", Int64),
            ("subject_data_key", Int64),
            ("study_event_data_key", Int64),
            ("identity", Int64),
            ("form_code", Int32),
            ("repeat_key_code", Int32),
            ("ordinal", Int32),
            ("transaction_code", Int32),
            ("place", Int64),
        ],
    },
    TableLayout {
        name: "item_group_data",
        columns: &[
            ("key", Int64),
            ("parent_key", Int64),
            ("subject_data_key", Int64),
            ("study_event_data_key", Int64),
            ("form_data_key", Int64),
            ("item_group_data_key", Int64),
            ("identity", Int64),
            ("item_group_code", Int32),
            ("repeat_key_code", Int32),
            ("ordinal", Int32),
            ("transaction_code", Int32),
            ("place", Int64),
            ("length", Int64),
            ("content_hash", Int64),
        ],
    },
    TableLayout {
        name: "item_data",
        columns: &[
            ("item_group_data_key", Int64),
            ("item_code", Int32),
            ("value", TextOrNull),
            ("flags", UInt8),
            ("kind", UInt8),
            ("transaction_code", Int32),
            ("unit_code", Int32),
            ("sequence", Int32),
            ("place", Int32),
        ],
    },
    TableLayout {
        name: "audit_record",
        columns: &[
            ("key", Int64),
            ("element_key", Int64),
            ("item_code", Int32),
            ("id", TextOrNull),
            ("edit_point_code", Int32),
            ("used_imputation_code", Int32),
            ("user_code", Int32),
            ("location_code", Int32),
            ("datetime", TextOrNull),
            ("datetime_utc", TimestampOrNull),
            ("zone_origin_code", Int32),
            ("reason", TextOrNull),
            ("source_id", TextOrNull),
            ("category_code", Int32),
            ("place", Int64),
        ],
    },
    TableLayout {
        name: "clinical_data",
        columns: &[("key", Int64), ("study_code", Int32), ("metadata_version_code", Int32), ("place", Int64)],
    },
];
