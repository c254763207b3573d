import { ParseOption, XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { describeWithPython, python } from '../foreign/python.ts';
import { read } from './read.ts';

/** Encodings of one byte a character, with the codec of Python. */
const CODECS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16].map((part) => [`ISO-8859-${part}`, `iso8859_${part}`]),
  ),
  ...Object.fromEntries(
    [1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((page) => [`windows-${page}`, `cp${page}`]),
  ),
  'KOI8-R': 'koi8_r',
  'KOI8-U': 'koi8_u',
  IBM866: 'cp866',
  'windows-874': 'cp874',
  macintosh: 'mac_roman',
};
const UPPER = Array.from({ length: 128 }, (_, index) => 128 + index);

function document(encoding: string, ...value: number[]): Buffer {
  const before = `<?xml version="1.0" encoding="${encoding}"?>\n<ODM><ClinicalData StudyOID="S"><SubjectData SubjectKey="`;
  return Buffer.concat([Buffer.from(before), Buffer.from(value), Buffer.from('"/></ClinicalData></ODM>')]);
}

/** The character of a byte; null where the document is refused. */
function character(encoding: string, byte: number): string | null {
  try {
    return read(document(encoding, byte)).rows('subject_data')[0].subject_key as string;
  } catch (error) {
    if (error instanceof WarehouseError && error.code === 'ODM_ENCODING') return null;
    throw error;
  }
}

function libxml2Character(encoding: string, byte: number): string | null {
  try {
    const parsed = XmlDocument.fromBuffer(document(encoding, byte), { option: ParseOption.XML_PARSE_NO_XXE });
    const found = parsed.get('//SubjectData/@SubjectKey');
    const { content } = found!;
    parsed.dispose();
    return content;
  } catch {
    return null;
  }
}

/** Control characters U+0080 to U+009F are refused: the file is in another encoding. */
const isControl = (text: string | null) => text !== null && /^[\x80-\x9f]$/.test(text);
const expected = (text: string | null) => (isControl(text) ? null : text);

describe('every byte of the upper half stands for the character that it stands for', () => {
  const known = Object.keys(CODECS).filter((name) => /^(ISO|KOI8|windows-125)/.test(name));
  it.each(known)('to libxml2, in %s [ODM-183]', (encoding) => {
    const found = UPPER.map((byte) => character(encoding, byte));
    expect(found).toEqual(UPPER.map((byte) => expected(libxml2Character(encoding, byte))));
    expect(found.filter((text) => text !== null).length).toBeGreaterThan(40);
  });

  describeWithPython('to Python', () => {
    const characters = () => python<Record<string, (string | null)[]>>('code_pages.py', ...Object.values(CODECS));
    it('in all of them [ODM-183]', () => {
      for (const [encoding, all] of Object.entries(characters())) {
        const [name] = Object.entries(CODECS).find(([, codec]) => codec === encoding)!;
        expect([name, UPPER.map((byte) => character(name, byte))]).toEqual([
          name,
          UPPER.map((byte) => expected(all[byte])),
        ]);
      }
    });
  });

  it.each([
    ['latin1', 0xe9, 'é'],
    ['ISO_8859-1', 0xe9, 'é'],
    ['iso8859-15', 0xa4, '€'],
    ['Latin-9', 0xa4, '€'],
    ['latin2', 0xb1, 'ą'],
    ['l5', 0xfe, 'ş'],
    ['latin5', 0xfe, 'ş'],
    ['latin10', 0xaa, 'Ș'],
    ['greek', 0xe1, 'α'],
    ['CP1252', 0x96, '–'],
    ['x-cp1251', 0xcf, 'П'],
    ['TIS-620', 0xa1, 'ก'],
  ])('in %s, which is another name of one of them [ODM-183]', (encoding, byte, text) => {
    expect(character(encoding, byte)).toBe(text);
  });

  it('and a byte of windows-1252 is none of ISO-8859-1, whatever name that has [ODM-183]', () => {
    for (const name of ['ISO-8859-1', 'latin1', 'l1', 'iso8859-1', 'CP819']) expect(character(name, 0x96)).toBe(null);
  });
});
