import { ParseOption, XmlDocument, XmlElement, XmlText } from 'libxml2-wasm';

const ODM = /^(http:\/\/www\.cdisc\.org\/ns\/odm\/.*)?$/;
/** Elements of ODM that hold elements only. */
const STRUCTURE =
  /^(ODM|Study|MetaDataVersion|AdminData|User|Location|ReferenceData|ClinicalData|Association|SubjectData|StudyEventData|FormData|ItemGroupData|ItemData|SiteRef|InvestigatorRef|AuditRecords?|Signatures?|Annotations?|UserRef|LocationRef|SignatureRef|MeasurementUnitRef|Flag|MetaDataVersionRef|Query|DiscrepancyNote|ChildNote)$/;

/**
 * A document in a form of which two are equal if their canonical XML is (Canonical XML 1.0 as libxml2 writes it, without
 * comments), but for prefixes, processing instructions and white space between elements. Names are expanded. White
 * space around text is left out in elements of ODM that are to hold none.
 */
export function canonical(document: string | Uint8Array): string {
  // Nothing in canonical XML but an instruction can look like one: in texts and values `<` is a reference.
  const c14n = withDocument(document, (parsed) => parsed.canonicalizeToString()).replace(/<\?.*?\?>/gs, '');
  return withDocument(c14n, ({ root }) => {
    const pieces: string[] = [];
    write(root, pieces);
    return pieces.join('\n');
  });
}

function withDocument<Result>(document: string | Uint8Array, work: (parsed: XmlDocument) => Result): Result {
  const option = ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_HUGE;
  const parsed =
    typeof document === 'string'
      ? XmlDocument.fromString(document, { option })
      : XmlDocument.fromBuffer(document, { option });
  try {
    return work(parsed);
  } finally {
    parsed.dispose();
  }
}

function write(element: XmlElement, pieces: string[]): void {
  const attributes = element.attrs
    .map(({ name, namespaceUri, content }) => `{${namespaceUri}}${name}=${JSON.stringify(content)}`)
    .sort();
  pieces.push(`<{${element.namespaceUri}}${element.name} ${attributes.join(' ')}>`);
  const isStructure =
    STRUCTURE.test(element.name) && (ODM.test(element.namespaceUri) || /Query|Note/.test(element.name));
  let text = '';
  let hasElements = false;
  const endText = (closing: boolean) => {
    const kept = isStructure ? text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '') : text;
    const counts = /[^ \t\r\n]/.test(kept) || (closing && !hasElements && !isStructure);
    if (kept !== '' && counts) pieces.push(JSON.stringify(kept));
    text = '';
  };
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) {
      endText(false);
      hasElements = true;
      write(node, pieces);
    } else if (node instanceof XmlText) text += node.content;
  }
  endText(true);
  pieces.push('>');
}
