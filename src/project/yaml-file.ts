import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';
import type { ErrorPlace } from '../lib/errors.ts';
import { excerpt } from '../lib/excerpt.ts';
import { byPlace, type Problem } from './problem.ts';
import type { Locate } from './project.ts';
import { type OddNumber, readNumbers } from './yaml-number.ts';

export interface YamlFile {
  /** undefined where it cannot be known; `problems` then says why. */
  readonly value: unknown;
  readonly locate: Locate;
  /** Place of the key itself rather than of its value. */
  readonly locateKey: Locate;
  readonly problems: readonly Problem[];
  /** The numbers that may have been meant as text. */
  readonly oddNumbers: readonly OddNumber[];
}

/** No specification comes near it; a bound on what a hostile file can cost. */
const MAXIMUM_BYTES = 4 * 1024 * 1024;

/** A longer line says nothing where it is shown. */
const MOST_SHOWN = 500;

const MAXIMUM_DEPTH = 64;
const TOO_DEEP = 'The file is nested too deeply to be read.';
const FEWER_LEVELS = `Write it in at most ${MAXIMUM_DEPTH} levels.`;

/** In single quotes it is the text itself: an OID of a hostile file may look so. */
const ENVIRONMENT = /^\$\{[^}\p{Cc}]*\}$/u;

/**
 * Reads YAML 1.2 of the plain kind: one document of mappings, lists and scalars. Duplicate keys, anchors, aliases, tags
 * and `${NAME}` (no field takes a secret yet) are problems, each with its place.
 */
export function readYaml(file: string, source: string): YamlFile {
  const lines = new LineCounter();
  const place = (offset?: number): ErrorPlace => {
    if (offset === undefined) return { file, line: 1, column: 1 };
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const invalid = (message: string, offset?: number, next?: string): Problem => {
    return { kind: 'usage', code: 'CONFIG_INVALID', message, place: place(offset), next };
  };
  const failed = (...problems: Problem[]): YamlFile => {
    return { value: undefined, locate: () => place(), locateKey: () => place(), problems, oddNumbers: [] };
  };
  if (Buffer.byteLength(source) > MAXIMUM_BYTES) return failed(invalid('The file is larger than 4 MiB.'));
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  // What follows the first syntax error mostly follows from it.
  const syntaxError = document.errors.find((error) => !isOfItsOwn(error));
  const errors = document.errors.filter((error) => isOfItsOwn(error) || error === syntaxError);
  const found = errors.map((error) => {
    const { line, col: column } = lines.linePos(error.pos[0]);
    const shown = excerpt(source, { line, column });
    const isShown = error === syntaxError && shown.length < MOST_SHOWN;
    const message = syntaxMessage(error, source) + (isShown ? `\n${shown}` : '');
    return invalid(message, error.pos[0], syntaxAdvice(error, source, line));
  });
  const { problems: refused, isReadable } =
    syntaxError === undefined ? refusals(document, invalid) : { problems: [], isReadable: false };
  const problems = [...found, ...refused].sort(byPlace);
  if (!isReadable) return failed(...problems);
  const oddNumbers = readNumbers(document);
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    locate: (path) => place(offsetOf(document, path, 'value')),
    locateKey: (path) => place(offsetOf(document, path, 'key')),
    problems,
    oddNumbers,
  };
}

/** What leaves the rest of the file to be read as it stands. */
const isOfItsOwn = ({ code }: YAMLParseError) => code === 'DUPLICATE_KEY' || code === 'MULTIPLE_DOCS';

function syntaxMessage({ code, message, pos }: YAMLParseError, source: string): string {
  if (code === 'DUPLICATE_KEY') {
    const [key] = /^(?:"[^"\n]*"|'[^'\n]*'|[^:\s,}]+)/.exec(source.slice(pos[0], pos[0] + 80)) ?? [''];
    return `The key ${key} stands twice.`;
  }
  if (code === 'MULTIPLE_DOCS') return 'There must be one document in the file.';
  if (message.startsWith('Maximum call stack')) return TOO_DEEP;
  return `The file is not well-formed YAML: ${message.split('\n', 1)[0].replace(/[.:]$/, '')}.`;
}

/** What a text without quotes that needs them is to YAML. */
const UNQUOTED: ReadonlySet<string> = new Set(['BLOCK_AS_IMPLICIT_KEY', 'BLOCK_IN_FLOW', 'BAD_SCALAR_START']);

function syntaxAdvice({ code, message }: YAMLParseError, source: string, line: number): string | undefined {
  if (code === 'DUPLICATE_KEY') return 'Remove one of them, or write what both say under one.';
  if (code === 'MULTIPLE_DOCS') return 'Remove the line --- and what stands behind it.';
  if (message.startsWith('Maximum call stack')) return FEWER_LEVELS;
  if (!UNQUOTED.has(code)) return 'Indent with spaces, what belongs together alike; close every bracket and quote.';
  const quotes = 'put a text that holds ": " or begins with a sign in quotes, as in label: "Demographics: all".';
  if (!isDeeper(source, line)) return `P${quotes.slice(1)}`;
  return `The next line begins further in, as if it belonged to this one: begin both in the same column. Or ${quotes}`;
}

/** Whether the line below begins further in. */
function isDeeper(source: string, line: number): boolean {
  const [here, below = ''] = source.split('\n').slice(line - 1);
  return below.search(/[^ ]/) > here.search(/[^ ]/);
}

/** What YAML has and these files may not; and whether the value can be read all the same, to see what else is wrong. */
function refusals(
  document: Document.Parsed,
  invalid: (message: string, offset?: number, next?: string) => Problem,
): { problems: Problem[]; isReadable: boolean } {
  const problems: Problem[] = [];
  let isReadable = true;
  visit(document, {
    Pair(_, { key }) {
      const offset = isNode(key) ? key.range?.[0] : undefined;
      if (isScalar(key) && key.value !== null && key.value !== '__proto__') return;
      const message =
        isScalar(key) && key.value !== null ? 'A key cannot be named __proto__.' : 'A key must be a plain word.';
      problems.push(invalid(message, offset));
      isReadable = false;
    },
    Node(_, node, { length: depth }) {
      const offset = node.range?.[0];
      if (depth > MAXIMUM_DEPTH) {
        problems.push(invalid(TOO_DEEP, offset, FEWER_LEVELS));
        isReadable = false;
        return visit.BREAK;
      }
      if (isAlias(node) || node.anchor !== undefined) {
        problems.push(invalid('Anchors and aliases are not allowed.', offset, 'Write the value out.'));
        if (isAlias(node)) isReadable = false;
      } else if (node.tag !== undefined) {
        problems.push(invalid('Tags are not allowed.', offset, 'Write the value without a tag.'));
      } else if (isScalar(node) && node.type !== 'QUOTE_SINGLE' && ENVIRONMENT.test(String(node.value))) {
        const next =
          'Write the value itself; no field takes a secret. A text that only looks so stands in single quotes.';
        problems.push(invalid('No field takes a value from the environment.', offset, next));
      }
      return undefined;
    },
  });
  return { problems, isReadable };
}

/** Offset of the key or value at `path`, or of the nearest thing above it that exists. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], want: 'key' | 'value'): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const [i, step] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === step);
      if (pair === undefined) return offset;
      const key = pair.key as { range?: [number, number, number] | null };
      const value = pair.value as { range?: [number, number, number] | null } | null;
      const isLast = i === path.length - 1;
      offset = isLast && want === 'value' ? (value?.range?.[0] ?? key.range?.[0]) : key.range?.[0];
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (!isNode(item)) return offset;
      offset = item.range?.[0];
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}
