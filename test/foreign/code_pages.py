"""Writes, as JSON, what the codecs of Python make of each byte of the encodings that are named on the command line."""

import json
import sys


def decoded(byte, codec):
    try:
        return bytes([byte]).decode(codec)
    except UnicodeDecodeError:
        return None


print(json.dumps({codec: [decoded(byte, codec) for byte in range(256)] for codec in sys.argv[1:]}))
