"""Prints the sheets of an .xlsx as openpyxl reads them: rows of values, the type of each cell and its format."""

import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
sheets = {}
for sheet in book:
    sheets[sheet.title] = {
        "rows": [[cell.value for cell in row] for row in sheet.iter_rows()],
        "types": sorted({cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}),
        "formats": sorted({cell.number_format for row in sheet.iter_rows() for cell in row if cell.data_type == "s" and cell.value}),
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "choices": sorted(rule.formula1 for rule in sheet.data_validations.dataValidation),
    }
print(json.dumps({"sheets": sheets, "creator": book.properties.creator}))
