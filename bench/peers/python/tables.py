"""A star schema of what an ODM file says, with names and columns of sql/raw.sql: rows to Arrow, and those to DuckDB."""

import os

import pyarrow as pa

LONG, INT, TINY, TEXT = pa.int64(), pa.int32(), pa.uint8(), pa.string()
SQL = {LONG: "BIGINT", INT: "INTEGER", TINY: "UTINYINT", TEXT: "VARCHAR"}
BATCH = 65_536

TABLES = {
    "dictionary": {"code": INT, "text": TEXT},
    "subject_data": {"key": LONG, "subject_key": TEXT, "site_code": INT, "transaction_code": INT},
    "study_event_data": {
        "key": LONG,
        "subject_data_key": LONG,
        "study_event_code": INT,
        "repeat_key_code": INT,
        "transaction_code": INT,
    },
    "form_data": {
        "key": LONG,
        "study_event_data_key": LONG,
        "form_code": INT,
        "repeat_key_code": INT,
        "transaction_code": INT,
    },
    "item_group_data": {
        "key": LONG,
        "form_data_key": LONG,
        "item_group_code": INT,
        "repeat_key_code": INT,
        "transaction_code": INT,
    },
    "item_data": {
        "item_group_data_key": LONG,
        "item_code": INT,
        "value": TEXT,
        "flags": TINY,
        "transaction_code": INT,
        "unit_code": INT,
    },
    "audit_record": {
        "element_key": LONG,
        "item_code": INT,
        "user_code": INT,
        "location_code": INT,
        "datetime": TEXT,
        "reason": TEXT,
        "source_id": TEXT,
    },
}

NO_VALUE, IS_NULL = 1, 2


class Codes(dict):
    """The codes of texts that repeat; 0 is that of None."""

    def __init__(self):
        super().__init__({None: 0})

    def __missing__(self, text):
        code = self[text] = len(self)
        return code


class Table:
    """Rows wait in `rows`, tuples in the order of the columns, until `flush`."""

    def __init__(self, name, connection):
        self.name = name
        self.schema = pa.schema(list(TABLES[name].items()))
        self.connection = connection
        self.rows = []
        self.total = 0

    def flush(self):
        if not self.rows:
            return
        columns = [pa.array(values, type=field.type) for values, field in zip(zip(*self.rows), self.schema)]
        batch = pa.Table.from_arrays(columns, schema=self.schema)
        if self.connection is not None:
            self.connection.register("batch", batch)
            self.connection.execute(f"INSERT INTO raw.{self.name} FROM batch")
            self.connection.unregister("batch")
        self.total += len(self.rows)
        self.rows.clear()


class Tables:
    """All tables, in a new DuckDB file or, without one, in memory a batch at a time."""

    def __init__(self, database):
        self.codes = Codes()
        self.connection = None if database is None else self._create(database)
        self.by_name = {name: Table(name, self.connection) for name in TABLES}

    @staticmethod
    def _create(database):
        import duckdb

        if os.path.exists(database):
            os.remove(database)
        connection = duckdb.connect(database, config={"threads": 1, "storage_compatibility_version": "v1.4.0"})
        connection.execute("BEGIN; CREATE SCHEMA raw")
        for name, columns in TABLES.items():
            definitions = ", ".join(f"{column} {SQL[kind]}" for column, kind in columns.items())
            connection.execute(f"CREATE TABLE raw.{name} ({definitions})")
        return connection

    def rows(self, name):
        return self.by_name[name].rows

    def flush_full(self):
        """Called between rows now and then."""
        for table in self.by_name.values():
            if len(table.rows) >= BATCH:
                table.flush()

    def end(self):
        """Passes on what is left; how many items there were."""
        self.rows("dictionary").extend((code, text) for text, code in self.codes.items())
        for table in self.by_name.values():
            table.flush()
        if self.connection is not None:
            self.connection.execute("COMMIT; CHECKPOINT")
            self.connection.close()
        return self.by_name["item_data"].total
