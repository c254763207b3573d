import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import { configurationSchema } from '../../src/project/configuration.ts';
import { jsonSchemas } from '../../src/project/json-schema.ts';
import { propertiesSchema } from '../../src/project/properties.ts';
import { qcSchema } from '../../src/project/qc.ts';
import { ruleSchema } from '../../src/project/rules.ts';

const PAGE = readFileSync('docs/configuration.md', 'utf8');
const SCHEMAS = jsonSchemas(PAGE);

/** A file of a kind, held against the JSON Schema by Ajv, and against what the program reads it by. */
const KINDS = {
  'warehouse.json': configurationSchema,
  'model.json': propertiesSchema,
  'rule.json': ruleSchema,
  'qc.json': qcSchema,
} as const satisfies Record<string, z.ZodType>;
type Kind = keyof typeof KINDS;

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const accepts = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, ajv.compile(SCHEMAS[kind])])) as Record<
  Kind,
  ReturnType<Ajv['compile']>
>;

function kindOf(path: string): Kind {
  if (path.endsWith('warehouse.yml')) return 'warehouse.json';
  return /(^|\/)rules\//.test(path) ? 'rule.json' : 'model.json';
}

/** The YAML files of the demonstration study and of the small projects of test/golden. */
const projects = ['.', 'corrections', 'laboratory', 'types-and-decodes'].map((name) =>
  name === '.' ? name : join('test/golden', name, 'project'),
);
const files = projects.flatMap((root) => [
  join(root, 'warehouse.yml'),
  ...below(root, 'models'),
  ...below(root, 'rules'),
]);

function below(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true }).map(String);
  return names.filter((name) => name.endsWith('.yml')).map((name) => join(root, folder, name));
}

const examples = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]): [Kind, object] => {
  const value = parse(yaml) as Record<string, unknown>;
  const keys = Object.keys(configurationSchema.shape);
  if (!Object.keys(value).every((key) => keys.includes(key))) return ['model.json', value];
  return ['warehouse.json', { name: 'a', study: { id: 'A' }, ...value }];
});

describe('the JSON Schemas of what a person writes', () => {
  it.each(files)('take %s, as the program does [PROJECT-100]', (path) => {
    const value = parse(readFileSync(path, 'utf8')) ?? {};
    const kind = kindOf(path);
    expect(KINDS[kind].safeParse(value).error).toBeUndefined();
    expect(accepts[kind](value), JSON.stringify(accepts[kind].errors)).toBe(true);
  });

  it.each(examples)('take each example of docs/configuration.md: %s %j [PROJECT-100]', (kind, value) => {
    expect(accepts[kind](value), JSON.stringify(accepts[kind].errors)).toBe(true);
  });

  it.each(['not_null', 'iso8601', 'codelist', '{iso8601: duration}', '{iso8601: [duration, interval]}'])(
    'take a test written as %s, as the program does [PROJECT-100]',
    (test) => {
      const value = parse(`columns: {A: {codelist: SEX, tests: [${test}]}}`);
      expect(propertiesSchema.safeParse(value).error).toBeUndefined();
      expect(accepts['model.json'](value), JSON.stringify(accepts['model.json'].errors)).toBe(true);
    },
  );

  it.each<[Kind, string]>([
    ['warehouse.json', '{}'],
    ['warehouse.json', 'name: A\nstudy: {id: A}'],
    ['warehouse.json', 'name: a\nstudy: {}'],
    ['warehouse.json', 'name: a\nstudy: {id: A}\nextends: b'],
    ['warehouse.json', 'name: a\nstudy: {id: A}\nsources: {edc: {files: []}}'],
    ['warehouse.json', 'name: a\nstudy: {id: A}\nsources: {edc: {files: a.xml, covers: all}}'],
    ['warehouse.json', 'name: a\nstudy: {id: A}\nsources: {EDC: {files: a.xml}}'],
    ['warehouse.json', 'name: a\nstudy: {id: A}\nvars: {a: [1]}'],
    ['warehouse.json', 'name: a\nstudy: {id: A}\nremoval_threshold: 2'],
    ['warehouse.json', 'name: a\nstudy: {id: A}\nchecks: {type: {stop: 5 of 100}}'],
    ['model.json', 'class: EVENT'],
    ['model.json', 'keys: USUBJID'],
    ['model.json', 'columns: {A: {length: 0}}'],
    ['model.json', 'columns: {A: {tests: [accepted_values]}}'],
    ['model.json', 'columns: {A: {tests: [{not_null: false}]}}'],
    ['model.json', 'columns: {A: {value_level: [{label: a}]}}'],
    ['rule.json', 'severity: high'],
    ['qc.json', 'model: AE'],
    ['qc.json', 'keys: [USUBJID]'],
  ])('refuse, as the program does, in %s: %j [PROJECT-100]', (kind, yaml) => {
    const value = parse(yaml);
    expect(KINDS[kind].safeParse(value).success).toBe(false);
    expect(accepts[kind](value)).toBe(false);
  });

  it('refuse a key wherever the program knows none of that name [PROJECT-100]', () => {
    const mappings = examples.flatMap(([kind, value]) => mappingsIn(value).map((path) => ({ kind, value, path })));
    const anywhere = fc.constantFrom(...mappings);
    const key = fc.stringMatching(/^[a-z][a-z_]{2,11}$/);
    fc.assert(
      fc.property(anywhere, key, ({ kind, value, path }, name) => {
        const changed = structuredClone(value);
        const mapping = path.reduce<Record<PropertyKey, unknown>>(
          (here, step) => here[step] as typeof here,
          changed as never,
        );
        fc.pre(!Object.hasOwn(mapping, name));
        mapping[name] = {};
        const issues = KINDS[kind].safeParse(changed).error?.issues ?? [];
        fc.pre(issues.some(({ code }) => code === 'unrecognized_keys'));
        expect(accepts[kind](changed)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('describe a key in the words of docs/configuration.md [PROJECT-101]', () => {
    const { properties } = SCHEMAS['warehouse.json'] as { properties: Record<string, { description: string }> };
    expect(properties.study.description).toBe('the one study of the project');
    expect(properties.vars.description).toBe('what getvariable() gives in models and tests');
    const model = SCHEMAS['model.json'] as unknown as Record<'properties', Record<string, Record<string, never>>>;
    expect(model.properties.structure).toMatchObject({ description: 'what one record is' });
    expect(model.properties.columns).toMatchObject({
      additionalProperties: {
        properties: { core: { description: 'whether the standard requires, expects or permits it' } },
      },
    });
    expect(SCHEMAS['qc.json']).toMatchObject({
      properties: { severity: { description: 'whether differences keep the model from its place' } },
    });
  });

  it.each(Object.keys(KINDS))('describe every key of %s [PROJECT-101]', (kind) => {
    expect(undescribed(SCHEMAS[kind] as Schema)).toEqual([]);
  });
});

/** The keys of a schema that have no description, by their way. */
function undescribed(schema: Schema, path: readonly string[] = []): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, below]) => {
    const way = [...path, key];
    return [...(below.description === undefined ? [way.join('.')] : []), ...undescribed(below, way)];
  });
  const others = [...(schema.anyOf ?? []), schema.items, schema.additionalProperties];
  return [...own, ...others.flatMap((one) => (typeof one === 'object' ? undescribed(one, path) : []))];
}

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** The ways to all mappings in a value. */
function mappingsIn(value: unknown, path: readonly PropertyKey[] = []): PropertyKey[][] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([key, inner]) => mappingsIn(inner, [...path, key]));
  return Array.isArray(value) ? below : [[...path], ...below];
}
