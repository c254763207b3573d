"""Opens files of age with rage (pyrage), given as JSON: {"identity": ..., "files": [base64]}. Prints their texts in base64."""

import base64
import json
import sys

import pyrage

with open(sys.argv[1], encoding="utf-8") as file:
    given = json.load(file)
identity = pyrage.x25519.Identity.from_str(given["identity"])
opened = [pyrage.decrypt(base64.b64decode(one), [identity]) for one in given["files"]]
print(json.dumps([base64.b64encode(one).decode() for one in opened]))
