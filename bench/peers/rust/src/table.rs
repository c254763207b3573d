//! The columns of one table, filled in place as DuckDB's vectors lie in memory.
use crate::duckdb::{Appender, Database};
use crate::layout::{TableLayout, Type};
use std::ptr::{copy_nonoverlapping, null_mut};

/// Rows of a vector of DuckDB.
const VECTOR_ROWS: usize = 2048;
/// Texts up to here stand in their string_t.
const INLINE_BYTES: usize = 12;

struct Column {
    data: *mut u8,
    validity: *mut u64,
}

/// A text that is not inline: where its string_t is, and where its bytes are in the arena.
struct LongText {
    string: *mut u8,
    start: usize,
}

/// Takes the values of a row in the order of the columns, then `end_row`.
pub struct Table {
    columns: Vec<Column>,
    types: Vec<Type>,
    at: usize,
    row: usize,
    rows: u64,
    arena: Vec<u8>,
    long_texts: Vec<LongText>,
    appender: Option<Appender>,
    /// Memory of the columns where there is no database.
    _owned: Vec<Vec<u64>>,
}

impl Table {
    pub fn create(layout: &TableLayout, database: Option<&Database>) -> Self {
        let types: Vec<Type> = layout.columns.iter().map(|(_, kind)| *kind).collect();
        let mut table = Table {
            columns: Vec::new(),
            types,
            at: 0,
            row: 0,
            rows: 0,
            arena: Vec::with_capacity(1 << 16),
            long_texts: Vec::new(),
            appender: None,
            _owned: Vec::new(),
        };
        let ids = table.types.iter().map(|kind| kind.duckdb_type());
        table.appender = database.map(|database| Appender::create(database, layout.name, ids));
        for (index, kind) in table.types.iter().enumerate() {
            let (data, validity) = match &table.appender {
                Some(appender) => appender.vector(index, kind.nullable()),
                None => {
                    let mut values = vec![0u64; VECTOR_ROWS * kind.bytes() / 8];
                    let mut mask = vec![u64::MAX; VECTOR_ROWS / 64];
                    let pointers =
                        (values.as_mut_ptr().cast(), if kind.nullable() { mask.as_mut_ptr() } else { null_mut() });
                    table._owned.extend([values, mask]);
                    pointers
                }
            };
            table.columns.push(Column { data, validity });
        }
        table
    }

    /// The memory of the next value, of as many bytes as its type has.
    #[inline(always)]
    fn next(&mut self, bytes: usize) -> *mut u8 {
        debug_assert_eq!(self.types[self.at].bytes(), bytes);
        let value = unsafe { self.columns.get_unchecked(self.at).data.add(self.row * bytes) };
        self.at += 1;
        value
    }

    #[inline(always)]
    pub fn int64(&mut self, value: i64) -> &mut Self {
        unsafe { self.next(8).cast::<i64>().write(value) };
        self
    }

    #[inline(always)]
    pub fn int32(&mut self, value: i32) -> &mut Self {
        unsafe { self.next(4).cast::<i32>().write(value) };
        self
    }

    #[inline(always)]
    pub fn uint8(&mut self, value: u8) -> &mut Self {
        unsafe { self.next(1).write(value) };
        self
    }

    /// Takes UTF-8: quick-xml has checked it.
    #[inline]
    pub fn text(&mut self, value: &[u8]) -> &mut Self {
        let string = self.next(16);
        unsafe {
            string.cast::<[u64; 2]>().write([value.len() as u64, 0]);
            if value.len() <= INLINE_BYTES {
                copy_nonoverlapping(value.as_ptr(), string.add(4), value.len());
            } else {
                copy_nonoverlapping(value.as_ptr(), string.add(4), 4);
                self.long_texts.push(LongText { string, start: self.arena.len() });
                self.arena.extend_from_slice(value);
            }
        }
        self
    }

    #[inline]
    pub fn text_or_null(&mut self, value: Option<&[u8]>) -> &mut Self {
        match value {
            Some(value) => self.text(value),
            None => {
                self.null();
                self.text(b"")
            }
        }
    }

    #[inline]
    pub fn timestamp_or_null(&mut self, value: Option<i64>) -> &mut Self {
        if value.is_none() {
            self.null();
        }
        self.int64(value.unwrap_or(0))
    }

    fn null(&mut self) {
        debug_assert!(self.types[self.at].nullable());
        unsafe { *self.columns[self.at].validity.add(self.row >> 6) &= !(1 << (self.row & 63)) };
    }

    #[inline(always)]
    pub fn end_row(&mut self) {
        debug_assert_eq!(self.at, self.columns.len());
        self.at = 0;
        self.row += 1;
        if self.row == VECTOR_ROWS {
            self.flush();
        }
    }

    fn flush(&mut self) {
        for LongText { string, start } in self.long_texts.drain(..) {
            unsafe { string.add(8).cast::<*const u8>().write(self.arena.as_ptr().add(start)) };
        }
        if let Some(appender) = &self.appender {
            appender.append(self.row);
        }
        for column in &self.columns {
            if !column.validity.is_null() {
                unsafe { std::slice::from_raw_parts_mut(column.validity, VECTOR_ROWS / 64).fill(u64::MAX) };
            }
        }
        self.rows += self.row as u64;
        self.row = 0;
        self.arena.clear();
    }

    /// Passes on what is left; how many rows there were.
    pub fn end(mut self) -> u64 {
        if self.row > 0 {
            self.flush();
        }
        if let Some(appender) = self.appender.take() {
            appender.end();
        }
        self.rows
    }
}
