import { printable } from './text.ts';

/**
 * Bytes as text that steers no terminal: in their encoding where they are whole text in it, else byte by byte, with all
 * outside printable ASCII as `\xe9`. Control characters are written out (`\r`, `\u{1b}`) and a backslash is doubled, so
 * that nothing is shown in two ways; behind `\n`, a new line begins here too.
 * @param most how many bytes are shown at most
 */
export function byteText(bytes: Uint8Array, encoding: string | null, most: number): string {
  const shown = bytes.subarray(0, most);
  const text = decoded(shown, encoding, shown.length < bytes.length);
  const lines = text === undefined ? latin1(shown).split('\n').map(byByte) : text.split('\n').map(byCharacter);
  const last = lines.pop()!;
  return `${lines.map((line) => `${line}\\n\n`).join('')}${last}`.replace(/\n$/, '');
}

/** undefined where they are something else than text; a character that was cut off at the end is left out. */
function decoded(bytes: Uint8Array, encoding: string | null, isCut: boolean): string | undefined {
  try {
    const decoder = new TextDecoder(encoding ?? 'utf-8', { fatal: true, ignoreBOM: true });
    // In one go, Node 20 takes windows-1252 for ISO-8859-1.
    const text = decoder.decode(bytes, { stream: true });
    return isCut ? text : text + decoder.decode();
  } catch {
    return undefined;
  }
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

const byCharacter = (line: string) => line.split('\\').map(printable).join('\\\\');

const byByte = (line: string) =>
  line.replace(/[^ -~]|\\/g, (character) => {
    if (character === '\\') return '\\\\';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
