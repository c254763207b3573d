import { z } from 'zod';
import { configurationSchema } from './configuration.ts';
import { KEY_TABLES, type KeyTable, keyRows, kindRows, MORE_TABLES, sectionOf } from './key-tables.ts';
import { propertiesSchema } from './properties.ts';
import { qcSchema } from './qc.ts';
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
    'rule.json': described(toJsonSchema('rules/<name>.yml', ruleSchema), page, 'rule'),
    'qc.json': described(toJsonSchema('qc/<name>.yml', qcSchema), page, 'qc'),
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

/** The same with what the page says of each key: its row, or that of the key above it, which explains both. */
function described(schema: JsonSchema, page: string, of: KeyTable['of']): JsonSchema {
  for (const { heading, path } of [...KEY_TABLES, ...MORE_TABLES].filter((table) => table.of === of)) {
    const section = sectionOf(page, heading);
    const kinds = path.includes('tests') ? kindRows(section, path.includes('columns') ? 'column' : 'dataset') : [];
    const properties = mappingAt(schema, path).properties ?? {};
    for (const [key, row] of [...kinds, ...keyRows(section)]) {
      if (Object.hasOwn(properties, key)) (properties[key] as JsonSchema).description = meaningOf(row);
    }
  }
  describeBelow(schema);
  return schema;
}

function describeBelow(schema: JsonSchema, above?: string): void {
  const said = schema.description ?? above;
  for (const below of Object.values(schema.properties ?? {}) as JsonSchema[]) {
    if (said !== undefined) below.description ??= said;
    describeBelow(below, said);
  }
  const others = [...(schema.anyOf ?? []), schema.items, schema.additionalProperties];
  for (const other of others) if (typeof other === 'object') describeBelow(other as JsonSchema, said);
}

/** The last cell of a row, as plain text. */
function meaningOf(row: string): string {
  const cell = row.split('|').at(-2)!.trim();
  return cell
    .replaceAll('`', '')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/, below$/, '');
}

/** The mapping at a path, in which `*` is any name or any place; where it may be written shorter too, the whole of it. */
function mappingAt(schema: JsonSchema, path: readonly string[]): JsonSchema {
  return path.reduce<JsonSchema>(
    (here, key) =>
      wholeOf((key === '*' ? (here.items ?? here.additionalProperties) : here.properties?.[key]) as JsonSchema),
    schema,
  );
}

const wholeOf = (schema: JsonSchema): JsonSchema =>
  (schema.anyOf?.find((one) => (one as JsonSchema).properties !== undefined) as JsonSchema | undefined) ?? schema;
