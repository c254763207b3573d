import type { z } from 'zod';
import { deepFreeze } from './freeze.ts';
import { problemsOf } from './issue.ts';
import { byPlace } from './problem.ts';
import { partAt } from './schema-walk.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

export interface Validated<Value> extends YamlFile {
  /** Absent where there are problems. */
  readonly valid?: Value;
}

/** Reads a YAML file strictly by a schema: every problem of it, or its value with defaults filled in, frozen. */
export function validateYaml<Schema extends z.ZodType>(
  file: string,
  source: string,
  schema: Schema,
): Validated<z.output<Schema>> {
  return validateRead(readYaml(file, source), schema);
}

/** The same of a file that has been read. */
export function validateRead<Schema extends z.ZodType>(yaml: YamlFile, schema: Schema): Validated<z.output<Schema>> {
  if (yaml.value === undefined && yaml.problems.length > 0) return yaml;
  const result = schema.safeParse(yaml.value);
  const issues = [...(result.error?.issues ?? []), ...oddNumberIssues(yaml, schema)];
  if (result.success && issues.length === 0) {
    return yaml.problems.length > 0 ? yaml : { ...yaml, valid: deepFreeze(result.data) };
  }
  const found = causes(issues).flatMap((issue) => problemsOf(issue, yaml, schema));
  // What is wrong as YAML is rarely right as a value.
  const further = found.filter((one) => yaml.problems.every((other) => byPlace(one, other) !== 0));
  return { ...yaml, problems: [...yaml.problems, ...further].sort(byPlace) };
}

/** Where text may stand too, a number is what it says or it is in quotes: 0012 is no 12. */
function oddNumberIssues({ oddNumbers }: YamlFile, schema: z.ZodType): z.core.$ZodIssue[] {
  return oddNumbers
    .filter(({ path }) => partAt(schema, path)?.type === 'union')
    .map(({ path, text, value }) => ({
      code: 'custom',
      path: [...path],
      message: `is ${text}, which YAML reads as the number ${value}`,
      params: { next: `Put it in quotes if it is text, or write ${value}.` },
      input: value,
    }));
}

/** Leaves out what a check says of a mapping that has an unknown key: mostly it follows from it. */
function causes(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const unknown = new Set(issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join('.')));
  return issues.filter(({ code, path }) => code !== 'custom' || !unknown.has(path.join('.')));
}
