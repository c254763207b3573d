import type { z } from 'zod';

/** The parts of zod's definitions that are walked, whatever the kind. */
interface Definition {
  type: string;
  shape?: Record<string, z.core.$ZodType>;
  innerType?: z.core.$ZodType;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  out?: z.core.$ZodType;
}

const definitionOf = (schema: z.core.$ZodType) => schema._zod.def as unknown as Definition;

/** The schema below defaults, transformations and the like: an object, a record, an array or a leaf. */
function bare(schema: z.core.$ZodType): Definition {
  const definition = definitionOf(schema);
  if (definition.innerType) return bare(definition.innerType);
  if (definition.type !== 'pipe') return definition;
  const input = definition.in!;
  return bare(definitionOf(input).type === 'transform' ? definition.out! : input);
}

/** The keys that a mapping at `path` may have; none where it may have any, or is no mapping. */
export function validKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let definition = bare(schema);
  for (const key of path) {
    const below = definition.shape?.[String(key)] ?? definition.valueType ?? definition.element;
    if (below === undefined) return [];
    definition = bare(below);
  }
  return Object.keys(definition.shape ?? {});
}
