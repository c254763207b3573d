import { expect, it } from 'vitest';
import type { WarehouseError } from '../../src/lib/errors.ts';
import { read } from './read.ts';

const TEXT = 'Zürich – 5 €';

/** A document whose one value is these bytes, in an encoding that has ASCII as its lower half. */
function declared(encoding: string, value: number[]): Buffer {
  const before = `<?xml version="1.0" encoding="${encoding}"?>\n<ODM><ClinicalData StudyOID="S"><SubjectData SubjectKey="`;
  return Buffer.concat([Buffer.from(before), Buffer.from(value), Buffer.from('"/></ClinicalData></ODM>')]);
}

function utf16(label: string, littleEndian: boolean, mark: boolean): Buffer {
  const document = `${mark ? '\ufeff' : ''}<?xml version="1.0"${label}?><ODM><ClinicalData StudyOID="S"><SubjectData SubjectKey="${TEXT}😀"/></ClinicalData></ODM>`;
  const bytes = Buffer.from(document, 'utf16le');
  return littleEndian ? bytes : bytes.swap16();
}

const subjectKey = (document: Uint8Array, cut?: () => number) =>
  read(document, { cut }).rows('subject_data')[0].subject_key;

function refusal(document: Uint8Array): unknown[] {
  try {
    read(document);
  } catch (error) {
    const { code, place } = error as WarehouseError;
    return [code, place.byte, place.line, place.column];
  }
  return ['read'];
}

it.each([
  ['UTF-8', [0x5a, 0xc3, 0xbc], 'Zü'],
  ['utf-8', [0x5a, 0xc3, 0xbc], 'Zü'],
  ['US-ASCII', [0x5a, 0x75], 'Zu'],
  ['ISO-8859-1', [0x5a, 0xfc], 'Zü'],
  ['iso-8859-2', [0xb1, 0xe8], 'ąč'],
  ['ISO-8859-9', [0xfe], 'ş'],
  ['ISO-8859-15', [0xa4], '€'],
  ['windows-1252', [0x5a, 0xfc, 0x96, 0x80], 'Zü–€'],
  ['windows-1250', [0x9a, 0xe8], 'šč'],
  ['windows-1251', [0xcf, 0xf0], 'Пр'],
  ['cp1251', [0xcf, 0xf0], 'Пр'],
  ['Shift_JIS', [0x8a, 0xb3, 0x8e, 0xd2], '患者'],
  ['GB18030', [0xbb, 0xbc, 0xd5, 0xdf], '患者'],
])('reads %s as declared, whatever the chunks [ODM-020]', (encoding, bytes, text) => {
  const document = declared(encoding, bytes);
  expect(subjectKey(document)).toBe(text);
  expect(subjectKey(document, () => 1)).toBe(text);
  expect(read(document).summary.encoding).toBe(encoding);
});

it.each([
  [true, true, '', 'UTF-16LE'],
  [true, true, ' encoding="UTF-16"', 'UTF-16LE'],
  [false, true, ' encoding="utf-16"', 'UTF-16BE'],
  [true, false, ' encoding="UTF-16LE"', 'UTF-16LE'],
  [false, false, '', 'UTF-16BE'],
] as const)(
  'reads UTF-16 (little-endian %s, byte order mark %s, declared%s) [ODM-020]',
  (little, mark, label, found) => {
    const document = utf16(label, little, mark);
    expect(subjectKey(document)).toBe(`${TEXT}😀`);
    expect(subjectKey(document, () => 1)).toBe(`${TEXT}😀`);
    expect(read(document).summary.encoding).toBe(found);
  },
);

it('refuses what the declared encoding has no character for, and never replaces it [ODM-021]', () => {
  const byte = declared('x', []).indexOf('Key="') + 5;
  const place = (encoding: string) => [byte - 1 + encoding.length, 2, 58];
  expect(refusal(declared('US-ASCII', [0xfc]))).toEqual(['ODM_ENCODING', ...place('US-ASCII')]);
  expect(refusal(declared('ISO-8859-1', [0x96]))).toEqual(['ODM_ENCODING', ...place('ISO-8859-1')]);
  expect(refusal(declared('windows-1252', [0x81]))).toEqual(['ODM_ENCODING', ...place('windows-1252')]);
  expect(refusal(declared('windows-1250', [0x81]))).toEqual(['ODM_ENCODING', ...place('windows-1250')]);
  expect(refusal(declared('UTF-8', [0xfc]))).toEqual(['ODM_ENCODING', ...place('UTF-8')]);
  expect(refusal(declared('Shift_JIS', [0x8a]))[0]).toBe('ODM_ENCODING');
  expect(refusal(utf16('', true, true).subarray(0, -1))[0]).toBe('ODM_ENCODING');
  expect(refusal(Buffer.concat([utf16('', true, true), Buffer.from([0x00, 0xd8])]))[0]).toBe('ODM_ENCODING');
});

it.each([
  [
    'a byte order mark of UTF-8 and another declaration',
    Buffer.concat([Buffer.from('\ufeff'), declared('ISO-8859-1', [0x41])]),
  ],
  ['UTF-16 declared as UTF-8', utf16(' encoding="UTF-8"', true, true)],
  ['UTF-16LE declared as UTF-16BE', utf16(' encoding="UTF-16BE"', true, true)],
  ['bytes declared as UTF-16', declared('UTF-16', [0x41])],
  ['an encoding that nobody knows', declared('x-klingon', [0x41])],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0])],
])('refuses %s [ODM-021]', (_, document) => {
  expect(refusal(document)).toEqual(['ODM_ENCODING', 0, 1, 1]);
});

it('refuses half a pair of UTF-16 and half a unit, at their place in the document as UTF-8 [ODM-184]', () => {
  const units = (text: string, ...more: number[]) =>
    Buffer.concat([Buffer.from(`\ufeff<ODM>é\n${text}`, 'utf16le'), Buffer.from(more)]);
  // Eight bytes of UTF-8 stand before the second line: <ODM>, é of two, the line feed.
  expect(refusal(units('ab\ud800x</ODM>'))).toEqual(['ODM_ENCODING', 10, 2, 3]);
  expect(refusal(units('ab\udc00x</ODM>'))).toEqual(['ODM_ENCODING', 10, 2, 3]);
  expect(refusal(units('ab\ud800'))).toEqual(['ODM_ENCODING', 10, 2, 3]);
  expect(refusal(units('ab', 0x41))).toEqual(['ODM_ENCODING', 10, 2, 3]);
  expect(refusal(units('a<b c="1" c="2"/>\ud800'))).toEqual(['ODM_NOT_WELL_FORMED', 18, 2, 11]);
});

it('gives the place of a byte that the encoding does not have in the document as UTF-8 [ODM-184]', () => {
  const document = declared('ISO-8859-1', [0xfc, 0xfc, 0x96]);
  const before = Buffer.byteLength(document.toString('latin1').split('\u0096')[0]);
  expect(refusal(document)).toEqual(['ODM_ENCODING', before, 2, 58 + 4]);
});

it('gives places in the document as UTF-8 [ODM-020]', () => {
  const document = declared('ISO-8859-1', [0xfc, 0xfc]);
  const utf8 = Buffer.from(document.toString('latin1'));
  const [row] = read(document).rows('subject_data');
  expect(utf8.subarray(Number(row.place)).toString().startsWith('<SubjectData')).toBe(true);
});
