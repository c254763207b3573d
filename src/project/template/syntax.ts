/** The syntax tree of a template, as the parser of @huggingface/jinja gives it. */
export type Statement =
  | { type: 'Comment'; value: string }
  | { type: 'If'; test: Expression; body: Statement[]; alternate: Statement[] }
  | {
      type: 'For';
      loopvar: Target;
      iterable: Expression;
      body: Statement[];
      defaultBlock: Statement[];
    }
  | { type: 'Break' }
  | { type: 'Continue' }
  | { type: 'Set'; assignee: Expression; value: Expression | null; body: Statement[] }
  | Macro
  | { type: 'CallStatement'; call: CallExpression; callerArgs: Parameter[] | null; body: Statement[] }
  | { type: 'FilterStatement'; filter: Identifier | CallExpression; body: Statement[] }
  | Expression;

export type Expression =
  | Identifier
  | CallExpression
  | KeywordArgument
  | { type: 'IntegerLiteral' | 'FloatLiteral'; value: number }
  | { type: 'StringLiteral'; value: string }
  | { type: 'ArrayLiteral'; value: Expression[] }
  | { type: 'TupleLiteral'; value: Expression[] }
  | { type: 'ObjectLiteral'; value: Map<Expression, Expression> }
  | { type: 'MemberExpression'; object: Expression; property: Expression; computed: boolean }
  | { type: 'SliceExpression'; start?: Expression; stop?: Expression; step?: Expression }
  | { type: 'BinaryExpression'; operator: { value: string }; left: Expression; right: Expression }
  | { type: 'UnaryExpression'; operator: { value: string }; argument: Expression }
  | { type: 'FilterExpression'; operand: Expression; filter: Identifier | CallExpression }
  | { type: 'TestExpression'; operand: Expression; negate: boolean; test: Identifier }
  | { type: 'SelectExpression'; lhs: Expression; test: Expression }
  | { type: 'Ternary'; condition: Expression; trueExpr: Expression; falseExpr: Expression }
  | { type: 'SpreadExpression' | 'KeywordSpreadExpression'; argument: Expression };

export interface Macro {
  type: 'Macro';
  name: Identifier;
  args: Parameter[];
  body: Statement[];
}

export interface Identifier {
  type: 'Identifier';
  value: string;
}

export interface CallExpression {
  type: 'CallExpression';
  callee: Expression;
  args: Expression[];
}

export interface KeywordArgument {
  type: 'KeywordArgumentExpression';
  key: Identifier;
  value: Expression;
}

/** `x`, or `x=1`. */
export type Parameter = Identifier | KeywordArgument;

export const parameterNames = (parameters: readonly Parameter[]): string[] =>
  parameters.map((parameter) => (parameter.type === 'Identifier' ? parameter : parameter.key).value);

/** What a loop names: `x`, or `x, y`. */
export type Target = Identifier | { type: 'TupleLiteral'; value: Expression[] };

export type Of<Type extends (Statement | Expression)['type']> = Extract<Statement | Expression, { type: Type }>;
