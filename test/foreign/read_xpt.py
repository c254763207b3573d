"""Reads an XPT file with pyreadstat and prints it as JSON: name, label, columns and rows."""

import json
import math
import sys

import pyreadstat

columns, meta = pyreadstat.read_xport(sys.argv[1], output_format="dict")


def cell(value):
    if value is None or isinstance(value, str):
        return value
    return None if math.isnan(value) else float(value)


json.dump(
    {
        "name": meta.table_name,
        "label": meta.file_label,
        "columns": [
            {
                "name": name,
                "label": meta.column_names_to_labels[name] or "",
                "type": "character" if meta.readstat_variable_types[name] == "string" else "numeric",
                "length": meta.variable_storage_width[name],
                "format": meta.original_variable_types[name],
            }
            for name in meta.column_names
        ],
        "rows": [list(row) for row in zip(*([cell(value) for value in columns[name]] for name in meta.column_names))],
    },
    sys.stdout,
)
