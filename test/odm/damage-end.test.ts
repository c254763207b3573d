import { describe, expect, it } from 'vitest';
import { Cutter } from '../../src/odm/recover/cutter.ts';
import { BOUNDS } from '../../src/odm/recover/damage.ts';
import { bytesOf, CLINICAL, cut, DAMAGE, failure, HEAD, ROOT, scan, subject, subjects, TAIL } from './damaged.ts';
import { read } from './read.ts';

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
