import { expect } from 'vitest';
import { Cutter } from '../../src/odm/recover/cutter.ts';
import type { Damage } from '../../src/odm/recover/damage.ts';
import { DamageScan } from '../../src/odm/recover/damage-scan.ts';
import { failureOf } from '../helpers/project.ts';
import { read } from './read.ts';

export const ROOT = '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" FileType="Snapshot" FileOID="F">';
export const CLINICAL = '<ClinicalData StudyOID="S" MetaDataVersionOID="1">';
export const HEAD = `<?xml version="1.0" encoding="UTF-8"?>\n${ROOT}\n${CLINICAL}\n`;
export const TAIL = '</ClinicalData>\n</ODM>\n';

export const subject = (key: string, inside = '<ItemData ItemOID="I" Value="x"/>') =>
  `<SubjectData SubjectKey="${key}"><StudyEventData StudyEventOID="V"><FormData FormOID="F"><ItemGroupData ItemGroupOID="G">${inside}</ItemGroupData></FormData></StudyEventData></SubjectData>`;

/** `^` marks the byte at which the error stands, `~` a byte that is not UTF-8. */
export const bytesOf = (text: string) => Buffer.from(text.replace('^', '').replaceAll('~', '\u00ff'), 'latin1');

/** Damage in a subject: each in another place, with the code and what is said of it. */
export const DAMAGE: readonly (readonly [name: string, subject: string, code: string, message: string])[] = [
  [
    'a tag',
    subject('D', '<ItemData ItemOID="I" Value="x"/ ^>').replace('/ ^>', '^/ >'),
    'ODM_NOT_WELL_FORMED',
    "'/' does not end a tag.",
  ],
  [
    'a tag that does not end',
    subject('D', '<ItemData ItemOID="I" Value="x" '),
    'ODM_NOT_WELL_FORMED',
    'An attribute does not begin with a name.',
  ],
  [
    'an attribute without value',
    subject('D', '<ItemData ItemOID="I" Value^/>'),
    'ODM_NOT_WELL_FORMED',
    'An attribute has no value.',
  ],
  [
    'an attribute without its second quote',
    subject('D', '<ItemData ItemOID="I" Value="x/>'),
    'ODM_NOT_WELL_FORMED',
    "An attribute value holds '<'.",
  ],
  [
    'a duplicate attribute',
    subject('D', '<ItemData ItemOID="I" Value="x" ^Value="y"/>'),
    'ODM_NOT_WELL_FORMED',
    'An attribute stands twice.',
  ],
  ['a text', subject('D', '<Note>a ^]]> b</Note>'), 'ODM_NOT_WELL_FORMED', "Text holds ']]>'."],
  [
    'an entity',
    subject('D', '<ItemData ItemOID="I" Value="a ^&nbsp; b"/>'),
    'ODM_NOT_WELL_FORMED',
    'A reference is neither a character reference nor one of the five named entities.',
  ],
  [
    'an ampersand',
    subject('D', '<ItemData ItemOID="I"><Value>a ^& b</Value></ItemData>'),
    'ODM_NOT_WELL_FORMED',
    'An ampersand begins no reference.',
  ],
  [
    'an end tag that does not match',
    subject('D').replace('</FormData>', '^</FormDat>'),
    'ODM_NOT_WELL_FORMED',
    'An end tag does not match its start tag.',
  ],
  [
    'an end tag that is missing',
    subject('D').replace('</FormData></StudyEventData>', '</FormData>^'),
    'ODM_NOT_WELL_FORMED',
    'An end tag does not match its start tag.',
  ],
  [
    'a prefix without namespace',
    subject('D', '^<x:Note/>'),
    'ODM_NOT_WELL_FORMED',
    'A prefix is not bound to a namespace.',
  ],
  [
    'bytes that are not UTF-8',
    subject('D', '<ItemData ItemOID="I" Value="a^~b"/>'),
    'ODM_ENCODING',
    'The document holds bytes that are not UTF-8.',
  ],
  [
    'bytes that are not UTF-8 in a comment',
    subject('D', '<!-- ^~ </SubjectData><SubjectData SubjectKey="Z"/> -->'),
    'ODM_ENCODING',
    'The document holds bytes that are not UTF-8.',
  ],
  [
    'a control character',
    subject('D', '<ItemData ItemOID="I" Value="a^\u0001b"/>'),
    'ODM_NOT_WELL_FORMED',
    'The document holds a character that XML does not allow.',
  ],
  [
    'a reference to a control character',
    subject('D', '<ItemData ItemOID="I" Value="a^&#x1;b"/>'),
    'ODM_NOT_WELL_FORMED',
    'A character reference names a character that XML does not allow.',
  ],
  [
    'a comment',
    subject('D', '<!-- a ^-- b <SubjectData SubjectKey="Z"/> -->'),
    'ODM_NOT_WELL_FORMED',
    "A comment holds '--'.",
  ],
  [
    'a CDATA section',
    subject('D', '<Note><![CDATA[^\u0001</SubjectData>]]></Note>'),
    'ODM_NOT_WELL_FORMED',
    'The document holds a character that XML does not allow.',
  ],
  [
    'its own start tag',
    subject('D').replace('"D"', '"D" ^SubjectKey="E"'),
    'ODM_NOT_WELL_FORMED',
    'An attribute stands twice.',
  ],
  [
    'no SubjectKey',
    `^${subject('D').replace(' SubjectKey="D"', '')}`,
    'ODM_KEY_MISSING',
    'SubjectData has no SubjectKey: nothing tells what it is about.',
  ],
  [
    'no ItemOID',
    subject('D', '^<ItemData Value="x"/>'),
    'ODM_KEY_MISSING',
    'ItemData has no ItemOID: nothing tells what it is about.',
  ],
  [
    'an unknown TransactionType',
    subject('D', '^<ItemData ItemOID="I" TransactionType="Delete"/>'),
    'ODM_TRANSACTION_TYPE',
    'TransactionType is "Delete", which is none of Insert, Update, Remove, Upsert, Context.',
  ],
];

export function scan(document: Uint8Array, length = document.length): readonly Damage[] {
  const scan = new DamageScan({ system: 'edc', environment: 'Prod', study: 'VEXIN-03', firstKey: 1 });
  for (let at = 0; at < document.length; at += length) scan.write(document.subarray(at, at + length));
  return scan.end();
}

export const failure = (document: string) => failureOf((async () => scan(bytesOf(document)))());
export const LENGTHS = [1, 7, 1 << 20];

/** The subjects that are read, by SubjectKey. */
export function subjects(document: Uint8Array, damages: readonly Damage[]): unknown[] {
  const cutter = new Cutter(damages);
  const cut = Buffer.concat([...document].map((byte) => Buffer.from(cutter.pass(Buffer.of(byte)))));
  expect(cut.length).toBe(document.length);
  expect(Buffer.from(new Cutter(damages).pass(document))).toEqual(cut);
  return read(cut).pick('subject_data', 'subject_key', 'place');
}

export const placeOf = (document: Buffer, key: string) =>
  document.indexOf(`<SubjectData SubjectKey="${key}"`, 0, 'latin1');

/** The spans that are found, as text, and the keys of the subjects that are left. */
export function cut(document: string): { spans: string[]; keys: unknown[] } {
  const bytes = bytesOf(document);
  const found = LENGTHS.map((length) => scan(bytes, length));
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
  const spans = found[0].map(({ start, end }) => bytes.toString('latin1', start, end));
  return { spans, keys: subjects(bytes, found[0]).map((row) => (row as unknown[])[0]) };
}
