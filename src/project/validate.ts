import type { z } from 'zod';
import { deepFreeze } from './freeze.ts';
import { problemsOf } from './issue.ts';
import type { Problem } from './problem.ts';
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
  const yaml = readYaml(file, source);
  if (yaml.problems.length > 0) return yaml;
  const result = schema.safeParse(yaml.value);
  if (result.success) return { ...yaml, valid: deepFreeze(result.data) };
  const problems = causes(result.error.issues).flatMap((issue) => problemsOf(issue, yaml, schema));
  return { ...yaml, problems: problems.sort(byPlace) };
}

/** Leaves out what a check says of a mapping that has an unknown key: mostly it follows from it. */
function causes(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const unknown = new Set(issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join('.')));
  return issues.filter(({ code, path }) => code !== 'custom' || !unknown.has(path.join('.')));
}

function byPlace(a: Problem, b: Problem): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
}
