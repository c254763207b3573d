/** Something on which two readers differ, by what the stricter one says, with the shortest document that shows it. */
export interface Deviation {
  readonly says: RegExp;
  readonly example: string | Uint8Array;
}

const says = (message: string): RegExp => new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

const declared = (encoding: string, byte: number) =>
  Buffer.concat([
    Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><ODM>`),
    Buffer.of(byte),
    Buffer.from('</ODM>'),
  ]);

/** What the tokenizer (and libxml2) refuses in these words, and sax reads. */
export const SAX_READS: readonly Deviation[] = [
  { says: says('An attribute stands twice.'), example: '<ODM a="1" a="2"/>' },
  { says: says("An attribute value holds '<'."), example: '<ODM a="<"/>' },
  { says: says('A second root element begins.'), example: '<ODM/><ODM/>' },
  { says: says('A tag does not begin with a name.'), example: '<ODM>< a/></ODM>' },
  { says: says('An end tag does not begin with a name.'), example: '<ODM></ ODM>' },
  { says: says('The document holds a character that XML does not allow.'), example: '<ODM>\u0001</ODM>' },
  { says: says("Text holds ']]>'."), example: '<ODM>]]></ODM>' },
  {
    says: says('A reference is neither a character reference nor one of the five named entities.'),
    example: '<ODM>&#X41;</ODM>',
  },
  { says: says('The XML declaration is malformed.'), example: '<?xml encoding="UTF-8"?><ODM/>' },
  {
    says: says('An XML declaration stands elsewhere than at the start, or is malformed.'),
    example: '<ODM><?xml version="1.0"?></ODM>',
  },
  { says: says('A processing instruction does not begin with a name.'), example: '<ODM><?a:b?></ODM>' },
  { says: says('A processing instruction has no white space behind its name.'), example: '<ODM><?a(b?></ODM>' },
  { says: says("'<!' begins no comment and no CDATA section."), example: '<ODM><!a></ODM>' },
];

/** What sax refuses in these words, and the tokenizer (and libxml2) reads. */
export const SAX_REFUSES: readonly Deviation[] = [
  { says: says('Invalid attribute name.'), example: '<ODM a\u{10300}="1"/>' },
  { says: says('Invalid character in tag name.'), example: '<ODM><a\u{10300}/></ODM>' },
  { says: /hasOwnProperty is not a function/, example: '<ODM hasOwnProperty="1" a="2"/>' },
];

/** An attribute that sax loses. */
export const SAX_LOSES = '__proto__';

/** The end of a processing instruction behind which sax loses all up to the next one's, or to the end of the document. */
export const SAX_SWALLOWS = '??>';

/** What the tokenizer refuses in these words, and libxml2 reads: deliberately. */
export const LIBXML2_READS: readonly Deviation[] = [
  // ODM needs none, and it is how entities come in.
  { says: says('The document has a document type declaration.'), example: '<!DOCTYPE ODM><ODM/>' },
  // Control characters U+0080 to U+009F: in truth the file is in windows-1252, or another encoding.
  { says: /^The document holds bytes that are not ISO-?8859-\d+\.$/i, example: declared('ISO-8859-1', 0x96) },
  { says: says('The document holds bytes that are not windows-1252.'), example: declared('windows-1252', 0x81) },
  // The declaration is wrong.
  {
    says: /^The bytes of the document are UTF-16[LB]E, the XML declaration says .*\.$/s,
    example: Buffer.from('\ufeff<?xml version="1.0" encoding="utf-8"?><ODM/>', 'utf16le'),
  },
  {
    says: /^The byte order mark says UTF-8, the XML declaration .*\.$/s,
    example: Buffer.from('\ufeff<?xml version="1.0" encoding="ISO-8859-1"?><ODM/>'),
  },
];

/** What libxml2 tells as an error in these words, and the tokenizer reads: deliberately. */
export const LIBXML2_REFUSES: readonly Deviation[] = [
  // A namespace is compared, not followed (Namespaces in XML 1.0, 2.3).
  { says: /^(xmlns(:\S+)?: ('.*?' is not a valid URI|URI .*? is not absolute)\n)+$/s, example: '<ODM xmlns="a b"/>' },
];
