/** A token as the parser of @huggingface/jinja takes it. */
interface Token {
  readonly type: string;
  readonly value: string;
}

const OPENING = new Set(['OpenParen', 'OpenSquareBracket', 'OpenCurlyBracket']);
const CLOSING = new Set(['CloseParen', 'CloseSquareBracket', 'CloseCurlyBracket']);
/** What an operand of + or ~ ends at, beside brackets. */
const ENDS = new Set([
  'Comma',
  'Colon',
  'Equals',
  'ComparisonBinaryOperator',
  'OpenStatement',
  'CloseStatement',
  'OpenExpression',
  'CloseExpression',
]);
const WORDS = new Set(['and', 'or', 'not', 'if', 'else', 'elif', 'in', 'set', 'for', 'call', 'filter']);

/** A chain of operands that + , - and ~ join: where each begins, where the last ends, and what stands between them. */
interface Chain {
  starts: number[];
  operators: string[];
}

/**
 * Tokens with what `~` joins in parentheses wherever it stands beside + or -. In Jinja `~` binds closer than they do, and
 * the parser takes all three alike.
 */
export function bindConcatenation<Of extends Token>(
  tokens: readonly Of[],
  make: (type: 'OpenParen' | 'CloseParen') => Of,
): Of[] {
  const opens: number[] = [];
  const closes: number[] = [];
  const stack: Chain[] = [begin(0)];
  const end = (at: number) => {
    const { starts, operators } = stack.pop()!;
    if (new Set(operators.map((operator) => operator === '~')).size < 2) return;
    for (const [i, operator] of operators.entries()) {
      if (operator !== '~') continue;
      if (operators[i - 1] !== '~') opens.push(starts[i]);
      if (operators[i + 1] !== '~') closes.push(i + 1 < operators.length ? starts[i + 2] - 1 : at);
    }
  };
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'AdditiveBinaryOperator') {
      stack.at(-1)!.operators.push(token.value);
      stack.at(-1)!.starts.push(at + 1);
    } else if (OPENING.has(token.type)) {
      stack.push(begin(at + 1));
    } else if (CLOSING.has(token.type)) {
      end(at);
      if (stack.length === 0) stack.push(begin(at + 1));
    } else if (ENDS.has(token.type) || endsAtWord(tokens, at)) {
      end(at);
      stack.push(begin(at + 1));
    }
  }
  return tokens.flatMap((token, at) => [
    ...closes.filter((place) => place === at).map(() => make('CloseParen')),
    ...opens.filter((place) => place === at).map(() => make('OpenParen')),
    token,
  ]);
}

const begin = (at: number): Chain => ({ starts: [at], operators: [] });

/** Whether a word there parts operands: not as the name of a member or a test. */
function endsAtWord(tokens: readonly Token[], at: number): boolean {
  const { type, value } = tokens[at];
  const before = tokens[at - 1];
  return type === 'Identifier' && WORDS.has(value) && before?.type !== 'Dot' && before?.value !== 'is';
}
