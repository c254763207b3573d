const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>$/;

/** A longer XML declaration than this is none. */
export const LONGEST_DECLARATION = 1024;

/** Whether a document begins with an XML declaration, as far as these bytes tell. */
export function beginsDeclaration(head: string): boolean {
  return /^<\?xml[ \t\r\n]/.test(head);
}

/** What an XML declaration (XML 1.0, 2.8) says of the encoding, if anything; null if it is malformed. */
export function readDeclaration(declaration: string): { encoding?: string } | null {
  const match = DECLARATION.exec(declaration);
  return match === null ? null : { encoding: match[1] ?? match[2] };
}
