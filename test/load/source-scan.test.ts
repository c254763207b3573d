import { expect, it } from 'vitest';
import { CsvScan } from '../../src/load/csv/scan.ts';
import { SourceScan } from '../../src/load/odm/source-scan.ts';

const DOCUMENT = `<?xml version="1.0"?>
<!-- <SubjectData/> is a comment -->
<o:ODM xmlns:o="http://www.cdisc.org/ns/odm/v1.3"><o:ClinicalData StudyOID="S">
<o:SubjectData SubjectKey="1"><o:SiteRef LocationOID="A&amp;B"/><o:StudyEventData StudyEventOID="E">
<o:FormData FormOID='F1'><o:ItemGroupData ItemGroupOID="G"><o:ItemData ItemOID="I" Value="&lt;ItemData > /"/>
<o:ItemDataDate ItemOID="D">2026-01-01</o:ItemDataDate><![CDATA[<o:ItemData/>]]></o:ItemGroupData></o:FormData>
</o:StudyEventData></o:SubjectData>
<o:SubjectData SubjectKey="2"><o:StudyEventData StudyEventOID="E"><o:FormData FormOID="F1"/></o:StudyEventData>
</o:SubjectData></o:ClinicalData></o:ODM>`;

const EXPECTED = [
  { element: 'ClinicalData', formOid: null, siteOid: null, elements: 1 },
  { element: 'SubjectData', formOid: null, siteOid: null, elements: 1 },
  { element: 'SubjectData', formOid: null, siteOid: 'A&B', elements: 1 },
  { element: 'StudyEventData', formOid: null, siteOid: null, elements: 1 },
  { element: 'StudyEventData', formOid: null, siteOid: 'A&B', elements: 1 },
  { element: 'FormData', formOid: 'F1', siteOid: null, elements: 1 },
  { element: 'FormData', formOid: 'F1', siteOid: 'A&B', elements: 1 },
  { element: 'ItemGroupData', formOid: 'F1', siteOid: 'A&B', elements: 1 },
  { element: 'ItemData', formOid: 'F1', siteOid: 'A&B', elements: 2 },
];

it.each([1, 7, 64, 100_000])('counts elements by level, form and site, in chunks of %i bytes [LOAD-024]', (size) => {
  const scan = new SourceScan();
  const bytes = Buffer.from(DOCUMENT);
  for (let at = 0; at < bytes.length; at += size) scan.write(bytes.subarray(at, at + size));
  const counts = scan.end();
  expect(counts).toHaveLength(EXPECTED.length);
  expect(counts).toEqual(expect.arrayContaining(EXPECTED));
});

it.each(['odm1', 'cdisc-odm', 'x.y_z', 'ödm'])('knows elements with the prefix %s [LOAD-024]', (prefix) => {
  const scan = new SourceScan();
  scan.write(Buffer.from(DOCUMENT.replaceAll(/(<\/?)o:/g, `$1${prefix}:`)));
  expect(scan.end()).toEqual(expect.arrayContaining(EXPECTED));
});

it.each([1, 5, 13, 29, 100_000])(
  'counts nothing in a comment that has a tag in it, in chunks of %i bytes [LOAD-024]',
  (size) => {
    const scan = new SourceScan();
    const bytes = Buffer.from('<ODM><!-- <a <ItemData ItemOID="I"/> <b --><ClinicalData StudyOID="S"/></ODM>');
    for (let at = 0; at < bytes.length; at += size) scan.write(bytes.subarray(at, at + size));
    expect(scan.end()).toEqual([{ element: 'ClinicalData', formOid: null, siteOid: null, elements: 1 }]);
  },
);

it.each([
  ['white space behind a tag', '<ODM><ClinicalData StudyOID="S"/>', ' \n'],
  ['a comment', '<ODM><ClinicalData StudyOID="S"/><!--', 'x '],
  ['text', '<ODM><ClinicalData StudyOID="S"/><a>', 'x '],
])('holds back nothing of %s, however long [LOAD-094]', (_, before, piece) => {
  const scan = new SourceScan();
  const chunk = Buffer.alloc(1 << 20, piece);
  const held = process.memoryUsage().arrayBuffers;
  scan.write(Buffer.from(before));
  for (let times = 0; times < 64; times++) scan.write(chunk);
  expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(16 << 20);
  expect(scan.end()).toEqual([{ element: 'ClinicalData', formOid: null, siteOid: null, elements: 1 }]);
});

it('finds every tag of a document longer than what it holds back [LOAD-024]', () => {
  const scan = new SourceScan();
  const item = '<ItemData ItemOID="I" Value="1"/>\n';
  scan.write(Buffer.from('<ODM><ClinicalData>'));
  for (let i = 0; i < 10_000; i++) scan.write(Buffer.from(item));
  scan.write(Buffer.from('</ClinicalData></ODM>'));
  expect(scan.end()).toContainEqual({ element: 'ItemData', formOid: null, siteOid: null, elements: 10_000 });
});

it('counts records of a CSV file across line breaks in quotes, and no empty lines [LOAD-024]', () => {
  const scan = new CsvScan();
  for (const letter of 'ID,TEXT\r\n1,"two\r\nlines, ""quoted"""\r\n\r\n2,x') scan.write(letter);
  expect(scan.end()).toBe(3);
});

it.each(['\n', '\r\n', '\r'])('counts records of a CSV file whose lines end in %j [LOAD-024]', (end) => {
  const scan = new CsvScan();
  scan.write(['ID,TEXT', '1,a', '', '2,"x', 'y"', ''].join(end));
  expect(scan.end()).toBe(3);
});
