"""Reads a CSV file with Python's csv module and prints it as JSON: a list of rows, the header first."""

import csv
import json
import sys

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    json.dump(list(csv.reader(file, strict=True)), sys.stdout)
