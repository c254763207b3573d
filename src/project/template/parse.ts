import { createRequire } from 'node:module';
import { WarehouseError } from '../../lib/errors.ts';
import { own } from '../../lib/own.ts';
import { bindConcatenation } from './concatenation.ts';
import { checkSeparators } from './separators.ts';
import type { Statement } from './syntax.ts';
import { type Part, partsOf, TagError } from './tags.ts';

type Library = typeof import('@huggingface/jinja');
type Token = Parameters<Library['parse']>[0][number];

/** The parser, which is loaded for the first template: a project without any does not wait for it. */
const library = (): Library => createRequire(import.meta.url)('@huggingface/jinja');

/** A template, and the file it stands in. */
export interface TemplateText {
  readonly path: string;
  readonly text: string;
}

/** A template as its syntax tree. */
export interface ParsedTemplate {
  readonly path: string;
  readonly statements: readonly Statement[];
}

/** Statements that dbt has in files of their own, and what stands for them here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  snapshot: 'Write the SELECT alone.',
  materialization: 'How a model is kept is said by materialized in its properties.',
  include: 'Put what is shared into a macro.',
  import: 'The macros of macros/ are known everywhere without it.',
  from: 'The macros of macros/ are known everywhere without it.',
  extends: 'Put what is shared into a macro.',
  block: 'Put what is shared into a macro.',
};

/**
 * The syntax tree of a template. Before each part of it stands a Comment of its line, since the parser keeps no places.
 * @throws usage TEMPLATE_SYNTAX
 */
export function parseTemplate({ path, text }: TemplateText): readonly Statement[] {
  const lines: number[] = [];
  const tokens: Token[] = [];
  let line = 1;
  try {
    for (const part of partsOf(text)) {
      line = part.line;
      const cut = [comment(part.line), ...tokensOf(part)];
      tokens.push(...cut);
      lines.push(...cut.map(() => part.line));
    }
  } catch (error) {
    throw syntaxError(path, error instanceof TagError ? error.line : line, error);
  }
  let last = 0;
  const watched = new Proxy(tokens, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) last = Math.min(Number(key), target.length - 1);
      return Reflect.get(target, key, receiver);
    },
  });
  try {
    return library().parse(watched).body as unknown as Statement[];
  } catch (error) {
    throw syntaxError(path, lines[last] ?? 1, error);
  }
}

const comment = (line: number): Token => ({ type: 'Comment', value: String(line) });
const word = (value: string): Token => ({ type: 'Identifier', value });

/** `do` is a set whose value nobody asks for, and a test of dbt's is a macro: the parser knows neither word. */
function tokensOf(part: Part): Token[] {
  if (part.kind === 'text') return [{ type: 'Text', value: part.text }];
  const tokens = tagTokens(part);
  checkSeparators(tokens, part.line);
  return bindConcatenation(tokens, (type) => ({ type, value: type === 'OpenParen' ? '(' : ')' }));
}

function tagTokens({ kind, text }: Part): Token[] {
  const { tokenize } = library();
  if (kind === 'print') return tokenize(`{{ ${text} }}`);
  const tokens = tokenize(`{% ${text} %}`);
  const [open, name, ...rest] = tokens;
  if (name?.value === 'do') return [open, word('set'), word(DISCARDED), { type: 'Equals', value: '=' }, ...rest];
  if (name?.value === 'test') return [open, word('macro'), ...rest];
  if (name?.value === 'endtest') return [open, word('endmacro'), ...rest];
  return tokens;
}

/** What `do` sets. */
const DISCARDED = '_';

function syntaxError(path: string, line: number, error: unknown): WarehouseError {
  const said = error instanceof TagError ? error.message : reworded(error);
  const statement = /statement ([a-z]+)\.$/.exec(said)?.[1] ?? '';
  const next = error instanceof TagError ? error.next : (own(ELSEWHERE, statement) ?? 'Correct the tag.');
  return new WarehouseError({
    kind: 'usage',
    code: 'TEMPLATE_SYNTAX',
    message: said,
    place: { file: path, line },
    next,
    cause: error,
  });
}

/** What the parser says, in our words where it speaks of its own insides. */
function reworded(error: unknown): string {
  const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
  const unknown = /^Unknown statement type: (\w+)/.exec(said)?.[1];
  if (unknown !== undefined) {
    return /^(end\w+|else|elif)$/.test(unknown)
      ? `Here stands ${unknown}, and nothing is open that it could end.`
      : `A template has no statement ${unknown}.`;
  }
  if (error instanceof RangeError) return 'The expression is nested too deeply.';
  if (error instanceof TypeError) return 'The template ends before what was opened is closed.';
  return `The tag cannot be read: ${said.replace(/^Parser Error: /, '').replace(/\.? *[A-Za-z]+ !== [A-Za-z]+\.?$/, '')}.`;
}
