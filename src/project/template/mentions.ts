import type { Statement } from './syntax.ts';

const known = new WeakMap<readonly Statement[], ReadonlySet<string>>();

/** Whether a name is used in statements, also within macros that they define. */
export function mentions(statements: readonly Statement[], name: string): boolean {
  const names = known.get(statements) ?? new Set(namesIn(statements));
  known.set(statements, names);
  return names.has(name);
}

/** All that stands in them as a name of its own: no `x` of `y.x`, and none of `f(x=1)`. */
function* namesIn(node: unknown): Generator<string> {
  if (Array.isArray(node) || node instanceof Map) {
    for (const item of node) yield* namesIn(item);
  } else if (typeof node === 'object' && node !== null) {
    const { type, value, computed } = node as { type?: string; value?: unknown; computed?: boolean };
    if (type === 'Identifier') yield String(value);
    for (const [key, below] of Object.entries(node)) {
      const isName = (type === 'MemberExpression' && key === 'property' && !computed) || key === 'key';
      if (!isName) yield* namesIn(below);
    }
  }
}
