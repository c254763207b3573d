/** A document that is a piece many times, in between two others; `#` in the piece is a number of its own. */
export interface Hostile {
  readonly before: string;
  readonly piece: string;
  readonly times: number;
  readonly after: string;
}

const IN_GROUP =
  '<ODM><ClinicalData StudyOID="S" MetaDataVersionOID="M"><SubjectData SubjectKey="1"><StudyEventData StudyEventOID="E"><FormData FormOID="F"><ItemGroupData ItemGroupOID="G">';
const GROUP_END = '</ItemGroupData></FormData></StudyEventData></SubjectData></ClinicalData></ODM>';

/** Outside an item group, in a form. */
const IN_FORM = `${IN_GROUP}</ItemGroupData>`;
const FORM_END = GROUP_END.slice('</ItemGroupData>'.length);

const M = 1_000_000;
const G = 1_000_000_000;
const LARGE = 'ODM_TOO_LARGE';
const NOT = 'ODM_NOT_WELL_FORMED';

/** [what it is, before, piece, how often, after, what becomes of it, and of a sixteenth of it where that is otherwise]. */
const LIST: [string, string, string, number, string, string, string?][] = [
  [
    '1 GB of text in an item',
    `${IN_GROUP}<ItemDataString ItemOID="I">`,
    'x',
    G,
    `</ItemDataString>${GROUP_END}`,
    LARGE,
  ],
  [
    '1 GB of references in an item',
    `${IN_GROUP}<ItemDataString ItemOID="I">`,
    '&amp;',
    G / 5,
    `</ItemDataString>${GROUP_END}`,
    LARGE,
    'read',
  ],
  [
    '1 GB of CDATA in an item',
    `${IN_GROUP}<ItemDataString ItemOID="I"><![CDATA[`,
    '\r',
    G,
    `]]></ItemDataString>${GROUP_END}`,
    LARGE,
  ],
  ['1 GB of brackets', `${IN_GROUP}<ItemDataString ItemOID="I">`, ']', G, `</ItemDataString>${GROUP_END}`, LARGE],
  ['1 GB of text in an unknown element', `${IN_GROUP}<a>`, 'x', G, `</a>${GROUP_END}`, LARGE],
  ['1 GB of text in the definitions', '<ODM><Study OID="S"><a>', 'é', G / 2, '</a></Study></ODM>', LARGE],
  ['1 GB of text outside any element of ODM', '<ODM>', 'x', G, '</ODM>', LARGE],
  ['1 GB in an attribute', `${IN_GROUP}<ItemData ItemOID="I" Value="`, 'x', G, `"/>${GROUP_END}`, LARGE],
  [
    '1 GB of line breaks in an attribute',
    `${IN_GROUP}<ItemData ItemOID="I" Value="`,
    '&#10;\n',
    G / 6,
    `"/>${GROUP_END}`,
    LARGE,
  ],
  ['a comment of 1 GB', '<ODM><!--', 'x ', G / 2, '--></ODM>', 'read'],
  ['1 GB of hyphens in a comment', '<ODM><!-- ', '- ', G / 2, '--></ODM>', 'read'],
  ['a processing instruction of 1 GB', '<ODM><?p ', 'x', G, '?></ODM>', 'read'],
  ['1 GB of white space between elements', IN_GROUP, ' \n', G / 2, GROUP_END, 'read'],
  ['1 GB of white space in the definitions', '<ODM><Study OID="S">', ' \n', G / 2, '</Study></ODM>', LARGE, 'read'],
  ['1 GB of white space in a tag', '<ODM', ' ', G, '></ODM>', LARGE],
  ['1 GB of white space in an end tag', '<ODM></ODM', ' ', G, '>', LARGE],
  ['1 GB of white space before the root', '', '\n', G, '<ODM/>', 'read'],
  ['1 GB of carriage returns', IN_GROUP, '\r', G, GROUP_END, 'read'],
  ['1,000,000 attributes', '<ODM', ' a#="1"', M, '/>', LARGE],
  ['one attribute 1,000,000 times', '<ODM', ' a="1"', M, '/>', LARGE],
  ['100,000 nested item groups', IN_GROUP, '<ItemGroupData ItemGroupOID="G">', 100_000, '', LARGE],
  ['100,000 nested unknown elements', IN_GROUP, '<a>', 100_000, '', LARGE],
  ['1,000,000 namespaces on an element', '<ODM', ' xmlns:p#="u"', M, '/>', LARGE],
  ['1,000,000 elements with a namespace of their own', '<ODM>', '<a xmlns:p="u#"/>', M, '</ODM>', LARGE],
  ['a name of 1 GB', '<', 'x', G, '/>', LARGE],
  ['the name of an attribute of 1 GB', '<ODM ', 'x', G, '="1"/>', LARGE],
  ['1,000,000 names', '<ODM>', '<a#/>', M, '</ODM>', LARGE],
  ['10,000,000 unknown elements side by side', IN_GROUP, '<a/>', 10 * M, GROUP_END, 'read'],
  [
    '10,000,000 unknown elements in the definitions',
    '<ODM><Study OID="S">',
    '<a b="" c="" d=""/>',
    10 * M,
    '</Study></ODM>',
    LARGE,
    'read',
  ],
  ['10,000,000 users', '<ODM><AdminData>', '<User OID="U#"/>', 10 * M, '</AdminData></ODM>', LARGE, 'read'],
  [
    '10,000,000 items of their own OID',
    IN_GROUP,
    '<ItemData ItemOID="I#" Value="1"/>',
    10 * M,
    GROUP_END,
    LARGE,
    'read',
  ],
  [
    '10,000,000 item groups of their own repeat key',
    IN_FORM,
    '<ItemGroupData ItemGroupOID="G" ItemGroupRepeatKey="#"/>',
    10 * M,
    FORM_END,
    LARGE,
    'read',
  ],
  [
    '10,000,000 subjects',
    '<ODM><ClinicalData StudyOID="S">',
    '<SubjectData SubjectKey="#"/>',
    10 * M,
    '</ClinicalData></ODM>',
    'read',
  ],
  ['1,000,000 studies', '<ODM>', '<ClinicalData StudyOID="S#"/>', M, '</ODM>', LARGE],
  [
    'billion laughs',
    '<!DOCTYPE ODM [<!ENTITY a0 "ha">',
    '<!ENTITY b# "&a0;&a0;">',
    M,
    ']><ODM>&b9;</ODM>',
    'ODM_DOCTYPE',
  ],
  [
    'an external entity',
    '<!DOCTYPE ODM [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    '',
    0,
    '<ODM>&a;</ODM>',
    'ODM_DOCTYPE',
  ],
  ['1 GB of ampersands', `${IN_GROUP}<ItemDataString ItemOID="I">`, '&', G, GROUP_END, NOT],
  ['a reference of 1 GB', `${IN_GROUP}<ItemDataString ItemOID="I">&#`, '0', G, `65;${GROUP_END}`, NOT],
];

/** What becomes of each: `read`, or the code of the refusal. */
export function hostileDocuments(isWhole: boolean): [string, Hostile, string][] {
  return LIST.map(([name, before, piece, times, after, whole, part = whole]) => [
    isWhole ? name : `a sixteenth of ${name}`,
    { before, piece, times: isWhole ? times : Math.ceil(times / 16), after },
    isWhole ? whole : part,
  ]);
}
