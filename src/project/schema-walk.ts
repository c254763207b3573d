import type { z } from 'zod';

/** The parts of zod's definitions that are walked, whatever the kind. */
export interface Part {
  type: string;
  shape?: Record<string, z.core.$ZodType>;
  innerType?: z.core.$ZodType;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  /** What an enumeration allows. */
  entries?: Record<string, string>;
  in?: z.core.$ZodType;
  out?: z.core.$ZodType;
}

const partOf = (schema: z.core.$ZodType) => schema._zod.def as unknown as Part;

/** The schema below defaults, transformations and the like: an object, a record, an array or a leaf. */
function bare(schema: z.core.$ZodType): Part {
  const part = partOf(schema);
  if (part.innerType) return bare(part.innerType);
  if (part.type !== 'pipe') return part;
  const input = part.in!;
  return bare(partOf(input).type === 'transform' ? part.out! : input);
}

/** What may stand at `path`; any key leads into a record, any number into a list. */
export function partAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): Part | undefined {
  let part = bare(schema);
  for (const key of path) {
    const below = part.shape?.[String(key)] ?? part.valueType ?? part.element;
    if (below === undefined) return undefined;
    part = bare(below);
  }
  return part;
}

/** The keys that a mapping at `path` may have; none where it may have any, or is no mapping. */
export function validKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  return Object.keys(partAt(schema, path)?.shape ?? {});
}
