import { crc32 } from 'node:zlib';

/** 1980-01-01 00:00, the first time that the format knows: bytes that depend on no clock. */
const DATE = 0x21;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;

interface Placed {
  readonly name: Buffer;
  readonly content: Buffer;
  readonly crc: number;
  readonly offset: number;
}

/**
 * A zip file (APPNOTE.TXT 6.3) of these files, each stored as it is: what a compressor makes of a text differs between
 * versions of zlib, and the same files are to give the same bytes everywhere.
 */
export function zipOf(files: ReadonlyMap<string, string>): Buffer {
  const pieces: Buffer[] = [];
  const placed: Placed[] = [];
  let offset = 0;
  for (const [path, text] of files) {
    const [name, content] = [Buffer.from(path), Buffer.from(text)];
    const file = { name, content, crc: crc32(content), offset };
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    writeCommon(header, 4, file);
    pieces.push(header, name, content);
    placed.push(file);
    offset += header.length + name.length + content.length;
  }
  const directory = placed.flatMap((file) => [directoryEntry(file), file.name]);
  return Buffer.concat([...pieces, ...directory, endOf(placed.length, Buffer.concat(directory).length, offset)]);
}

/** What the header of a file and its entry in the directory have in common: 26 bytes. */
function writeCommon(target: Buffer, at: number, { name, content, crc }: Placed): void {
  target.writeUInt16LE(VERSION, at);
  target.writeUInt16LE(FLAGS, at + 2);
  target.writeUInt16LE(DATE, at + 8);
  target.writeUInt32LE(crc, at + 10);
  target.writeUInt32LE(content.length, at + 14);
  target.writeUInt32LE(content.length, at + 18);
  target.writeUInt16LE(name.length, at + 22);
}

function directoryEntry(file: Placed): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(VERSION, 4);
  writeCommon(entry, 6, file);
  entry.writeUInt32LE(file.offset, 42);
  return entry;
}

function endOf(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
