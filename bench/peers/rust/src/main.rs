//! `odm-peer thin|same parse FILE`, `odm-peer thin|same load FILE DATABASE`: reads an ODM 1.3 snapshot, in UTF-8, into
//! columns, and with `load` lands them in a new DuckDB file. Prints JSON: CPU seconds, peak MB, items.
mod datetime;
mod dictionary;
mod duckdb;
mod hash;
mod layout;
mod measure;
mod reader;
mod records;
mod same;
mod schema;
mod table;
mod thin;
mod xml;

use duckdb::Database;
use reader::Collector;
use schema::Schema;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (columns, file, database) = match arguments[..] {
        [columns, "parse", file] => (columns, file, None),
        [columns, "load", file, database] => (columns, file, Some(Database::create(database))),
        _ => panic!("Usage: odm-peer thin|same parse FILE | load FILE DATABASE"),
    };
    let items = match columns {
        "thin" => run::<thin::Thin>(file, database, &layout::THIN),
        "same" => run::<same::Same>(file, database, &layout::SAME),
        _ => panic!("columns are thin or same"),
    };
    println!("{{\"cpu\":{:.3},\"rss\":{},\"items\":{items}}}", measure::cpu_seconds(), measure::peak_megabytes());
}

fn run<C: Collector>(file: &str, database: Option<Database>, layout: &'static layout::Layout) -> u64 {
    let schema = Schema::create(layout, database.as_ref());
    let mut collector = C::new(schema);
    reader::read(file, &mut collector);
    let (schema, dictionary) = collector.end();
    let items = schema.end(&dictionary, database.as_ref());
    if let Some(database) = database {
        database.close();
    }
    items
}
