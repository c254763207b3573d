import { isMapping } from '../lib/mapping.ts';
import { readText } from './files.ts';
import { quote } from './issue.ts';
import { nearest } from './nearest.ts';
import { type Problem, problemOf } from './problem.ts';
import type { TestKind } from './project.ts';
import { type ParsedTemplate, parseTemplate, type TemplateText } from './template/parse.ts';
import { fromPlain, printed } from './template/print.ts';
import type { Templates } from './template/render.ts';
import { type Macro, parameterNames } from './template/syntax.ts';
import { COMMON_KEYS, KINDS } from './test-kinds.ts';
import { rendering } from './written-sql.ts';
import type { YamlFile } from './yaml-file.ts';

/** The folder of the study's own kinds of tests. */
const CUSTOM_TESTS = 'tests/generic';

/** A kind of test that the study wrote, with the names of its arguments, `model` first. */
interface CustomTest extends ParsedTemplate, TestKind {}

/** The kinds of tests of tests/generic/, by name. */
export interface CustomTests {
  readonly byName: ReadonlyMap<string, CustomTest>;
  readonly problems: readonly Problem[];
  readonly templates: Templates;
}

/** Whether a file of tests/ is a kind of test, or is placed as one. */
export const isCustomTest = (path: string) => path.startsWith(`${CUSTOM_TESTS}/`);

/**
 * Reads tests/generic/<name>.sql, each `{% test <name>(model, ...) %} SELECT ... {% endtest %}`.
 * @param files those of tests/
 */
export async function readCustomTests(
  root: string,
  files: readonly string[],
  templates: Templates,
): Promise<CustomTests> {
  const byName = new Map<string, CustomTest>();
  const problems: Problem[] = [];
  for (const path of files.filter(isCustomTest)) {
    const file = path.slice(CUSTOM_TESTS.length + 1);
    if (file.includes('/') || !file.endsWith('.sql')) {
      if (MISNAMED.test(file)) problems.push(misnamed(path));
      continue;
    }
    const text = await readText(root, path).catch(problemOf);
    const read = typeof text === 'string' ? customTest(file.slice(0, -'.sql'.length), { path, text }) : text;
    if ('code' in read) problems.push(read);
    else byName.set(read.name, read);
  }
  return { byName, problems, templates };
}

/** What stands in other folders of SQL; a README is nobody's business. */
const MISNAMED = /\.(sql|jinja2?|j2|ya?ml)$/i;

function misnamed(path: string): Problem {
  return {
    kind: 'usage',
    code: 'TEST_FILE',
    message: `A test of ${CUSTOM_TESTS}/ is a file <name>.sql, and this is none.`,
    place: { file: path },
    next: 'Rename it, or move it elsewhere. Labels and descriptions stand where the test is used, in the properties of models.',
  };
}

function customTest(name: string, file: TemplateText): CustomTest | Problem {
  const refused = (message: string): Problem => ({
    kind: 'usage',
    code: 'TEST_FILE',
    message,
    place: { file: file.path },
    next: `Write {% test ${name}(model, column_name) %} SELECT ... FROM {{ model }} WHERE ... {% endtest %}.`,
  });
  let statements: ParsedTemplate['statements'];
  try {
    statements = parseTemplate(file);
  } catch (error) {
    return problemOf(error);
  }
  const macros = statements.filter((statement): statement is Macro => statement.type === 'Macro');
  const macro = macros.find((one) => one.name.value === name);
  if (macro === undefined) return refused(`The file defines no test ${name}, as its name says.`);
  if (COMMON_KEYS.includes(name))
    return refused(`No test can be called ${name}: the key says something of every test.`);
  const parameters = parameterNames(macro.args);
  if (parameters[0] !== 'model') return refused(`The first argument of a test is the model.`);
  return { path: file.path, statements, name, parameters };
}

/**
 * Properties in which each use of the study's own kinds of tests is the `sql` that it stands for. The kinds that every study
 * has stay as they are; what is of no kind is a problem.
 */
export function expandTests(yaml: YamlFile, model: string, custom: CustomTests): YamlFile {
  const { value } = yaml;
  if (!isMapping(value)) return yaml;
  const problems: Problem[] = [];
  const expand = (tests: unknown, path: PropertyKey[], column?: string) => {
    if (!Array.isArray(tests)) return tests;
    return tests.map((test, index) => {
      const unknown = unknownKind(test, column === undefined ? 'dataset' : 'column', custom);
      if (unknown !== undefined) {
        problems.push({ ...unknown, place: yaml.locate([...path, index]) });
        return NO_TEST;
      }
      const use = useOf(test, custom);
      if (use === undefined) return test;
      const told = (message: string, next?: string) =>
        problems.push({ kind: 'usage', code: 'TEST_ARGUMENT', message, place: yaml.locate([...path, index]), next });
      return expanded({ ...use, model, column }, custom, told, problems);
    });
  };
  const columns = isMapping(value.columns)
    ? Object.entries(value.columns).map(([name, column]) => {
        if (!isMapping(column) || column.tests === undefined) return [name, column];
        return [name, { ...column, tests: expand(column.tests, ['columns', name, 'tests'], name) }];
      })
    : undefined;
  const merged = {
    ...value,
    ...(value.tests !== undefined && { tests: expand(value.tests, ['tests']) }),
    ...(columns && { columns: Object.fromEntries(columns) }),
  };
  return { ...yaml, value: merged, problems: [...yaml.problems, ...problems] };
}

/** What stands in the place of a test that is a problem already. */
const NO_TEST = { sql: 'SELECT 1' };

/** That a test is of no kind: neither of those that every study has nor of the study's own. */
function unknownKind(written: unknown, of: keyof typeof KINDS, { byName }: CustomTests): Problem | undefined {
  const keys = typeof written === 'string' ? [written] : isMapping(written) ? Object.keys(written) : [];
  const known = [...KINDS[of], ...byName.keys()];
  const [kind] = keys.filter((key) => !COMMON_KEYS.includes(key));
  if (kind === undefined || keys.some((key) => known.includes(key))) return undefined;
  const other = of === 'column' ? 'dataset' : 'column';
  const near = nearest(kind, known);
  return {
    kind: 'usage',
    code: 'CONFIG_UNKNOWN_KEY',
    message: `There is no test ${quote(kind)} of a ${of}.`,
    next: KINDS[other].includes(kind)
      ? `It is a test of a ${other}: write it under tests: ${other === 'dataset' ? 'of the model' : 'of the column'}.`
      : near === undefined
        ? `The tests of a ${of} are ${known.join(', ')}; others of your own stand in ${CUSTOM_TESTS}/.`
        : `Did you mean ${quote(near)}?`,
  };
}

interface Use {
  readonly test: CustomTest;
  /** `true` where it is given none. */
  readonly args: unknown;
  readonly common: Readonly<Record<string, unknown>>;
}

/** `positive`, `{positive: {...}}`, or the same with a severity beside it. */
function useOf(written: unknown, { byName }: CustomTests): Use | undefined {
  const entry = typeof written === 'string' ? { [written]: true } : written;
  if (!isMapping(entry)) return undefined;
  const name = Object.keys(entry).find((key) => byName.has(key));
  if (name === undefined) return undefined;
  const { [name]: args, ...common } = entry;
  return { test: byName.get(name)!, args, common };
}

function expanded(
  { test, args, common, model, column }: Use & { model: string; column: string | undefined },
  { templates }: CustomTests,
  told: (message: string, next?: string) => void,
  problems: Problem[],
): unknown {
  if (args !== true && !isMapping(args)) {
    told(`${test.name} takes its arguments by name.`, `Write - ${test.name}: {argument: value}.`);
    return NO_TEST;
  }
  const given = { ...(column !== undefined && { column_name: column }), ...(args === true ? {} : args) };
  const takes = test.parameters.slice(1);
  const unknown = Object.keys(given).find((name) => !takes.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, takes);
    const next = near === undefined ? `It takes ${takes.join(', ') || 'none'}.` : `Did you mean ${near}?`;
    told(`${test.name} has no argument ${unknown}.`, next);
    return NO_TEST;
  }
  const text = `{{ ${test.name}(${['model', ...Object.keys(given)].map((name) => `${name}=${name}`).join(', ')}) }}`;
  // As in dbt, what is tested are the rows of the model for which `where` is true.
  const { where, ...said } = common;
  if (where !== undefined && typeof where !== 'string') told('where must be text.', 'Write an SQL condition.');
  const { rendered, problems: wrong } = rendering(() =>
    templates.render(
      { path: test.path, text },
      { macros: [test], tested: { name: model, where: where === undefined ? where : String(where) }, given },
    ),
  );
  problems.push(...wrong);
  const words = Object.entries(given).map(([name, value]) => `${name} ${printed(fromPlain(value))}`);
  return {
    name: [test.name, column].filter(Boolean).join('_'),
    description: [test.name, ...words].join(', '),
    ...said,
    sql: rendered?.sql.trim() ?? NO_TEST.sql,
  };
}
