import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isMapping } from '../../lib/mapping.ts';
import { readYaml } from '../../project/yaml-file.ts';
import { readNumbers } from '../../project/yaml-number.ts';
import { losesComments } from './comments.ts';
import { isSame, itemsAfter, type Key, keysAfter, type Mapping, type Path, patched } from './patch.ts';
import { type Edit, edited, lineStart, type Span, segmentsOf } from './segments.ts';
import { scalarText, yamlLine, yamlText } from './text.ts';

/**
 * The text of a YAML file with what changes from `before` to `after` changed, and every other byte as it was: comments,
 * order, quotes, layout.
 *
 * @param source valid, by `readYaml`
 * @returns `losesComments`: a comment of the source is not in the text any more, whatever the cause
 */
export function editYaml(source: string, before: Mapping, after: Mapping): { text: string; losesComments: boolean } {
  if (isSame(before, after, [])) return { text: source, losesComments: false };
  const current = readYaml('', source).value ?? {};
  const wanted = patched(current, before, after) as Mapping;
  const text = textOf(source, before, after, wanted);
  return { text, losesComments: losesComments(source, text) };
}

function textOf(source: string, before: Mapping, after: Mapping, wanted: Mapping): string {
  const text = new Editor(source).text(before, after, wanted);
  if (isSame(readYaml('', text).value, wanted, [])) return text;
  const [head] = /^(?:[ \t]*(?:#.*)?\r?\n)*/.exec(source) ?? [''];
  return `${head}${yamlText(wanted)}`;
}

type Entry = Pair<Scalar, Node | null>;

/** Where a node begins, and where what it says ends: before comments and line breaks behind it. */
function spanOf(node: Node, source: string): Span {
  const from = node.range?.[0] ?? 0;
  if (isMap(node) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1) as Entry;
    return { from, to: spanOf(last.value?.range ? last.value : last.key, source).to };
  }
  if (isSeq(node) && !node.flow && node.items.length > 0)
    return { from, to: spanOf(node.items.at(-1) as Node, source).to };
  const to = node.range?.[1] ?? from;
  return { from, to: isBlockScalar(node) ? from + source.slice(from, to).trimEnd().length : to };
}

/** Whether there is any text of it: `a:` has no value. */
const isWritten = (node: Node | null) => Boolean(node?.range && node.range[0] < node.range[1]);

const isSameKeys = (keys: readonly Key[], names: readonly string[]) => {
  return keys.length === names.length && keys.every(({ now, was }, i) => now === names[i] && was === now);
};

const isBlockScalar = (node: Node) => isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');

class Editor {
  readonly #source: string;
  #edits: Edit[] = [];
  readonly #end: string;
  readonly #document: Document.Parsed;

  constructor(source: string) {
    this.#source = source;
    this.#document = parseDocument(source, { version: '1.2' });
    readNumbers(this.#document);
    this.#end = source.includes('\r\n') ? '\r\n' : '\n';
  }

  text(before: Mapping, after: Mapping, wanted: Mapping): string {
    const source = this.#source;
    const root = this.#document.contents as Node | null;
    if (root === null) return `${source}${source === '' || source.endsWith('\n') ? '' : this.#end}${yamlText(wanted)}`;
    if (!isMap(root)) return yamlText(wanted);
    if (root.items.length === 0) {
      return edited(source, [{ ...spanOf(root, source), text: this.#block(wanted, 0) }], {
        from: 0,
        to: source.length,
      });
    }
    if (Object.keys(wanted).length === 0) {
      this.#replace({ from: root.range![0], to: source.length }, `{}${this.#end}`);
      return edited(source, this.#edits, { from: 0, to: source.length });
    }
    if (!this.#change(root, before, after, [])) return yamlText(wanted);
    return edited(source, this.#edits, { from: 0, to: source.length });
  }

  /** Makes the edits of a node; false where whoever holds it has to write it anew. */
  #change(node: Node | null, before: unknown, after: unknown, path: Path): boolean {
    if (isMap(node) && isMapping(before) && isMapping(after)) {
      return node.flow
        ? this.#changeFlow(node, before, after, path)
        : this.#changeMap(node as YAMLMap, before, after, path);
    }
    if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) {
      if (!node.flow) return this.#changeList(node as YAMLSeq, before, after, path);
      return this.#rewrite(node, before, after, path);
    }
    if (!isScalar(node) || isBlockScalar(node) || typeof after === 'object') return false;
    if (!isWritten(node) || (typeof after === 'string' && after.includes('\n'))) return false;
    this.#replace(spanOf(node, this.#source), scalarText(after));
    return true;
  }

  /** A mapping in braces. */
  #changeFlow(node: YAMLMap, before: Mapping, after: Mapping, path: Path): boolean {
    const entries = node.items as Entry[];
    const keys = entries.map(({ key }) => String(key.value));
    const isKept =
      isSameKeys(keysAfter(keys, before, after, path), keys) && entries.every(({ value }) => isWritten(value));
    if (!isKept) return this.#rewrite(node, before, after, path);
    for (const { key, value } of entries as { key: Scalar; value: Node }[]) {
      const name = String(key.value);
      const below = [...path, name];
      if (!Object.hasOwn(after, name) || isSame(before[name], after[name], below)) continue;
      // What stands within braces stays on its line.
      if (!isScalar(value) && this.#change(value, before[name], after[name], below)) continue;
      this.#replace(
        spanOf(value, this.#source),
        yamlLine(patched(this.#valueOf(value), before[name], after[name], below)),
      );
    }
    return true;
  }

  #changeMap(node: YAMLMap, before: Mapping, after: Mapping, path: Path): boolean {
    const entries = node.items as Entry[];
    const names = entries.map(({ key }) => String(key.value));
    const keys = keysAfter(names, before, after, path);
    const isKept = isSameKeys(keys, names);
    const spans = entries.map(({ key, value }) => ({
      from: key.range![0],
      to: spanOf(value?.range ? value : key, this.#source).to,
    }));
    if (!isKept && (keys.length === 0 || !spans.every(({ from }) => this.#isBlankBefore(from)))) return false;
    const column = spans[0].from - lineStart(this.#source, spans[0].from);
    for (const { now, was } of keys) {
      if (was === undefined || !Object.hasOwn(after, now)) continue;
      const i = names.indexOf(was);
      if (now !== was) this.#replace({ from: spans[i].from, to: entries[i].key.range![1] }, scalarText(now));
      if (isSame(before[was], after[now], [...path, now])) continue;
      if (this.#change(entries[i].value, before[was], after[now], [...path, now])) continue;
      const value = patched(this.#valueOf(entries[i].value), before[was], after[now], [...path, now]);
      this.#write(spans[i], `${scalarText(now)}: `, value, { [now]: value }, column);
    }
    if (isKept) return true;
    const segments = segmentsOf(this.#source, spans, path.length === 0);
    this.#rebuild(
      segments,
      keys.map(({ now, was }) => {
        return was === undefined
          ? `${' '.repeat(column)}${this.#block({ [now]: after[now] }, column)}`
          : names.indexOf(was);
      }),
    );
    return true;
  }

  #changeList(node: YAMLSeq, before: readonly unknown[], after: readonly unknown[], path: Path): boolean {
    const nodes = node.items as Node[];
    const items = itemsAfter(nodes.length, before, after);
    const dashes = nodes.map(({ range }) => this.#dashBefore(range?.[0] ?? 0));
    if (items === undefined || after.length === 0 || dashes.includes(-1)) return false;
    const column = dashes[0] - lineStart(this.#source, dashes[0]);
    for (const { before: b, after: a } of items) {
      if (b === undefined || a === undefined || isSame(before[b], after[a], [...path, a])) continue;
      if (this.#change(nodes[b], before[b], after[a], [...path, a])) continue;
      const value = patched(this.#valueOf(nodes[b]), before[b], after[a], [...path, a]);
      this.#write({ from: dashes[b], to: spanOf(nodes[b], this.#source).to }, '- ', value, [value], column);
    }
    const kept = items.filter((item) => item.after !== undefined);
    if (kept.length === nodes.length && kept.every((item, i) => item.before === i)) return true;
    const spans = nodes.map((one, i) => ({ from: dashes[i], to: spanOf(one, this.#source).to }));
    this.#rebuild(
      segmentsOf(this.#source, spans, false),
      kept.map((item) => item.before ?? `${' '.repeat(column)}${this.#block([after[item.after!]], column)}`),
    );
    return true;
  }

  /** Puts the segments of a block into another order, leaves some out, and new text between them. */
  #rebuild(segments: readonly Span[], pieces: readonly (number | string)[]): void {
    const whole = { from: segments[0].from, to: segments.at(-1)!.to };
    const lines = pieces.map((piece) => {
      const text = typeof piece === 'string' ? piece : edited(this.#source, this.#edits, segments[piece]);
      return text.endsWith('\n') ? text : `${text}${this.#end}`;
    });
    this.#replace(whole, lines.join(''));
  }

  /** What is written in place of a stretch holds whatever was to change within it. */
  #replace(span: Span, text: string): void {
    this.#edits = this.#edits.filter(({ from, to }) => from < span.from || to > span.to);
    this.#edits.push({ ...span, text });
  }

  /** Writes an entry anew: in lines, but on one line where a comment follows. */
  #write(span: Span, head: string, value: unknown, entry: unknown, column: number): void {
    const isAlone = /^[ \t]*(?:\r?\n|$)/.test(this.#source.slice(span.to));
    this.#replace(span, isAlone ? this.#block(entry, column) : `${head}${yamlLine(value)}`);
  }

  /** Writes a node anew on one line. */
  #rewrite(node: Node, before: unknown, after: unknown, path: Path): true {
    this.#replace(spanOf(node, this.#source), yamlLine(patched(this.#valueOf(node), before, after, path)));
    return true;
  }

  /** YAML in lines, as it stands from a column on; its first line without the blanks before it. */
  #block(value: unknown, column: number): string {
    const lines = yamlText(value).replace(/\n$/, '').split('\n');
    return lines.map((line, i) => (i === 0 || line === '' ? line : ' '.repeat(column) + line)).join(this.#end);
  }

  #isBlankBefore(offset: number): boolean {
    return /^ *$/.test(this.#source.slice(lineStart(this.#source, offset), offset));
  }

  /** Where the `-` of an item stands, if nothing but blanks stands before it on its line; else -1. */
  #dashBefore(offset: number): number {
    const start = lineStart(this.#source, offset);
    const [, indent] = /^( *)- +$/.exec(this.#source.slice(start, offset)) ?? [];
    return indent === undefined ? -1 : start + indent.length;
  }

  #valueOf(node: Node | null): unknown {
    if (node === null || !node.range) return null;
    return node.toJS(this.#document);
  }
}
