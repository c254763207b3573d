import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWorkbook } from '../../src/spec/xlsx/read.ts';
import { cellReference, readReference } from '../../src/spec/xlsx/reference.ts';
import { escapeText } from '../../src/spec/xlsx/text.ts';
import { writeWorkbook } from '../../src/spec/xlsx/write.ts';
import { zipOf } from '../../src/spec/xlsx/zip.ts';

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relation = (id: string, type: string, target: string, more = '') =>
  `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${more}/>`;
const relations = (...all: string[]) => `<Relationships>${all.join('')}</Relationships>`;

/** A workbook of one sheet, as others may write it. */
function workbook(sheet: string, parts: Readonly<Record<string, string>> = {}): Buffer {
  return zipOf(
    new Map(
      Object.entries({
        '_rels/.rels': relations(relation('a', 'officeDocument', '/xl/workbook.xml')),
        'xl/workbook.xml': `<x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="S" sheetId="1" r:id="rId7"/></x:sheets></x:workbook>`,
        'xl/_rels/workbook.xml.rels': relations(
          relation('rId7', 'worksheet', 'worksheets/s.xml'),
          relation('rId8', 'sharedStrings', 'sharedStrings.xml'),
          relation('rId9', 'styles', 'styles.xml'),
          relation('rId1', 'worksheet', 'https://example.com/s.xml', ' TargetMode="External"'),
        ),
        'xl/worksheets/s.xml': sheet,
        ...parts,
      }),
    ),
  );
}

const cells = async (bytes: Buffer) => {
  const [{ rows }] = await readWorkbook('a.xlsx', bytes);
  return rows.flatMap((row) => [...row.cells.values()].map(({ reference, kind, text }) => [reference, kind, text]));
};

const refusal = (bytes: Buffer) => {
  return readWorkbook('a.xlsx', bytes).then(
    () => 'read',
    ({ code, message }) => `${code}: ${message}`,
  );
};

const SHEET = { name: 'S', columns: [{ title: 'A', width: 9 }] };

describe('a workbook', () => {
  it('gives back every text as it was, whatever it looks like [SPEC-003]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary', minLength: 1 }),
            fc.constantFrom('=1+1', '_x0041_', '\r\n', ' ', '\ud800', '\uffff'),
          ),
          { minLength: 1 },
        ),
        async (texts) => {
          const bytes = writeWorkbook([{ ...SHEET, rows: texts.map((text) => [text]) }]);
          const expected = texts.map((text, i) => [`A${i + 2}`, 'text', text]);
          expect(await cells(bytes)).toEqual([['A1', 'text', 'A'], ...expected]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('escapes what XML cannot hold as ECMA-376 has it [SPEC-003]', () => {
    expect(escapeText('a\u0001b\r_x0041_<&>"')).toBe('a_x0001_b_x000D__x005F_x0041_&lt;&amp;&gt;&quot;');
  });

  it('holds no time, no author and nothing compressed: the same bytes everywhere [SPEC-004]', () => {
    const bytes = writeWorkbook([{ ...SHEET, rows: [['x', 1]] }]);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      createHash('sha256')
        .update(writeWorkbook([{ ...SHEET, rows: [['x', 1]] }]))
        .digest('hex'),
    );
    // APPNOTE.TXT 4.3.7: method 0, time 0, date 1980-01-01.
    expect(bytes.readUInt16LE(8)).toBe(0);
    expect(bytes.readUInt32LE(10)).toBe(0x0021_0000);
    expect(bytes.includes('docProps')).toBe(false);
  });

  it('counts columns as spreadsheets do [SPEC-003]', () => {
    expect([1, 26, 27, 52, 703, 16384].map((column) => cellReference(column, 7))).toEqual([
      'A7',
      'Z7',
      'AA7',
      'AZ7',
      'AAA7',
      'XFD7',
    ]);
    expect(readReference('XFD1048576')).toEqual({ column: 16384, row: 1048576 });
    expect(readReference('A0')).toBeUndefined();
  });
});

describe('a workbook of another program', () => {
  it('is read with what kind of value each cell holds [SPEC-003]', async () => {
    const sheet = `<worksheet ${MAIN}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c><v>1</v></c><c s="1"><v>46027</v></c><c s="2"><v>5</v></c><c s="3"><v>7</v></c></row><row r="3" hidden="1"><c r="B3" t="b"><v>1</v></c><c r="C3"><f>1+1</f><v>2</v></c><c r="D3" t="e"><v>#REF!</v></c><c r="E3" t="str"><v>z</v></c><c r="F3" t="d"><v>2026-01-05</v></c><c r="G3" s="1"/></row></sheetData><mergeCells><mergeCell ref="A3:B3"/></mergeCells></worksheet>`;
    const bytes = workbook(sheet, {
      'xl/sharedStrings.xml': `<sst ${MAIN}><si><t>one</t></si><si><r><t>ri</t></r><rPh><t>no</t></rPh><r><t xml:space="preserve">ch </t></r></si></sst>`,
      'xl/styles.xml': `<styleSheet ${MAIN}><numFmts><numFmt numFmtId="170" formatCode="[Red]0.00&quot; days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="49"/></cellXfs></styleSheet>`,
    });
    expect(await cells(bytes)).toEqual([
      ['A1', 'text', 'one'],
      ['B1', 'text', 'rich '],
      ['C1', 'number', '1'],
      ['D1', 'date', '46027'],
      ['E1', 'number', '5'],
      ['F1', 'number', '7'],
      ['B3', 'boolean', '1'],
      ['C3', 'formula', '2'],
      ['D3', 'error', '#REF!'],
      ['E3', 'text', 'z'],
      ['F3', 'date', '2026-01-05'],
    ]);
    const [{ merged, rows }] = await readWorkbook('a.xlsx', bytes);
    expect({ merged, hidden: rows.map(({ isHidden }) => isHidden) }).toEqual({
      merged: ['A3:B3'],
      hidden: [false, true],
    });
  });

  it.each([
    ['no zip', Buffer.from('PK nothing'), 'it is no .xlsx, damaged or cut off'],
    ['a file with a password', Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'it has a password, or is an .xls'],
    ['a zip of other things', zipOf(new Map([['a.txt', 'a']])), 'it has no sheets of an .xlsx'],
    ['a cut one', writeWorkbook([{ ...SHEET, rows: [] }]).subarray(0, 900), 'it is no .xlsx, damaged or cut off'],
    ['a document type', workbook('<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'), 'it has a document type declaration'],
    ['an entity', workbook('<worksheet>&b;</worksheet>'), 'its part xl/worksheets/s.xml is damaged'],
    ['deep nesting', workbook('<a>'.repeat(300)), 'it is nested too deeply'],
    ['cells out of their rows', workbook('<sheetData><row r="1"><c r="A2"/></row></sheetData>'), 'row 1 has a cell A2'],
  ])('is refused where it is %s [SPEC-005]', async (_, bytes, message) => {
    const said = await refusal(bytes);
    expect(said).toContain('SPEC_FILE: The workbook cannot be read: ');
    expect(said).toContain(message);
  });

  it('is refused before it unpacks to more than memory bears [SPEC-005]', async () => {
    expect(await refusal(bomb(300 * 1024 * 1024))).toContain('it unpacks to more than 64 MiB');
    // One that lies about its size is stopped where it says that it ends.
    expect(await refusal(bomb(1000))).toContain('its part _rels/.rels is damaged (too many bytes in the stream');
  });
});

/** A zip whose only part is 2 MiB of blanks, and is said to be of another size. */
function bomb(said: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(2 * 1024 * 1024, ' '));
  const bytes = zipOf(new Map([['_rels/.rels', 'x'.repeat(packed.length)]]));
  const start = 30 + '_rels/.rels'.length;
  packed.copy(bytes, start);
  for (const [header, method, size] of [
    [0, 8, 22],
    [start + packed.length, 10, 24],
  ]) {
    bytes.writeUInt16LE(8, header + method);
    bytes.writeUInt32LE(said, header + size);
  }
  return bytes;
}
