import { describe, expect, it } from 'vitest';
import { Cutter } from '../../src/odm/recover/cutter.ts';
import { BOUNDS, type Damage } from '../../src/odm/recover/damage.ts';
import { DamageScan } from '../../src/odm/recover/damage-scan.ts';
import { failureOf } from '../helpers/project.ts';
import { read } from './read.ts';

const ROOT = '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" FileType="Snapshot" FileOID="F">';
const CLINICAL = '<ClinicalData StudyOID="S" MetaDataVersionOID="1">';
const HEAD = `<?xml version="1.0" encoding="UTF-8"?>\n${ROOT}\n${CLINICAL}\n`;
const TAIL = '</ClinicalData>\n</ODM>\n';

const subject = (key: string, inside = '<ItemData ItemOID="I" Value="x"/>') =>
  `<SubjectData SubjectKey="${key}"><StudyEventData StudyEventOID="V"><FormData FormOID="F"><ItemGroupData ItemGroupOID="G">${inside}</ItemGroupData></FormData></StudyEventData></SubjectData>`;

/** `^` marks the byte at which the error stands, `~` a byte that is not UTF-8. */
const bytesOf = (text: string) => Buffer.from(text.replace('^', '').replaceAll('~', '\u00ff'), 'latin1');

/** Damage in a subject: each in another place, with the code and what is said of it. */
const DAMAGE: readonly (readonly [name: string, subject: string, code: string, message: string])[] = [
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

function scan(document: Uint8Array, length = document.length): readonly Damage[] {
  const scan = new DamageScan({ system: 'edc', environment: 'Prod', study: 'VEXIN-03', firstKey: 1 });
  for (let at = 0; at < document.length; at += length) scan.write(document.subarray(at, at + length));
  return scan.end();
}

const failure = (document: string) => failureOf((async () => scan(bytesOf(document)))());
const LENGTHS = [1, 7, 1 << 20];

/** The subjects that are read, by SubjectKey. */
function subjects(document: Uint8Array, damages: readonly Damage[]): unknown[] {
  const cutter = new Cutter(damages);
  const cut = Buffer.concat([...document].map((byte) => Buffer.from(cutter.pass(Buffer.of(byte)))));
  expect(cut.length).toBe(document.length);
  expect(Buffer.from(new Cutter(damages).pass(document))).toEqual(cut);
  return read(cut).pick('subject_data', 'subject_key', 'place');
}

const placeOf = (document: Buffer, key: string) => document.indexOf(`<SubjectData SubjectKey="${key}"`, 0, 'latin1');

describe('a damaged subject', () => {
  for (const [name, damaged, code, message] of DAMAGE) {
    const marked = damaged.includes('^');
    const length = bytesOf(damaged).length;
    const span = (from: number) => ({
      start: from,
      end: from + length,
      code,
      message,
      byte: marked ? from + damaged.indexOf('^') : expect.any(Number),
      lost: undefined,
      isForeign: false,
    });
    it.each([
      ['first', ['', '\nB', 'C']],
      ['between others', ['A', '', 'C']],
      ['last', ['A', '\nB', '']],
    ])(`with damage in ${name} is cut out where it is the %s of three [ODM-160]`, (_, keys) => {
      const texts = keys.map((key) => (key === '' ? damaged : subject(key.trim())));
      const document = bytesOf(`${HEAD}${texts.join('\n')}\n${TAIL}`);
      const from = HEAD.length + texts.slice(0, keys.indexOf('')).join('\n').length + (keys[0] === '' ? 0 : 1);
      for (const chunk of LENGTHS) expect(scan(document, chunk)).toEqual([span(from)]);
      const left = keys.filter((key) => key !== '').map((key) => key.trim());
      expect(subjects(document, scan(document))).toEqual(left.map((key) => [key, placeOf(document, key)]));
    });
  }

  it('and the next one, damaged too, are two spans [ODM-160]', () => {
    for (const [, first] of DAMAGE) {
      for (const [, second] of DAMAGE) {
        const texts = [subject('A'.repeat(600)), first, second, subject('B')].map((text) => bytesOf(text));
        const document = Buffer.concat([Buffer.from(HEAD), ...texts, Buffer.from(TAIL)]);
        const [a, b, c] = texts.map(({ length }) => length);
        const places = [HEAD.length + a, HEAD.length + a + b, HEAD.length + a + b + c];
        const found = scan(document, 64);
        expect(found.map(({ start, end }) => [start, end])).toEqual([
          [places[0], places[1]],
          [places[1], places[2]],
        ]);
        expect(subjects(document, found).map((row) => (row as unknown[])[0])).toEqual(['A'.repeat(600), 'B']);
      }
    }
  });
});

/** The spans that are found, as text, and the keys of the subjects that are left. */
function cut(document: string): { spans: string[]; keys: unknown[] } {
  const bytes = bytesOf(document);
  const found = LENGTHS.map((length) => scan(bytes, length));
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
  const spans = found[0].map(({ start, end }) => bytes.toString('latin1', start, end));
  return { spans, keys: subjects(bytes, found[0]).map((row) => (row as unknown[])[0]) };
}

describe('the end of a damaged span', () => {
  const open = subject('D').replace('</SubjectData>', '');

  it('counts from the byte order mark, where there is one [ODM-160]', () => {
    const damaged = subject('D', '&');
    const bytes = Buffer.from(`\ufeff${HEAD}${damaged}${subject('B')}${TAIL}`);
    const start = 3 + HEAD.length;
    expect(scan(bytes, 5)).toMatchObject([{ start, end: start + damaged.length, byte: bytes.indexOf('&') }]);
    expect(subjects(bytes, scan(bytes))).toEqual([['B', start + damaged.length]]);
  });

  it('is the next subject where its own end tag is missing [ODM-161]', () => {
    const document = `${HEAD}${subject('A')}${open}${subject('B')}${subject('C')}${TAIL}`;
    expect(cut(document)).toEqual({ spans: [open], keys: ['A', 'B', 'C'] });
  });

  it('is not behind an end tag that text follows, which would land as what stands between subjects [ODM-161]', () => {
    const damaged = subject('D').replace('</SubjectData>', '<</SubjectData>/SubjectData>');
    const document = `${HEAD}${subject('A')}${damaged}${subject('B')}${TAIL}`;
    expect(cut(document)).toEqual({ spans: [damaged], keys: ['A', 'B'] });
  });

  it('is behind its own end tag, whatever else ClinicalData holds behind it [ODM-161]', () => {
    const damaged = subject('D', '&');
    const records = `${' '.repeat(9000)}<AuditRecords/>`;
    const document = `${HEAD}${subject('A'.repeat(9000))}${damaged}${records}${TAIL}`;
    expect(cut(document)).toEqual({ spans: [damaged], keys: ['A'.repeat(9000)] });
  });

  it('is the next subject where its own end tag is damaged [ODM-161]', () => {
    const damaged = subject('D').replace('</SubjectData>', '</SubjectDat>');
    const document = `${HEAD}${subject('A')}${damaged}${subject('B')}${TAIL}`;
    expect(cut(document)).toEqual({ spans: [damaged], keys: ['A', 'B'] });
  });

  it('is the end of ClinicalData where it is the last and has no end tag [ODM-161]', () => {
    const document = `${HEAD}${subject('A')}${open}\n${TAIL}`;
    expect(cut(document)).toEqual({ spans: [`${open}\n`], keys: ['A'] });
  });

  it('is the next ClinicalData where the end tags of both are lost, and the lost one is put in [ODM-162]', () => {
    const next = CLINICAL.replace('"S"', '"S2"');
    const document = `${HEAD}${subject('A')}${open}${next}${subject('B')}${TAIL}`;
    expect(cut(document)).toEqual({ spans: [open], keys: ['A', 'B'] });
    const bytes = bytesOf(document);
    const mended = Buffer.from(new Cutter(scan(bytes)).pass(bytes)).toString();
    expect(read(mended).pick('clinical_data', 'study_code', 'place')).toEqual([
      ['S', HEAD.indexOf(CLINICAL)],
      ['S2', document.indexOf(next)],
    ]);
  });

  it('is the end of the document where all end tags before it are lost [ODM-162]', () => {
    const document = `${HEAD}${subject('A')}${open}</ODM>`;
    expect(cut(document)).toEqual({ spans: [open], keys: ['A'] });
  });

  it('is the first that is left where two subjects have run into one [ODM-161]', () => {
    const both = `${subject('D').slice(0, 60)}${subject('E').slice(90)}`;
    const document = `${HEAD}${subject('A')}${both}${subject('B')}${TAIL}`;
    expect(cut(document)).toEqual({ spans: [both], keys: ['A', 'B'] });
  });

  it.each([
    '<!-- <SubjectData SubjectKey="Z"/> -->',
    '<![CDATA[</SubjectData>]]>',
    '<?p <SubjectData SubjectKey="Z"/> ?>',
  ])('is not in %s [ODM-163]', (opaque) => {
    const damaged = subject('D', `<Note>&${opaque}</Note>`);
    const document = `${HEAD}${subject('A')}${damaged}${subject('B')}${TAIL}`;
    expect(cut(document)).toEqual({ spans: [damaged], keys: ['A', 'B'] });
  });

  it('is found by the names as this document writes them [ODM-161]', () => {
    const prefixed = (text: string) => text.replace(/<(\/?)(?=[A-Z])/g, '<$1o:').replace('xmlns=', 'xmlns:o=');
    const damaged = prefixed(subject('D', '<Note>& </SubjectData> <SubjectData SubjectKey="Z"/></Note>'));
    // What stands in it is written without prefix.
    const odd = damaged.replace('</o:SubjectData> <o:SubjectData', '</SubjectData> <SubjectData');
    const document = prefixed(`${HEAD}${subject('A')}`) + odd + prefixed(`${subject('B')}${TAIL}`);
    expect(cut(document)).toEqual({ spans: [odd], keys: ['A', 'B'] });
  });

  it('is not a tag whose name only begins like it [ODM-163]', () => {
    const damaged = subject('D', '<Note>&</Note><SubjectDataNote/>');
    expect(cut(`${HEAD}${damaged}${subject('B')}${TAIL}`)).toEqual({ spans: [damaged], keys: ['B'] });
  });
});

describe('a document is refused as ever', () => {
  const [, damaged] = DAMAGE[0];
  const refused = { kind: 'data', code: 'ODM_NOT_WELL_FORMED' };

  it.each([
    ['the XML declaration', `${HEAD.replace('1.0', '7')}${subject('A')}${TAIL}`],
    ['the root', `${HEAD.replace('FileOID="F"', 'FileOID=F')}${subject('A')}${TAIL}`],
    [
      'the definitions',
      `${ROOT}<Study OID="S"><MetaDataVersion OID="1" OID="2"/></Study>${CLINICAL}${subject('A')}${TAIL}`,
    ],
    ['AdminData', `${ROOT}<AdminData>&</AdminData>${CLINICAL}${subject('A')}${TAIL}`],
    ['ClinicalData', `${HEAD.replace('"1">', '"1" StudyOID="T">')}${subject('A')}${TAIL}`],
    ['what stands between subjects', `${HEAD}${subject('A')}&${subject('B')}${TAIL}`],
    ['an end tag too many', `${HEAD}${subject('A')}</SubjectData>${subject('B')}${TAIL}`],
    [
      'a subject that has ended too early',
      `${HEAD}<SubjectData SubjectKey="A"/>${subject('B').replace(/<SubjectData[^>]*>/, '')}${TAIL}`,
    ],
    ['the end of ClinicalData', `${HEAD}${subject('A')}</Clinical></ODM>`],
    ['what is behind the document', `${HEAD}${subject('A')}${TAIL}& `],
  ])('where the damage is in %s [ODM-164]', async (_, document) => {
    expect(await failure(document)).toMatchObject(refused);
    // And no less where a subject before is damaged.
    if (document.includes(CLINICAL)) {
      const more = document.replace(CLINICAL, `${CLINICAL}${damaged.replace('^', '')}`);
      expect(await failure(more)).toMatchObject(refused);
    }
  });

  it('where it is cut off, whatever stands before [ODM-165]', async () => {
    const whole = `${HEAD}${subject('A')}${damaged.replace('^', '')}${subject('B')}${TAIL}`;
    for (let length = HEAD.length; length < whole.length - '</ODM>\n'.length; length++) {
      const { code } = await failure(whole.slice(0, length));
      expect(['ODM_TRUNCATED', 'ODM_NOT_WELL_FORMED']).toContain(code);
    }
    const end = whole.length - TAIL.length;
    expect(await failure(whole.slice(0, end))).toMatchObject({ code: 'ODM_TRUNCATED' });
  });

  it('where a comment of the damaged subject does not end: all behind it may be commented out [ODM-163]', async () => {
    const document = `${HEAD}${subject('A')}${subject('D', '& <!-- ')}${subject('B')}${TAIL}`;
    expect(await failure(document)).toMatchObject(refused);
  });

  it('where it has a document type declaration, or is another encoding than UTF-8 [ODM-164]', async () => {
    const doctype = HEAD.replace('<ODM', '<!DOCTYPE ODM><ODM');
    expect(await failure(`${doctype}${damaged}${TAIL}`)).toMatchObject({ code: 'ODM_DOCTYPE' });
    const latin = HEAD.replace('UTF-8', 'ISO-8859-1');
    expect(await failure(`${latin}${subject('A')}${damaged.replace('^', '')}${subject('B')}${TAIL}`)).toMatchObject(
      refused,
    );
  });

  it('where more of it is damaged than not [ODM-166]', async () => {
    const document = `${HEAD}${damaged.replace('^', '').repeat(3)}${subject('B')}${TAIL}`;
    expect(await failure(document)).toMatchObject({ kind: 'data', code: 'ODM_TOO_DAMAGED' });
    expect(cut(`${HEAD}${damaged}${subject('B')}${TAIL}`).keys).toEqual(['B']);
  });

  it('where more than a thousand spans are damaged [ODM-166]', async () => {
    const small = '<SubjectData>';
    const whole = subject('A').repeat(BOUNDS.spans);
    const found = scan(bytesOf(`${HEAD}${whole}${small.repeat(BOUNDS.spans)}${TAIL}`));
    expect(found).toHaveLength(1000);
    const document = `${HEAD}${whole}${small.repeat(BOUNDS.spans + 1)}${TAIL}`;
    expect(await failure(document)).toMatchObject({ kind: 'data', code: 'ODM_TOO_DAMAGED' });
  });

  it('where one subject is damaged over more than 16 MB [ODM-166]', async () => {
    const long = `<Note>${'x'.repeat(1 << 24)}</Note>`;
    const document = `${HEAD}${subject('A', long)}${subject('D', `&${long}`)}${TAIL}`;
    expect(await failure(document)).toMatchObject({ kind: 'data', code: 'ODM_TOO_DAMAGED' });
  });
});
