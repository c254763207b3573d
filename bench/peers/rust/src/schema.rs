//! The tables of a layout, in a database or in memory alone.
use crate::dictionary::Dictionary;
use crate::duckdb::Database;
use crate::layout::{Layout, TableLayout, DICTIONARY};
use crate::table::Table;

pub struct Schema {
    layout: &'static Layout,
    pub tables: Vec<Table>,
}

impl Schema {
    pub fn create(layout: &'static Layout, database: Option<&Database>) -> Self {
        if let Some(database) = database {
            database.run("CREATE SCHEMA raw");
            create_table(database, &DICTIONARY);
            for table in layout {
                create_table(database, table);
            }
        }
        let tables = layout.iter().map(|table| Table::create(table, database)).collect();
        Schema { layout, tables }
    }

    /// Passes on what is left, and the dictionary; how many items there were.
    pub fn end(self, dictionary: &Dictionary, database: Option<&Database>) -> u64 {
        let mut items = 0;
        for (layout, table) in self.layout.iter().zip(self.tables) {
            let rows = table.end();
            if layout.name == "item_data" {
                items = rows;
            }
        }
        let mut texts = Table::create(&DICTIONARY, database);
        for (code, text) in dictionary.texts().enumerate() {
            texts.int32(code as i32).text_or_null(text).end_row();
        }
        texts.end();
        items
    }
}

fn create_table(database: &Database, layout: &TableLayout) {
    let columns: Vec<String> = layout.columns.iter().map(|(name, kind)| format!("{name} {}", kind.sql())).collect();
    database.run(&format!("CREATE TABLE raw.{} ({})", layout.name, columns.join(", ")));
}
