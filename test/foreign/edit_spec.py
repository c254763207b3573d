"""Edits cells of an .xlsx with openpyxl, as a person would in Excel: argv: file, then sheet!cell=JSON."""

import datetime
import json
import sys

import openpyxl

path, *edits = sys.argv[1:]
book = openpyxl.load_workbook(path)
for edit in edits:
    place, value = edit.split("=", 1)
    sheet, cell = place.split("!")
    value = json.loads(value)
    if value == "merge":
        book[sheet].merge_cells(cell)
    elif value == "hide":
        book[sheet].row_dimensions[int(cell)].hidden = True
    elif isinstance(value, dict):
        book[sheet][cell] = datetime.date.fromisoformat(value["date"])
    else:
        book[sheet][cell] = value
book.save(path)
print("true")
