//! Links against the libduckdb.so of the npm package of DuckDB's bindings; DUCKDB_LIB is the folder it is in.
fn main() {
    let folder = std::env::var("DUCKDB_LIB").expect("DUCKDB_LIB: the folder of libduckdb.so");
    println!("cargo:rerun-if-env-changed=DUCKDB_LIB");
    println!("cargo:rustc-link-search=native={folder}");
    println!("cargo:rustc-link-lib=dylib=duckdb");
    println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
}
