"""`ingest.py expat|lxml parse FILE`, `ingest.py expat|lxml load FILE DATABASE`: prints CPU seconds, peak MB, items."""

import measure  # first, so that what the others need counts

import importlib
import sys

from tables import Tables

engine, mode, path, *database = sys.argv[1:]
tables = Tables(database[0] if mode == "load" else None)
importlib.import_module(f"with_{engine}").read(path, tables)
measure.report(items=tables.end())
