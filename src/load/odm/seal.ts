import { silent } from '../../lib/events.ts';
import type { Damage } from '../../odm/recover/damage.ts';
import { contentOf } from '../packing/content.ts';
import type { Quarantine } from '../quarantine.ts';
import type { SourceFile } from '../source-file.ts';

/** Code of what was replaced by rule: nothing else is missing of the document. */
export const CONTROL_CHARACTER = 'ODM_CONTROL_CHARACTER';

const LINE_FEED = 10;

/** Bytes [start, end) of a document, and what to say of them when they, and the line on which they begin, are known. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly code: string;
  readonly isForeign: boolean;
  readonly reason: (bytes: Buffer, line: number) => string;
}

/** A control character that was replaced, or its reference. */
export interface Replaced {
  readonly place: number;
  readonly length: number;
}

/** Puts aside what of a document was not read, or replaced, with its exact bytes. */
export async function seal(
  quarantine: Quarantine,
  file: SourceFile,
  damages: readonly Damage[],
  replaced: readonly Replaced[],
): Promise<void> {
  const spans = [...damages.map(ofDamage), ...replaced.map(ofReplaced)].sort((a, b) => a.start - b.start);
  if (spans.length === 0) return;
  let base = 0;
  let line = 1;
  let next = 0;
  let held: Buffer[] = [];
  for await (const chunk of contentOf(file, silent, file.name)) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let at = 0;
    while (next < spans.length && spans[next].start < base + bytes.length) {
      const { start, end, code, isForeign, reason } = spans[next];
      const from = Math.max(start - base, 0);
      const to = Math.min(end - base, bytes.length);
      if (start >= base) line += lineFeeds(bytes, at, from);
      held.push(Buffer.from(bytes.subarray(from, to)));
      at = from;
      if (end > base + bytes.length) break;
      const whole = Buffer.concat(held);
      await quarantine.add({ line, place: start, bytes: whole, isForeign, code, reason: reason(whole, line) });
      line += lineFeeds(whole, 0, whole.length);
      at = to;
      held = [];
      next++;
    }
    if (held.length === 0) line += lineFeeds(bytes, at, bytes.length);
    base += bytes.length;
  }
  await quarantine.flush();
}

function lineFeeds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0 && at < to; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}

function ofDamage({ start, end, code, message, byte, isForeign }: Damage): Span {
  const reason = (bytes: Buffer, line: number) =>
    `${message} (line ${line + lineFeeds(bytes, 0, byte - start)}, byte ${byte})`;
  return { start, end, code, isForeign, reason };
}

function ofReplaced({ place, length }: Replaced): Span {
  const reason = (bytes: Buffer) =>
    `A control character that XML does not allow (${shown(bytes)}) was replaced by a space.`;
  return { start: place, end: place + length, code: CONTROL_CHARACTER, isForeign: false, reason };
}

function shown(bytes: Buffer): string {
  return bytes.length > 1 ? bytes.toString('latin1') : `U+${bytes[0].toString(16).toUpperCase().padStart(4, '0')}`;
}
