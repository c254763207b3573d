import { describe, expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { group, odm, read } from './read.ts';

/** The refusal of a document: code, and line, column and byte of its place. */
function refusal(document: string | Uint8Array, cut?: () => number): unknown[] {
  try {
    read(document, { cut });
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error;
    expect(error.kind).toBe('data');
    expect(error.next).toBeTruthy();
    return [error.code, error.place.line, error.place.column, error.place.byte];
  }
  return ['read'];
}

const NOT = 'ODM_NOT_WELL_FORMED';

// [what is wrong, the document, code, line, column, byte]; lines and columns from 1, bytes from 0, counted by hand.
const REFUSED: [string, string, string, number, number, number][] = [
  ['an attribute that stands twice', '<ODM a="1"\n a="2"/>', NOT, 2, 2, 12],
  ['an attribute twice under two prefixes', '<ODM xmlns:p="u" xmlns:q="u" p:a="1" q:a="2"/>', NOT, 1, 38, 37],
  ['a declaration that stands twice', '<ODM xmlns:p="u" xmlns:p="v"/>', NOT, 1, 18, 17],
  ['two roots', '<ODM/>\n<ODM/>', NOT, 2, 1, 7],
  ['text before the root', 'x<ODM/>', NOT, 1, 1, 0],
  ['text behind the root', '<ODM/>\n x', NOT, 2, 2, 8],
  ['a reference outside the root', '<ODM/>&#32;', NOT, 1, 7, 6],
  ['CDATA outside the root', '<ODM/><![CDATA[]]>', NOT, 1, 7, 6],
  ['a control character in text', '<ODM>a\u0001</ODM>', NOT, 1, 7, 6],
  ['a NUL in text', '<ODM>a\u0000</ODM>', NOT, 1, 7, 6],
  ['a control character in an attribute', '<ODM a="\u001f"/>', NOT, 1, 9, 8],
  ['a control character in a comment', '<ODM><!-- \u0008 --></ODM>', NOT, 1, 11, 10],
  ['a control character in CDATA', '<ODM><![CDATA[\u0008]]></ODM>', NOT, 1, 15, 14],
  ['a control character in a processing instruction', '<ODM><?p \u0008?></ODM>', NOT, 1, 10, 9],
  ['U+FFFE in text', '<ODM>é\ufffe</ODM>', NOT, 1, 8, 7],
  ['U+FFFF in an attribute', '<ODM a="\uffff"/>', NOT, 1, 9, 8],
  ['an ampersand alone', '<ODM>a & b</ODM>', NOT, 1, 8, 7],
  ['an unknown entity', '<ODM>&nbsp;</ODM>', NOT, 1, 6, 5],
  ['an entity of an attribute without end', '<ODM a="&amp"/>', NOT, 1, 9, 8],
  ['an empty reference', '<ODM>&;</ODM>', NOT, 1, 6, 5],
  ['an empty character reference', '<ODM>&#;</ODM>', NOT, 1, 6, 5],
  ['a hexadecimal reference in capitals', '<ODM>&#X41;</ODM>', NOT, 1, 6, 5],
  ['a reference to NUL', '<ODM>&#0;</ODM>', NOT, 1, 6, 5],
  ['a reference to a surrogate', '<ODM a="&#xD800;"/>', NOT, 1, 9, 8],
  ['a reference beyond Unicode', '<ODM>&#x110000;</ODM>', NOT, 1, 6, 5],
  ['a lower-than sign in an attribute', '<ODM a="x<y"/>', NOT, 1, 10, 9],
  ["']]>' in text", '<ODM>\r\na]]>b</ODM>', NOT, 2, 2, 8],
  ["'--' in a comment", '<ODM><!-- a -- b --></ODM>', NOT, 1, 13, 12],
  ['a comment that ends in three hyphens', '<ODM><!-- a ---></ODM>', NOT, 1, 13, 12],
  ['an unbound prefix of an element', '<ODM>\n<p:a/></ODM>', NOT, 2, 1, 6],
  ['an unbound prefix of an attribute', '<ODM>\n<a p:b=""/></ODM>', NOT, 2, 4, 9],
  // Byte, line and column of what is wrong first, whatever is wrong behind it.
  ['a bad reference before a control character', '<ODM>&#0;\u0001</ODM>', NOT, 1, 6, 5],
  ['a bad reference beside a raw and a referenced line end', '<ODM a="\n&#10;&x;"/>', NOT, 2, 6, 14],
  ['text behind the root before a control character', '<ODM/>x\u0001', NOT, 1, 7, 6],
  ['a lower-than sign without a name', '<ODM><></ODM>', NOT, 1, 6, 5],
  ['an end tag without a name', '<ODM></></ODM>', NOT, 1, 6, 5],
  ['a second value without a name', '<ODM a="1" ="2"/>', NOT, 1, 12, 11],
  ['two signs of equality', '<ODM a=="1"/>', NOT, 1, 8, 7],
  ['two colons in an attribute', '<ODM\n a:b:c="1"/>', NOT, 2, 2, 6],
  ['a name that ends in a colon', '<ODM><a:/></ODM>', NOT, 1, 6, 5],
  ['a name that begins with a colon', '<ODM><:a/></ODM>', NOT, 1, 6, 5],
  ['the namespace of xml under another prefix', '<ODM xmlns:a="http://www.w3.org/XML/1998/namespace"/>', NOT, 1, 6, 5],
  ['the namespace of xmlns', '<ODM xmlns="http://www.w3.org/2000/xmlns/"/>', NOT, 1, 6, 5],
  ['the second of two declarations', '<ODM xmlns:a="u" xmlns:b=""/>', NOT, 1, 18, 17],
  ['a reference that does not end', '<ODM>&amp </ODM>', NOT, 1, 6, 5],
  ['a letter in a decimal reference', '<ODM>&#6a;</ODM>', NOT, 1, 6, 5],
  ['CDATA in lower case', '<ODM><![cdata[a]]></ODM>', NOT, 1, 6, 5],
  ['a declaration that is no comment', '<ODM><!- a --></ODM>', NOT, 1, 6, 5],
  ['a processing instruction with a colon in its name', '<ODM><?a:b c?></ODM>', NOT, 1, 6, 5],
  ['an end inside a processing instruction', '<ODM/>\n<?a b', 'ODM_TRUNCATED', 2, 6, 12],
  ['an end inside an attribute of the second line', '<ODM>\n<a b="c', 'ODM_TRUNCATED', 2, 8, 13],
  ['an end inside an XML declaration', '<?xml version="1.0"', 'ODM_TRUNCATED', 1, 20, 19],
  ['a prefix bound to nothing', '<ODM xmlns:p=""/>', NOT, 1, 6, 5],
  ['the prefix xmlns bound', '<ODM xmlns:xmlns="u"/>', NOT, 1, 6, 5],
  ['the prefix xml bound to another namespace', '<ODM xmlns:xml="u"/>', NOT, 1, 6, 5],
  ['a prefix used outside its element', '<ODM><a xmlns:p="u"/><p:b/></ODM>', NOT, 1, 22, 21],
  ['a name with two colons', '<ODM xmlns:a="u"><a:b:c/></ODM>', NOT, 1, 18, 17],
  ['a name that begins with a digit', '<ODM><1a/></ODM>', NOT, 1, 6, 5],
  ['a name with a character that names may not hold', '<ODM><a×/></ODM>', NOT, 1, 6, 5],
  ['a blank behind the lower-than sign', '<ODM>< a/></ODM>', NOT, 1, 6, 5],
  ['an end tag of another element', '<ODM><a></b></ODM>', NOT, 1, 9, 8],
  ['an end tag that is longer', '<ODM><a></ab></ODM>', NOT, 1, 9, 8],
  ['an end tag without a start tag', '<ODM/></ODM>', NOT, 1, 7, 6],
  ['an end tag with an attribute', '<ODM></ODM a="">', NOT, 1, 12, 11],
  ['attributes without white space between them', '<ODM a=""b=""/>', NOT, 1, 10, 9],
  ['an attribute without a value', '<ODM a/>', NOT, 1, 7, 6],
  ['an attribute without quotes', '<ODM a=b/>', NOT, 1, 8, 7],
  ['a slash inside a tag', '<ODM / >', NOT, 1, 6, 5],
  ['an XML declaration behind white space', '\n<?xml version="1.0"?><ODM/>', NOT, 2, 1, 1],
  ['an XML declaration inside the root', '<ODM><?xml version="1.0"?></ODM>', NOT, 1, 6, 5],
  ['a processing instruction named XML', '<ODM><?XML a?></ODM>', NOT, 1, 6, 5],
  ['an XML declaration without version', '<?xml encoding="UTF-8"?><ODM/>', NOT, 1, 1, 0],
  ['an XML declaration with an unknown part', '<?xml version="1.0" mood="good"?><ODM/>', NOT, 1, 1, 0],
  ['an XML declaration of version 2', '<?xml version="2.0"?><ODM/>', NOT, 1, 1, 0],
  ['a processing instruction without a name', '<ODM><? a?></ODM>', NOT, 1, 6, 5],
  ['a second byte order mark', '\ufeff\ufeff<ODM/>', NOT, 1, 4, 3],
  ['a document type declaration', '<!DOCTYPE ODM [<!ENTITY a "b">]>\n<ODM/>', 'ODM_DOCTYPE', 1, 1, 0],
  ['a document type declaration behind the root', '<ODM/><!DOCTYPE ODM>', NOT, 1, 7, 6],
  ['no end tag', '<ODM>\n<a></a>', 'ODM_TRUNCATED', 2, 8, 13],
  ['an end inside a start tag', '<ODM><a b="', 'ODM_TRUNCATED', 1, 12, 11],
  ['an end inside a name', '<ODM><a></', 'ODM_TRUNCATED', 1, 11, 10],
  ['an end inside a comment', '<ODM/><!-- a', 'ODM_TRUNCATED', 1, 13, 12],
  ['an end inside CDATA', '<ODM><![CDATA[ a ]', 'ODM_TRUNCATED', 1, 19, 18],
  ['an end inside a reference', '<ODM>&am', 'ODM_TRUNCATED', 1, 9, 8],
  ['a prologue without a root', '<?xml version="1.0"?>', 'ODM_TRUNCATED', 1, 22, 21],
  ['nothing', '', 'ODM_EMPTY', 1, 1, 0],
  ['white space only', ' \n ', 'ODM_EMPTY', 2, 2, 3],
  ['a byte order mark only', '\ufeff', 'ODM_EMPTY', 1, 4, 3],
  ['a root that is not ODM', '<?xml version="1.0"?>\n<Response/>', 'ODM_NOT_ODM', 2, 1, 22],
  ["ODM in a namespace that is not ODM's", '<ODM xmlns="urn:other"/>', 'ODM_NOT_ODM', 1, 1, 0],
];

describe('the byte tokenizer refuses', () => {
  it.each(REFUSED)('%s [ODM-010]', (_, document, code, line, column, byte) => {
    expect(refusal(document)).toEqual([code, line, column, byte]);
    for (const length of [1, 2, 3, 5]) expect(refusal(document, () => length)).toEqual([code, line, column, byte]);
  });

  it('bytes that are not UTF-8, at their place [ODM-011]', () => {
    const of = (...bytes: number[]) =>
      Buffer.concat([Buffer.from('<ODM>é\né'), Buffer.from(bytes), Buffer.from('</ODM>')]);
    expect(refusal(of(0xff))).toEqual(['ODM_ENCODING', 2, 3, 10]);
    expect(refusal(of(0xc3))).toEqual(['ODM_ENCODING', 2, 4, 11]);
    expect(refusal(of(0xc0, 0x80))).toEqual(['ODM_ENCODING', 2, 3, 10]);
    expect(refusal(of(0xed, 0xa0, 0x80))[0]).toBe('ODM_ENCODING');
    expect(refusal(of(0xf5, 0x80, 0x80, 0x80))[0]).toBe('ODM_ENCODING');
    expect(refusal(of(0xe2, 0x82), () => 1)[0]).toBe('ODM_ENCODING');
    expect(refusal(Buffer.from('<ODM>é').subarray(0, 6))).toEqual(['ODM_TRUNCATED', 1, 7, 6]);
  });

  it('what is wrong first, though bytes behind it are no UTF-8 [ODM-180]', () => {
    const document = Buffer.concat([Buffer.from('<ODM a="1" a="2"/>'), Buffer.of(0xff)]);
    for (const length of [1, 2, 3, 5, 64]) expect(refusal(document, () => length)).toEqual([NOT, 1, 12, 11]);
  });

  it('nothing of a value that comes byte by byte, and reads it once, not once a byte [ODM-180]', () => {
    const value = 'x'.repeat(400_000);
    const { pick } = read(group(`<ItemData ItemOID="A" Value="${value}"/>`), { cut: () => 1 });
    expect(pick('item_data', 'value')[0][0] === value).toBe(true);
  });

  it('what is beyond its bounds [ODM-012]', () => {
    expect(refusal(`<ODM>${'<a>'.repeat(100_000)}`)).toEqual(['ODM_TOO_LARGE', 1, 5 + 1023 * 3 + 1, 5 + 1023 * 3]);
    expect(refusal(`<ODM><a ${Array.from({ length: 1025 }, (_, k) => `a${k}=""`).join(' ')}/></ODM>`)[0]).toBe(
      'ODM_TOO_LARGE',
    );
    expect(refusal(`<ODM><${'n'.repeat(1025)}/></ODM>`)[0]).toBe('ODM_TOO_LARGE');
    expect(refusal(`<ODM>${Array.from({ length: 16_400 }, (_, k) => `<a${k}/>`).join('')}</ODM>`)[0]).toBe(
      'ODM_TOO_LARGE',
    );
    const scopes = Array.from({ length: 1030 }, (_, k) => `<a xmlns="u${k}"/>`).join('');
    expect(refusal(`<ODM>${scopes}</ODM>`)[0]).toBe('ODM_TOO_LARGE');
  });
});

describe('the byte tokenizer reads', () => {
  it.each([
    ['a byte order mark', '\ufeff<?xml version="1.0"?><ODM/>'],
    ['white space wherever XML allows it', '<?xml version = "1.0"\n?>\n<ODM\na = "1"\r\nb\t=\n\'2\'  >\n</ODM\n >\n'],
    ['comments and processing instructions around the root', '<!-- a --><?p?><ODM/><!-- - --><?p q ? > ?>\n'],
    ['names beyond ASCII', '<ODM><größe-·.1 Ø="1"/></ODM>'],
    ['the same declaration on every element', `<ODM xmlns:p="u">${'<p:a xmlns:p="v" p:b=""/>'.repeat(5000)}</ODM>`],
    ['the prefix xml', '<ODM xml:lang="en" xmlns:xml="http://www.w3.org/XML/1998/namespace"/>'],
    ['one local name under two prefixes of two namespaces', '<ODM xmlns:p="u" xmlns:q="v" p:a="" q:a="" a=""/>'],
    ['a greater-than sign and other quotes in an attribute', `<ODM a=">'" b='">'/>`],
    ["']]' in text and '>' alone", '<ODM><a>]] > ]]x ></a></ODM>'],
  ])('%s [ODM-013]', (_, document) => {
    expect(refusal(document)).toEqual(['read']);
    expect(refusal(document, () => 1)).toEqual(['read']);
  });

  it('references, keeps raw line breaks in attributes, and ends lines of text with LF [ODM-014]', () => {
    const { pick } = read(
      group(
        '<ItemData ItemOID="A" Value="&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#xB5;&#128512;&#x0000041;"/>' +
          '<ItemData ItemOID="B" Value="a\r\nb\rc\nd\te"/><ItemData ItemOID="C" Value="a&#13;&#10;b"/>' +
          '<ItemDataString ItemOID="D">a\r\nb\rc\n\r\n&#13;d<![CDATA[\r\n<&amp;]]]]><![CDATA[>\r]]></ItemDataString>',
      ),
    );
    expect(pick('item_data', 'item_code', 'value', 'flags')).toEqual([
      ['A', '<>&"\'ABµ😀A', 0],
      ['B', 'a\r\nb\rc\nd\te', 8],
      ['C', 'a\r\nb', 0],
      ['D', 'a\nb\nc\n\n\rd\n<&amp;]]>\n', 0],
    ]);
  });

  it('long values and texts, whatever the chunks [ODM-015]', () => {
    const long = 'ä&amp;b\r\n'.repeat(200_000);
    const document = group(
      `<ItemData ItemOID="A" Value="${long}"/><ItemDataString ItemOID="B">${long}</ItemDataString><ItemData ItemOID="C"><v:x xmlns:v="v"><![CDATA[${long}]]></v:x></ItemData>`,
    );
    for (const length of [4099, 1 << 16, 1 << 24]) {
      const { rows } = read(document, { cut: () => length });
      const [a, b] = rows('item_data');
      expect(a.value === 'ä&b\r\n'.repeat(200_000)).toBe(true);
      expect(b.value === 'ä&b\n'.repeat(200_000)).toBe(true);
      expect(rows('attribute').at(-1)?.value === 'ä&amp;b\n'.repeat(200_000)).toBe(true);
    }
  });

  it('a reader of an error message may count on: line and column of a later chunk [ODM-010]', () => {
    const lines = Array.from({ length: 30_000 }, (_, k) => `<a>${k}</a>`).join('\n');
    expect(refusal(`${odm(`\n${lines}\n<b`)}`).slice(0, 3)).toEqual([NOT, 30_002, 3]);
  });
});
