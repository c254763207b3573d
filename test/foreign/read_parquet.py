"""Reads a Parquet file with pyarrow and with DuckDB's Python client and prints what each makes of it as JSON: names,
types, rows in order, key-value metadata. What JSON has no type for is
text, and so are integers that a double cannot hold."""

import json
import sys
from decimal import Decimal

import duckdb
import pyarrow.parquet as pq


def cell(value):
    if isinstance(value, int) and abs(value) > 2**53:
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value) if isinstance(value, Decimal) else value.isoformat()


def with_pyarrow(path):
    table = pq.read_table(path)
    rows = [[cell(row[name]) for name in table.column_names] for row in table.to_pylist()]
    metadata = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    return {"names": table.column_names, "types": [str(field.type) for field in table.schema], "rows": rows, "metadata": metadata}


def with_duckdb(path):
    connection = duckdb.connect()
    read = connection.execute("FROM read_parquet($path)", {"path": path})
    names = [column[0] for column in read.description]
    types = [str(column[1]) for column in read.description]
    rows = [[cell(value) for value in row] for row in read.fetchall()]
    metadata = connection.execute("SELECT key, value FROM parquet_kv_metadata($path)", {"path": path}).fetchall()
    return {"names": names, "types": types, "rows": rows, "metadata": {key.decode(): value.decode() for key, value in metadata}}


path = sys.argv[1]
json.dump({"pyarrow": with_pyarrow(path), "duckdb": with_duckdb(path)}, sys.stdout)
