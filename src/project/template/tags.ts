import { Complaint } from './complaint.ts';

/** A part of a template: text that is kept as it is, or what stands within the braces of a tag. */
export interface Part {
  readonly kind: 'text' | 'print' | 'statement';
  readonly text: string;
  /** The line on which it begins, from 1. */
  readonly line: number;
}

/** A tag that cannot be cut out, and its line. */
export class TagError extends Complaint {
  readonly line: number;

  constructor(line: number, message: string, next: string) {
    super('TEMPLATE_SYNTAX', message, next);
    this.line = line;
  }
}

const OPENING = /\{[{%#]/g;
const RAW = /\{%[-+]?\s*raw\s*([-+]?)%\}/y;
const ENDRAW = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;

/** Whether a tag opens in the text; where none does, it is SQL as it stands. */
export const isTemplate = (text: string) => text.search(OPENING) >= 0;

/**
 * The parts of a template in order, white space removed where a tag says so with `-`, comments left out, and what stands
 * between raw and endraw as text. As in Jinja every line break is one character, and one at
 * the very end is no part of it.
 * @throws TagError
 */
export function partsOf(template: string): Part[] {
  const source = template.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const parts: Part[] = [];
  const lines = new LineCounter(source);
  let at = 0;
  let trims = false;
  const text = (end: number, trimsEnd: boolean) => {
    const begin = trims ? skipSpace(source, at, end) : at;
    const kept = trimsEnd ? source.slice(begin, end).trimEnd() : source.slice(begin, end);
    if (kept !== '') parts.push({ kind: 'text', text: kept, line: lines.at(begin) });
  };
  while (at < source.length) {
    OPENING.lastIndex = at;
    const open = OPENING.exec(source)?.index ?? source.length;
    const sign = source[open + 2];
    text(open, sign === '-');
    if (open === source.length) break;
    const tag = tagAt(source, open, lines);
    if (tag.part !== undefined) parts.push(tag.part);
    at = tag.end;
    trims = tag.trims;
  }
  return parts;
}

interface Tag {
  readonly part?: Part;
  readonly end: number;
  /** Whether the white space behind it goes. */
  readonly trims: boolean;
}

function tagAt(source: string, open: number, lines: LineCounter): Tag {
  const line = lines.at(open);
  const kind = source[open + 1];
  if (kind === '#') {
    const close = source.indexOf('#}', open + 2);
    if (close < 0) throw notClosed(line, '{#', '#}');
    return { end: close + 2, trims: source[close - 1] === '-' };
  }
  RAW.lastIndex = open;
  const raw = RAW.exec(source);
  if (raw !== null) return rawAt(source, RAW.lastIndex, raw[1] === '-', line, lines);
  const closing = kind === '{' ? '}}' : '%}';
  const signed = /[-+]/.test(source[open + 2] ?? '');
  const begin = open + (signed ? 3 : 2);
  const close = closeOf(source, begin, closing);
  if (close === undefined) throw notClosed(line, `{${kind}`, closing);
  const sign = /[-+]/.test(source[close - 1]) && close - 1 >= begin ? 1 : 0;
  return {
    part: { kind: kind === '{' ? 'print' : 'statement', text: source.slice(begin, close - sign), line },
    end: close + 2,
    trims: sign === 1 && source[close - 1] === '-',
  };
}

function rawAt(source: string, begin: number, trimsBegin: boolean, line: number, lines: LineCounter): Tag {
  ENDRAW.lastIndex = begin;
  const found = ENDRAW.exec(source);
  if (found === null) throw notClosed(line, '{% raw %}', '{% endraw %}');
  const start = trimsBegin ? skipSpace(source, begin, found.index) : begin;
  const text = source.slice(start, found.index);
  const part: Part = { kind: 'text', text: found[1] === '-' ? text.trimEnd() : text, line: lines.at(start) };
  return { part, end: ENDRAW.lastIndex, trims: found[2] === '-' };
}

/** Where the tag closes: not in a text, and not where braces of a dict are open. */
function closeOf(source: string, begin: number, closing: string): number | undefined {
  let depth = 0;
  for (let at = begin; at < source.length; at++) {
    const character = source[at];
    if (depth === 0 && source.startsWith(closing, at)) return at;
    if (character === "'" || character === '"') {
      at = textEnd(source, at);
    } else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
  }
  return undefined;
}

function textEnd(source: string, begin: number): number {
  for (let at = begin + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === source[begin]) return at;
  }
  return source.length;
}

function skipSpace(source: string, begin: number, end: number): number {
  let at = begin;
  while (at < end && /\s/.test(source[at])) at++;
  return at;
}

function notClosed(line: number, opening: string, closing: string): TagError {
  return new TagError(
    line,
    `${opening} has no ${closing}.`,
    `Close it with ${closing}; as text it is {% raw %}${opening}{% endraw %}.`,
  );
}

/** The line of a place, asked for in order of places. */
class LineCounter {
  readonly #source: string;
  #line = 1;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  at(place: number): number {
    if (place < this.#at) [this.#line, this.#at] = [1, 0];
    for (; this.#at < place; this.#at++) if (this.#source[this.#at] === '\n') this.#line++;
    return this.#line;
  }
}
