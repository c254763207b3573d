import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import { configurationSchema } from '../../src/project/configuration.ts';
import { KEY_TABLES, keyRows, sectionOf } from '../../src/project/key-tables.ts';
import { propertiesSchema } from '../../src/project/properties.ts';
import { qcSchema } from '../../src/project/qc.ts';
import { ruleSchema } from '../../src/project/rules.ts';
import { partAt, validKeys } from '../../src/project/schema-walk.ts';
import { validateYaml } from '../../src/project/validate.ts';

const PAGE = readFileSync('docs/configuration.md', 'utf8');

type Path = readonly string[];

const SCHEMAS = { configuration: configurationSchema, properties: propertiesSchema, rule: ruleSchema, qc: qcSchema };

/** Where the page has a table of the keys at a path of a schema. */
const TABLES = KEY_TABLES.map(({ heading, of, path }): [heading: string, schema: z.ZodType, path: Path] => {
  return [heading, SCHEMAS[of], path];
});

/** Keys that a section explains beside their row. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  tests: '### Tests',
  unit_tests: '### Unit tests',
  class: '### Dataset',
};

/** A section of the page, which must be there. */
function section(heading: string): string {
  const text = sectionOf(PAGE, heading);
  expect(text, heading).not.toBe('');
  return text;
}

const rowsOf = (heading: string) => keyRows(section(heading));

/** Every key of a schema, `*` for a name of one's own or a place in a list. */
function keysOf(schema: z.ZodType, path: Path = []): Path[] {
  const part = partAt(schema, path);
  if (part?.shape === undefined) return part?.valueType || part?.element ? keysOf(schema, [...path, '*']) : [];
  return validKeys(schema, path).flatMap((key) => [[...path, key], ...keysOf(schema, [...path, key])]);
}

/** Whether a table of its own has the key. */
function hasTable(schema: z.ZodType, path: Path): boolean {
  return TABLES.some(
    ([, of, above]) => of === schema && above.length > 0 && path.join('.').startsWith(above.join('.')),
  );
}

/** The values of an enumeration, or of a list of them. */
function allowedAt(schema: z.ZodType, path: Path): string[] {
  const entries = partAt(schema, path)?.entries ?? partAt(schema, [...path, '*'])?.entries ?? {};
  return Object.values(entries);
}

/** Every key that a value uses, in the same words. */
function keysUsed(schema: z.ZodType, value: unknown, path: Path = []): string[] {
  if (typeof value === 'string' && path.at(-2) === 'tests') return [[...path, value].join('.')];
  if (typeof value !== 'object' || value === null) return [];
  const isOwn = partAt(schema, path)?.shape === undefined;
  return Object.entries(value).flatMap(([key, below]) => {
    const here = [...path, isOwn ? '*' : key];
    return [here.join('.'), ...keysUsed(schema, below, here)];
  });
}

describe('docs/configuration.md', () => {
  it.each(TABLES)('has in the table of %s exactly the keys that there are [PROJECT-018]', (heading, schema, path) => {
    expect([...rowsOf(heading).keys()].sort()).toEqual([...validKeys(schema, path)].sort());
  });

  it.each(TABLES)(
    'says in a row of %s what stands below, and what is allowed [PROJECT-018]',
    (heading, schema, path) => {
      for (const [key, row] of rowsOf(heading)) {
        const text = row + (key in ELSEWHERE ? section(ELSEWHERE[key]) : '');
        const own = [...path, key];
        const below = keysOf(schema, own).filter((inner) => !hasTable(schema, inner));
        for (const inner of below) expect(text, inner.join('.')).toMatch(new RegExp(`\\b${inner.at(-1)}\\b`));
        const values = [own, ...below].flatMap((inner) => allowedAt(schema, inner));
        for (const value of values) expect(text, key).toContain(`\`${value}\``);
      }
    },
  );

  const examples = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml);
  const isConfiguration = (yaml: string) =>
    Object.keys(parse(yaml)).every((key) => validKeys(configurationSchema, []).includes(key));
  const whole = (yaml: string) => {
    const name = /^name:/m.test(yaml) ? '' : 'name: a\n';
    const study = /^study:/m.test(yaml) ? '' : 'study: {id: A}\n';
    return name + study + yaml;
  };

  it.each(examples.map((yaml, i) => [i + 1, yaml] as const))('has a valid example %i [PROJECT-018]', (_, yaml) => {
    const read = isConfiguration(yaml)
      ? validateYaml('warehouse.yml', whole(yaml), configurationSchema)
      : validateYaml('models/sdtm/ae.yml', yaml, propertiesSchema);
    expect(read.problems).toEqual([]);
  });

  it.each([
    ['warehouse.yml', configurationSchema, true],
    ['properties', propertiesSchema, false],
  ] as const)('uses every key of %s in an example [PROJECT-018]', (_, schema, ofConfiguration) => {
    const used = new Set(
      examples
        .filter((yaml) => isConfiguration(yaml) === ofConfiguration)
        .flatMap((yaml) => keysUsed(schema, parse(yaml))),
    );
    const unused = keysOf(schema)
      .map((path) => path.join('.').replace('.value_level.*.origin.', '.origin.'))
      .filter((path) => !used.has(path) && path !== 'extends');
    expect(unused).toEqual([]);
  });
});
