import { expect, it } from 'vitest';
import { CsvPlaces } from '../../src/load/csv/places.ts';
import { csvRecords } from '../../src/load/csv/records.ts';
import { CsvScan } from '../../src/load/csv/scan.ts';
import { chunksOf, csvSource } from '../helpers/csv.ts';

/** Line, offset and bytes of every record but the header. */
async function placesIn(bytes: Uint8Array, encoding: string, chunk: number): Promise<[number, number, string][]> {
  const places = new CsvPlaces(new TextDecoder(encoding).encoding);
  const seen = { hash: undefined, size: 0, scan: new CsvScan(), places };
  const found: [number, number, string][] = [];
  const file = { name: 'lab.csv', path: '', size: bytes.length };
  for await (const { textEnd } of csvRecords(chunksOf(bytes, chunk), csvSource({ encoding }), file, seen)) {
    const place = places.next(textEnd);
    found.push([place.line, place.start, Buffer.from(places.bytesOf(place)).toString('hex')]);
  }
  return found.slice(1);
}

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** ID,V and then what is given; bytes by the code tables of the encodings. */
const cases: [string, string, Buffer, [number, number, string][]][] = [
  [
    // U+010A and U+0D0A hold the bytes of LF and CR.
    'UTF-16, little-endian, after a byte order mark',
    'utf-16le',
    bytes('fffe 4900 4400 2c00 5600 0a00  3100 2c00 0a01 0a00  3200 0a00  3300 2c00 0a0d 2c00 e900 0a00'),
    [
      [2, 12, '31002c000a010a00'],
      [3, 20, '32000a00'],
      [4, 24, '33002c000a0d2c00e9000a00'],
    ],
  ],
  [
    'UTF-16, big-endian, after a byte order mark',
    'utf-16be',
    bytes('feff 0049 0044 002c 0056 000d 000a  0031 002c 010a 000d 000a  0032 000d 000a'),
    [
      [2, 14, '0031002c010a000d000a'],
      [3, 24, '0032000d000a'],
    ],
  ],
  [
    'UTF-8 after a byte order mark',
    'utf-8',
    bytes('efbbbf 49442c56 0a  312cc3a9 0a  32 0a'),
    [
      [2, 8, '312cc3a90a'],
      [3, 13, '320a'],
    ],
  ],
  [
    'Shift_JIS, two bytes a character',
    'shift_jis',
    bytes('49442c56 0a  312c955c 0a  322c955c2c78 0a'),
    [
      [2, 5, '312c955c0a'],
      [3, 10, '322c955c2c780a'],
    ],
  ],
  [
    'windows-1252 with empty lines, line breaks in quotes, doubled quotes and no last line break',
    'windows-1252',
    bytes('49442c56 0d0a  0d0a  312c22610d0a2222e922 0d0a  0d0a  32 0d0a  332c802c79'),
    [
      [3, 8, '312c22610d0a2222e9220d0a'],
      [6, 22, '320d0a'],
      [7, 25, '332c802c79'],
    ],
  ],
  [
    'CR alone',
    'utf-8',
    bytes('49442c56 0d  312c61 0d  32 0d'),
    [
      [2, 5, '312c610d'],
      [3, 9, '320d'],
    ],
  ],
];

it.each(cases)(
  'the bytes of a record are those of the file, and its line: %s [LOAD-021]',
  async (_, encoding, file, expected) => {
    for (const size of [1, 2, 3, 5, 7, 1024]) {
      expect(await placesIn(file, encoding, size), `in chunks of ${size}`).toEqual(expected);
    }
  },
);
