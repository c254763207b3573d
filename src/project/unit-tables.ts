import { shortName } from './model-name.ts';
import type { Problem } from './problem.ts';
import type { Locate } from './project.ts';
import type { RenderedSql } from './sql-file.ts';
import type { Templates } from './template/render.ts';
import { isCall, type UnitTest, type WrittenUnitTest } from './unit-test.ts';
import { otherSql, rendering } from './written-sql.ts';

/** The model whose properties hold unit tests, and what tells what these mean. */
export interface UnitContext {
  /** `sdtm.ae` */
  readonly model: string;
  readonly written: RenderedSql;
  readonly templates: Templates;
  readonly locate: Locate;
}

/**
 * Unit tests whose inputs are tables by name: `ref('ae')` and `source('edc', 'ae')` mean the one that they mean in a template.
 * What is wrong with an input, or given twice, is told at its place.
 */
export function withTables(tests: readonly UnitTest[], { templates, locate }: UnitContext) {
  const problems: Problem[] = [];
  const unitTests = tests.map((test): UnitTest => {
    const seen = new Set<string>();
    const given = test.given.map((one) => {
      const path = [...one.path, 'input'];
      const { name, wrong } = tableNamed(one.input, templates);
      problems.push(...wrong.map((problem) => ({ ...problem, place: locate(path) })));
      if (seen.has(name)) problems.push(givenTwice(name, path, locate));
      seen.add(name);
      return { ...one, input: name };
    });
    return { ...test, given };
  });
  return { unitTests, problems };
}

/** Unit tests with the SELECT as their variables make it, where the model is a template. */
export function withSelects(tests: readonly UnitTest[], { written }: UnitContext) {
  const problems: Problem[] = [];
  const unitTests = tests.map((test): UnitTest => {
    if (Object.keys(test.vars).length === 0) return test;
    const { other: select, problems: wrong } = otherSql(written, { vars: test.vars });
    problems.push(...wrong.map((one) => ({ ...one, message: `Unit test ${test.name}: ${one.message}` })));
    return { ...test, ...(select && { select }) };
  });
  return { unitTests, problems };
}

function tableNamed(input: string, templates: Templates): { name: string; wrong: readonly Problem[] } {
  if (!isCall(input)) return { name: input, wrong: [] };
  const text = `{{ ${input}.schema }}.{{ ${input}.name }}`;
  const { rendered, problems } = rendering(() => templates.render({ path: '', text }));
  return { name: rendered?.sql ?? input, wrong: problems };
}

function givenTwice(name: string, path: readonly PropertyKey[], locate: Locate): Problem {
  const message = `unit_tests[${String(path[1])}].given[${String(path[3])}].input is given twice: ${name}.`;
  return {
    kind: 'usage',
    code: 'CONFIG_INVALID',
    message,
    place: locate(path),
    next: 'Put the rows of both into one.',
  };
}

/** dbt has the unit tests of many models in one file, each with its `model`: here it can only be the one of the file. */
export function otherModels(written: readonly WrittenUnitTest[], { model: own, locate }: UnitContext): Problem[] {
  return written.flatMap(({ model }, i) => {
    if (model === undefined || model === own || model === shortName(own)) return [];
    const path = ['unit_tests', i, 'model'];
    const message = `unit_tests[${i}].model is ${JSON.stringify(model)}, and these are the properties of ${own}.`;
    const next = 'Write the unit test into the properties of that model. Here model may be left out.';
    return [{ kind: 'usage', code: 'CONFIG_INVALID', message, place: locate(path), next }];
  });
}
