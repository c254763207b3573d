/** Classes of bytes in text. Byte 0 is what the tokenizer puts behind its last byte, so every scan stops there. */
export const TextClass = {
  plain: 0,
  open: 1,
  reference: 2,
  carriageReturn: 3,
  bracket: 4,
  high: 5,
  control: 6,
} as const;
/** Classes of bytes in attribute values. */
export const ValueClass = { plain: 0, reference: 1, space: 2, quote: 4, open: 5, high: 6, control: 7 } as const;

function classes({ control, high }: { control: number; high: number }, entries: Record<string, number>): Uint8Array {
  const table = new Uint8Array(256);
  for (let byte = 0; byte < 32; byte++) if (byte !== 9 && byte !== 10 && byte !== 13) table[byte] = control;
  // 0xEF begins U+F000 to U+FFFF, among them U+FFFE and U+FFFF, which are no characters.
  table[0xef] = high;
  for (const [characters, value] of Object.entries(entries)) {
    for (const character of characters) table[character.charCodeAt(0)] = value;
  }
  return table;
}

export const TEXT = classes(TextClass, {
  '<': TextClass.open,
  '&': TextClass.reference,
  '\r': TextClass.carriageReturn,
  ']': TextClass.bracket,
});
const IN_VALUE = {
  '&': ValueClass.reference,
  '<': ValueClass.open,
  '\t': ValueClass.space,
  '\n': ValueClass.space,
  '\r': ValueClass.space,
};
export const DOUBLE_QUOTED = classes(ValueClass, { ...IN_VALUE, '"': ValueClass.quote });
export const SINGLE_QUOTED = classes(ValueClass, { ...IN_VALUE, "'": ValueClass.quote });

/** 1 for bytes that may stand in a name (any byte above 127: names are checked once, when first seen). */
export const NAME = new Uint8Array(256);
export const NAME_START = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const letter = byte > 127 || /[A-Za-z_:]/.test(String.fromCharCode(byte));
  NAME_START[byte] = letter ? 1 : 0;
  NAME[byte] = letter || /[-.0-9]/.test(String.fromCharCode(byte)) ? 1 : 0;
}

export const SPACE = new Uint8Array(256);
for (const byte of [9, 10, 13, 32]) SPACE[byte] = 1;

const START =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const NC_NAME = `[${START}][${START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040]*`;
const QNAME = new RegExp(`^${NC_NAME}(?::${NC_NAME})?$`, 'u');
const TARGET = new RegExp(`^${NC_NAME}$`, 'u');

/** A qualified name by Namespaces in XML 1.0, section 4 (XML 1.0, fifth edition, names). */
export const isQualifiedName = (name: string): boolean => QNAME.test(name);
export const isTarget = (name: string): boolean => TARGET.test(name);

/** Whether U+FFFE or U+FFFF, which are no characters, begins at `index`. */
export function isNoncharacter(bytes: Uint8Array, index: number): boolean {
  return bytes[index] === 0xef && bytes[index + 1] === 0xbf && bytes[index + 2] >= 0xbe;
}

/** Looks for what is no character of XML in comments, processing instructions and CDATA sections. */
export function checkCharacters(
  bytes: Uint8Array,
  start: number,
  end: number,
  onNoCharacter: (index: number) => void,
): void {
  for (let i = start; i < end; i++) {
    const kind = TEXT[bytes[i]];
    if (kind === TextClass.control || (kind === TextClass.high && isNoncharacter(bytes, i))) onNoCharacter(i);
  }
}

/** White space only. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (SPACE[bytes[i]] === 0) return false;
  return true;
}
