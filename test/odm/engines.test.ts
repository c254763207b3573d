import fc from 'fast-check';
import { ParseOption, XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { foldedDocuments } from '../export/odm/folded-documents.ts';
import { chunkLengths, documents, inTurn } from './generated.ts';
import { comparable, group, odm, read } from './read.ts';

/** Generated documents of each kind; more in a long test. */
const RUNS = Number(process.env.ODM_RUNS ?? 300);

function verdict(document: string, cut?: () => number): string {
  try {
    read(document, { cut });
    return 'well-formed';
  } catch (error) {
    if (error instanceof WarehouseError) return error.code;
    throw error;
  }
}

/** Whether libxml2 reads it without an error; errors of namespaces included. */
function libxml2Reads(document: string): boolean {
  try {
    XmlDocument.fromString(document, { option: ParseOption.XML_PARSE_NO_XXE }).dispose();
    return true;
  } catch {
    return false;
  }
}

describe('the byte tokenizer and sax', () => {
  it('fill the same tables from generated documents, whatever the chunks [ODM-090]', () => {
    fc.assert(
      fc.property(documents(false), chunkLengths, chunkLengths, (document, one, other) => {
        const whole = comparable(read(document));
        expect(comparable(read(document, { cut: inTurn(one) }))).toEqual(whole);
        expect(comparable(read(document, { engine: 'sax', cut: inTurn(other) }))).toEqual(whole);
      }),
      { numRuns: RUNS, seed: 3 },
    );
  });

  it('fill the same tables where elements that are folded into columns stand in any order and form [ODM-090]', () => {
    fc.assert(
      fc.property(foldedDocuments, chunkLengths, (document, lengths) => {
        const whole = comparable(read(document));
        expect(comparable(read(document, { engine: 'sax', cut: inTurn(lengths) }))).toEqual(whole);
      }),
      { numRuns: RUNS, seed: 13 },
    );
  });

  it('agree on raw and referenced white space in attributes, and on line ends in text [ODM-090]', () => {
    const document = group(
      '<ItemData ItemOID="A" Value="a\r\nb\rc\n\td"/><ItemData ItemOID="B" Value="&#13;&#10;&#9;"/><ItemData ItemOID="C" Value=\'x&#10;"\n\'/><ItemDataString ItemOID="D">a\r\nb\rc\r</ItemDataString>' +
        '<ItemDataString ItemOID="E">a&#13;b&#xD;\n&#x000d;\r\n&#0013;<![CDATA[&#13;&#11;\r\n&#xB;&#xd;]]>&amp;#13;</ItemDataString>',
    );
    const bytes = read(document);
    expect(bytes.pick('item_data', 'flags')).toEqual([[8], [0], [8], [0], [0]]);
    expect(bytes.pick('item_data', 'value')[4]).toEqual(['a\rb\r\n\r\n\r&#13;&#11;\n&#xB;&#xd;&#13;']);
    for (const length of [1, 2, 3, 7, 1 << 16]) {
      expect(comparable(read(document, { engine: 'sax', cut: () => length }))).toEqual(comparable(bytes));
    }
  });

  it('both refuse what sax does not let pass [ODM-091]', () => {
    for (const document of [
      '',
      '<ODM>',
      '<ODM></a>',
      '<ODM a=b/>',
      '<ODM><p:a/></ODM>',
      '<!DOCTYPE a><ODM/>',
      'x<ODM/>',
      '<ODM>&x;</ODM>',
      '<a/>',
    ]) {
      expect(() => read(document, { engine: 'sax' }), document).toThrow(WarehouseError);
      expect(() => read(document), document).toThrow(WarehouseError);
    }
  });
});

describe('the byte tokenizer and libxml2', () => {
  it('give the same verdict on generated documents, most of them broken [ODM-092]', () => {
    let refused = 0;
    fc.assert(
      fc.property(documents(true), chunkLengths, (document, lengths) => {
        const ours = verdict(document);
        const theirs = libxml2Reads(document);
        if (!theirs) refused++;
        expect(ours === 'well-formed', `${ours}, libxml2 ${theirs}: ${document}`).toBe(theirs);
        expect(verdict(document, inTurn(lengths))).toBe(ours);
      }),
      { numRuns: RUNS, seed: 7 },
    );
    expect(refused).toBeGreaterThan(RUNS / 4);
  });

  it('read every generated well-formed document [ODM-092]', () => {
    fc.assert(
      fc.property(documents(false), (document) => {
        expect(libxml2Reads(document)).toBe(true);
        expect(verdict(document)).toBe('well-formed');
      }),
      { numRuns: RUNS, seed: 11 },
    );
    expect(libxml2Reads(odm('<p:a/>'))).toBe(false);
  });
});
