import { crc32, deflateRawSync } from 'node:zlib';

interface Member {
  readonly content: string | Uint8Array;
  /** As they are, without compression. */
  readonly isStored?: boolean;
  readonly flags?: number;
  readonly crc?: number;
}

/** A zip file (APPNOTE.TXT 4.3): local headers with their data, the central directory, its end. */
export function zip(members: Readonly<Record<string, string | Uint8Array | Member>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, given] of Object.entries(members)) {
    const member: Member = typeof given === 'string' || given instanceof Uint8Array ? { content: given } : given;
    const content = Buffer.from(member.content as Uint8Array);
    const data = member.isStored ? content : deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(member.flags ?? 0, 2);
    fields.writeUInt16LE(member.isStored ? 0 : 8, 4);
    fields.writeUInt32LE(member.crc ?? crc32(content), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const header = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), fields, rest, Buffer.from(name)]));
    local.push(header);
    at += header.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, directory, end]);
}
