import fc from 'fast-check';

/** Text as it may stand in a document, markup and references included; now and then something that must be refused. */
const pieces = (broken: boolean) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'a',
        '0012',
        ' ',
        '\n',
        '\t',
        'é',
        '患者',
        '😀',
        '&amp;',
        '&lt;',
        '&#10;',
        '&#xB5;',
        ']',
        ']]',
        'x>',
      ),
    },
    ...(broken
      ? [{ weight: 1, arbitrary: fc.constantFrom('&', '&nbsp;', '<', ']]>', '\u0001', '\ufffe', '&#0;', '&#xD800;') }]
      : []),
  );

const text = (broken: boolean) => fc.array(pieces(broken), { maxLength: 6 }).map((list) => list.join(''));

const attributeName = (broken: boolean) =>
  fc.constantFrom('Value', 'IsNull', 'OID', 'v:x', 'v:y', 'w:x', 'xml:lang', ...(broken ? ['u:x', '1a', 'a:b:c'] : []));

const elementName = (broken: boolean) =>
  fc.constantFrom(
    ...[
      'ClinicalData',
      'SubjectData',
      'StudyEventData',
      'FormData',
      'ItemGroupData',
      'ItemData',
      'ItemDataString',
      'AuditRecord',
    ],
    ...[
      'Annotation',
      'Comment',
      'Flag',
      'FlagValue',
      'UserRef',
      'SiteRef',
      'DateTimeStamp',
      'Study',
      'MetaDataVersion',
      'AdminData',
    ],
    ...['User', 'LoginName', 'Value', 'v:x', 'w:Query', ...(broken ? ['u:x', 'a:b:c', '-a'] : [])],
  );

const attributes = (broken: boolean) =>
  fc
    .uniqueArray(fc.tuple(attributeName(broken), text(broken), fc.constantFrom('"', "'")), {
      comparator: broken ? () => false : (one, other) => one[0] === other[0],
      maxLength: 4,
    })
    .map((list) => list.map(([name, value, quote]) => ` ${name}=${quote}${value}${quote}`).join(''));

const miscellany = (broken: boolean) =>
  fc.constantFrom(
    '<!-- c -->',
    '<?p i?>',
    '<![CDATA[<&]]>',
    '\n  ',
    ...(broken ? ['<!-- -- -->', '<?xml version="1.0"?>', '<!DOCTYPE a>', '</b>'] : []),
  );

/** What every element of a name has, without which it is refused. */
const KEYS: Readonly<Record<string, string>> = {
  SubjectData: 'SubjectKey',
  StudyEventData: 'StudyEventOID',
  FormData: 'FormOID',
  ItemGroupData: 'ItemGroupOID',
  ItemData: 'ItemOID',
  ItemDataString: 'ItemOID',
};

const TRANSACTIONAL = [...Object.keys(KEYS), 'Annotation'];

/** Its key and, now and then, a transaction type. */
const ownAttributes = fc.tuple(
  fc.constantFrom('A', 'B', '\u00e9&amp;'),
  fc.constantFrom('', '', 'Insert', 'Remove', 'Upsert', 'Context'),
);

function tag(name: string, others: string, [key, transaction]: readonly string[]): string {
  const type = transaction !== '' && TRANSACTIONAL.includes(name) ? ` TransactionType="${transaction}"` : '';
  return `${name}${type}${others}${name in KEYS ? ` ${KEYS[name]}="${key}"` : ''}`;
}

/** The content of an ODM element. */
function content(broken: boolean): fc.Arbitrary<string> {
  return fc.letrec<{ nodes: string; element: string }>((tie) => ({
    nodes: fc
      .array(fc.oneof({ maxDepth: 7, depthSize: 'small' }, text(broken), miscellany(broken), tie('element')), {
        maxLength: 5,
      })
      .map((list) => list.join('')),
    element: fc
      .tuple(elementName(broken), attributes(broken), ownAttributes, tie('nodes'), fc.boolean())
      .map(([name, others, own, inner, empty]) =>
        empty && inner === '' ? `<${tag(name, others, own)}/>` : `<${tag(name, others, own)}>${inner}</${name}>`,
      ),
  })).nodes;
}

const NAMESPACES =
  ' xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:v="urn:v" xmlns:w="http://www.mdsol.com/ns/odm/metadata"';

const deeper = (inner: string) =>
  `<ClinicalData StudyOID="S" MetaDataVersionOID="M"><SubjectData SubjectKey="1"><StudyEventData StudyEventOID="E"><FormData FormOID="F"><ItemGroupData ItemGroupOID="G">${inner}</ItemGroupData></FormData></StudyEventData></SubjectData></ClinicalData>`;

/** ODM documents, well-formed, or with something wrong in most of them. */
export function documents(broken: boolean): fc.Arbitrary<string> {
  return fc
    .tuple(content(broken), content(broken), fc.constantFrom('', ' FileType="Transactional"'))
    .map(([outer, inner, type]) => `<?xml version="1.0"?>\n<ODM${NAMESPACES}${type}>${outer}${deeper(inner)}</ODM>`);
}

/** Lengths of chunks, to be used in turn. */
export const chunkLengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

export function inTurn(lengths: readonly number[]): () => number {
  let at = 0;
  return () => lengths[at++ % lengths.length];
}
