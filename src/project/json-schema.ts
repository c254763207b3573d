import { z } from 'zod';
import { configurationSchema } from './configuration.ts';
import { KEY_TABLES, keyRows, sectionOf } from './key-tables.ts';
import { propertiesSchema } from './properties.ts';
import { ruleSchema } from './rules.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * JSON Schemas (draft 7, which editors know) of the files that a person writes, by the name of their own file. They
 * refuse nothing that the program takes; what it refuses because of another key or file, they let pass.
 *
 * @param page docs/configuration.md, whose rows describe the keys.
 */
export function jsonSchemas(page: string): Readonly<Record<string, JsonSchema>> {
  return {
    'warehouse.json': described(toJsonSchema('warehouse.yml', configurationSchema), page, 'configuration'),
    'model.json': described(toJsonSchema('models/<schema>/<name>.yml', propertiesSchema), page, 'properties'),
    'rule.json': toJsonSchema('rules/<name>.yml', ruleSchema),
  };
}

function toJsonSchema(title: string, schema: z.ZodType): JsonSchema {
  const written = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      if (def.type === 'bigint') jsonSchema.type = 'integer';
      // A key without a function yet: whatever it says is refused.
      if (def.type === 'unknown') jsonSchema.not = {};
      if (isPreprocessed(def)) allowShort(jsonSchema);
    },
  });
  return { title, ...written };
}

function isPreprocessed(def: z.core.$ZodTypeDef): boolean {
  return def.type === 'pipe' && (def as z.core.$ZodPipeDef).in._zod.def.type === 'transform';
}

/**
 * What may be written instead of the whole: what the schema's metadata say as `short`, else of a list its one item, and of a
 * mapping the key of a single `true`: `files: a.csv`, `not_null`.
 */
function allowShort(schema: JsonSchema): void {
  if (schema.anyOf !== undefined) return;
  const { default: _default, short: said, ...whole } = schema;
  const short = (said ?? (schema.type === 'array' ? schema.items : { enum: keysOfTrue(schema) })) as JsonSchema;
  if (short.enum?.length === 0) return;
  for (const key of Object.keys(schema)) if (key !== 'default') delete schema[key];
  schema.anyOf = [short, whole];
}

function keysOfTrue({ properties = {} }: JsonSchema): string[] {
  return Object.keys(properties).filter((key) => isTrue(properties[key] as JsonSchema));
}

const isTrue = (schema: JsonSchema): boolean =>
  schema.const === true ||
  schema.enum?.includes(true) === true ||
  (schema.anyOf ?? []).some((one) => isTrue(one as JsonSchema));

/** The same with what the page says of each key that has a row. */
function described(schema: JsonSchema, page: string, of: 'configuration' | 'properties'): JsonSchema {
  for (const { heading, path } of KEY_TABLES.filter((table) => table.of === of)) {
    const properties = mappingAt(schema, path).properties ?? {};
    for (const [key, row] of keyRows(sectionOf(page, heading))) {
      if (Object.hasOwn(properties, key)) (properties[key] as JsonSchema).description = meaningOf(row);
    }
  }
  return schema;
}

/** The last cell of a row, as plain text. */
function meaningOf(row: string): string {
  const cell = row.split('|').at(-2)!.trim();
  return cell
    .replaceAll('`', '')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/, below$/, '');
}

function mappingAt(schema: JsonSchema, path: readonly string[]): JsonSchema {
  return path.reduce<JsonSchema>(
    (here, key) => (key === '*' ? here.additionalProperties : here.properties?.[key]) as JsonSchema,
    schema,
  );
}
