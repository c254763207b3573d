//! The part of DuckDB's C API that is used here (duckdb.h).
use std::ffi::{c_char, c_void, CStr, CString};
use std::ptr::null_mut;

pub type Handle = *mut c_void;

#[repr(C)]
struct QueryResult {
    deprecated: [u64; 5],
    internal: Handle,
}

#[rustfmt::skip]
extern "C" {
    fn duckdb_open(path: *const c_char, database: *mut Handle) -> i32;
    fn duckdb_close(database: *mut Handle);
    fn duckdb_connect(database: Handle, connection: *mut Handle) -> i32;
    fn duckdb_disconnect(connection: *mut Handle);
    fn duckdb_query(connection: Handle, sql: *const c_char, result: *mut QueryResult) -> i32;
    fn duckdb_result_error(result: *mut QueryResult) -> *const c_char;
    fn duckdb_destroy_result(result: *mut QueryResult);
    fn duckdb_create_logical_type(id: i32) -> Handle;
    fn duckdb_destroy_logical_type(logical_type: *mut Handle);
    fn duckdb_create_data_chunk(types: *mut Handle, columns: u64) -> Handle;
    fn duckdb_destroy_data_chunk(chunk: *mut Handle);
    fn duckdb_data_chunk_get_vector(chunk: Handle, column: u64) -> Handle;
    fn duckdb_data_chunk_set_size(chunk: Handle, rows: u64);
    fn duckdb_vector_get_data(vector: Handle) -> *mut u8;
    fn duckdb_vector_ensure_validity_writable(vector: Handle);
    fn duckdb_vector_get_validity(vector: Handle) -> *mut u64;
    fn duckdb_appender_create_ext(connection: Handle, catalog: *const c_char, schema: *const c_char, table: *const c_char, appender: *mut Handle) -> i32;
    fn duckdb_appender_destroy(appender: *mut Handle) -> i32;
    fn duckdb_append_data_chunk(appender: Handle, chunk: Handle) -> i32;
}

fn text(value: &str) -> CString {
    CString::new(value).expect("no NUL")
}

/// A new DuckDB file, attached as `peer`, of the storage version that warehouse uses, with a transaction that is open.
pub struct Database {
    database: Handle,
    connection: Handle,
}

impl Database {
    pub fn create(path: &str) -> Self {
        let _ = std::fs::remove_file(path);
        let (mut database, mut connection) = (null_mut(), null_mut());
        unsafe {
            assert_eq!(duckdb_open(text(":memory:").as_ptr(), &mut database), 0);
            assert_eq!(duckdb_connect(database, &mut connection), 0);
        }
        let created = Database { database, connection };
        created.run("SET threads = 1");
        created.run(&format!("ATTACH '{}' AS peer (STORAGE_VERSION 'v1.4.0')", path.replace('\'', "''")));
        created.run("USE peer");
        created.run("BEGIN");
        created
    }

    pub fn run(&self, sql: &str) {
        unsafe {
            let mut result = QueryResult { deprecated: [0; 5], internal: null_mut() };
            if duckdb_query(self.connection, text(sql).as_ptr(), &mut result) != 0 {
                panic!("{sql}: {:?}", CStr::from_ptr(duckdb_result_error(&mut result)));
            }
            duckdb_destroy_result(&mut result);
        }
    }

    pub fn close(mut self) {
        self.run("COMMIT");
        self.run("CHECKPOINT peer");
        unsafe {
            duckdb_disconnect(&mut self.connection);
            duckdb_close(&mut self.database);
        }
    }
}

/// A data chunk, and the appender of a table of schema raw that it is given to again and again.
pub struct Appender {
    appender: Handle,
    chunk: Handle,
}

impl Appender {
    /// `types`: of the columns, as numbers of duckdb_type.
    pub fn create(database: &Database, table: &str, types: impl Iterator<Item = i32>) -> Self {
        unsafe {
            let mut types: Vec<Handle> = types.map(|id| duckdb_create_logical_type(id)).collect();
            let chunk = duckdb_create_data_chunk(types.as_mut_ptr(), types.len() as u64);
            for logical_type in &mut types {
                duckdb_destroy_logical_type(logical_type);
            }
            let mut appender = null_mut();
            let (catalog, schema, table) = (text("peer"), text("raw"), text(table));
            let created = duckdb_appender_create_ext(
                database.connection,
                catalog.as_ptr(),
                schema.as_ptr(),
                table.as_ptr(),
                &mut appender,
            );
            assert_eq!(created, 0);
            Appender { appender, chunk }
        }
    }

    /// Where the values of a column are and, if it can hold NULL, its validity mask.
    pub fn vector(&self, column: usize, nullable: bool) -> (*mut u8, *mut u64) {
        unsafe {
            let vector = duckdb_data_chunk_get_vector(self.chunk, column as u64);
            let validity = if nullable {
                duckdb_vector_ensure_validity_writable(vector);
                duckdb_vector_get_validity(vector)
            } else {
                null_mut()
            };
            (duckdb_vector_get_data(vector), validity)
        }
    }

    pub fn append(&self, rows: usize) {
        unsafe {
            duckdb_data_chunk_set_size(self.chunk, rows as u64);
            assert_eq!(duckdb_append_data_chunk(self.appender, self.chunk), 0);
        }
    }

    pub fn end(mut self) {
        unsafe {
            assert_eq!(duckdb_appender_destroy(&mut self.appender), 0);
            duckdb_destroy_data_chunk(&mut self.chunk);
        }
    }
}
