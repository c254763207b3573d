import { TagError } from './tags.ts';

/** A token as the parser of @huggingface/jinja takes it. */
interface Token {
  readonly type: string;
  readonly value: string;
}

const OPERATORS = new Set(['and', 'or', 'not', 'if', 'else', 'in', 'is']);
const ENDS = new Set(['NumericLiteral', 'StringLiteral', 'CloseParen', 'CloseSquareBracket', 'CloseCurlyBracket']);
const BEGINS = new Set(['NumericLiteral', 'StringLiteral', 'OpenCurlyBracket', 'UnaryOperator']);

/**
 * Refuses, in the tokens of one tag, what the parser takes and Jinja does not: items without a comma between them, a comma
 * behind the last parameter, and numbers that are not digits and a point alone, which it reads as two items.
 * @throws TagError
 */
export function checkSeparators(tokens: readonly Token[], line: number): void {
  const refuse = (message: string, next: string) => {
    throw new TagError(line, message, next);
  };
  const open: number[] = [];
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    if (before?.type === 'NumericLiteral' && isName(tokens, at)) {
      const next =
        'Write a number with digits and a point: 1000, not 1e3, 1_000 or 0x3E8. Between items stands a comma.';
      refuse(`The number ${before.value} is followed by ${token.value}.`, next);
    }
    if (token.type === 'NumericLiteral' && /^[-+]?0+[1-9]\d*$/.test(token.value)) {
      refuse(`The number ${token.value} begins with 0.`, `Leave the 0 out, or write a text: '${token.value}'.`);
    }
    if (open.length > 0 && endsItem(tokens, at - 1) && beginsItem(tokens, at) && !areTexts(before, token)) {
      refuse(`A comma is missing before ${shown(token)}.`, 'Put a comma between the two.');
    }
    if (/^Open(Paren|\w+Bracket)$/.test(token.type)) open.push(at);
    if (
      /^Close(Paren|\w+Bracket)$/.test(token.type) &&
      open.pop() === parametersAt(tokens) &&
      before.type === 'Comma'
    ) {
      refuse('Behind the last parameter stands a comma.', 'Remove it.');
    }
  }
}

/** Whether a word is there that is no operator: a member or a test may have the name of one. */
function isName(tokens: readonly Token[], at: number): boolean {
  const { type, value } = tokens[at];
  if (type !== 'Identifier') return false;
  const before = tokens[at - 1];
  return !OPERATORS.has(value) || before?.type === 'Dot' || (before?.value === 'is' && value !== 'not');
}

const endsItem = (tokens: readonly Token[], at: number) => ENDS.has(tokens[at]?.type) || isName(tokens, at);

function beginsItem(tokens: readonly Token[], at: number): boolean {
  const { type, value } = tokens[at];
  if (BEGINS.has(type)) return true;
  return value === 'not' ? tokens[at + 1]?.value !== 'in' : isName(tokens, at);
}

/** Two texts in a row are one, in Jinja too. */
const areTexts = (a: Token, b: Token) => a.type === 'StringLiteral' && b.type === 'StringLiteral';

const shown = ({ type, value }: Token) => (type === 'StringLiteral' ? `'${value}'` : value);

/** Where the brackets open that hold the parameters of a macro, or of what a call block hands to one. */
function parametersAt([opening, { value: name }]: readonly Token[]): number {
  if (opening.type !== 'OpenStatement') return NOWHERE;
  return name === 'macro' ? 3 : name === 'call' ? 2 : NOWHERE;
}

const NOWHERE = -1;
