import { isMapping } from '../lib/mapping.ts';
import { readText } from './files.ts';
import type { Problem } from './problem.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

const PROPERTIES =
  'Write models/<schema>/<name>.yml for each model, beside its SQL, with label or comment for description, tests for data_tests, and columns as a mapping: columns: {id: {tests: [not_null]}}.';

/** The lists of a properties file of dbt, with what takes their place here. */
const LISTS: Readonly<Record<string, string>> = {
  models: PROPERTIES,
  snapshots: PROPERTIES.replace('model,', 'snapshot,'),
  seeds: PROPERTIES.replace('models/', 'seeds/').replace('model,', 'seed,').replace('SQL', 'CSV'),
  sources: 'Declare sources in warehouse.yml.',
  macros: 'Describe macros in comments of their files.',
  exposures:
    'Exposures are not kept: what leaves the warehouse stands under exports and publications in warehouse.yml.',
};

/** What is said of a properties file of dbt, which holds lists of models, sources and the like; undefined of any other. */
export function dbtProblem({ value, locateKey }: YamlFile): Problem | undefined {
  if (!isMapping(value)) return undefined;
  const lists = Object.keys(LISTS).filter((key) => Array.isArray(value[key]));
  if (lists.length === 0 && value.version !== 2) return undefined;
  const instead = [...new Set(lists.map((key) => LISTS[key]))];
  return {
    kind: 'usage',
    code: 'MODEL_PROPERTIES_OF_DBT',
    message:
      'This is a properties file of dbt. Here each model has its properties in a file of its own, in another form.',
    place: locateKey([lists[0] ?? 'version']),
    next: [...(instead.length > 0 ? instead : [PROPERTIES]), 'See docs/coming-from.md.'].join(' '),
  };
}

/** The problem of a file, or in its place that the file is one of dbt: that says more than where it stands. */
export async function orOfDbt(root: string, problem: Problem): Promise<Problem> {
  const file = problem.place?.file;
  if (file === undefined || !/\.ya?ml$/i.test(file)) return problem;
  const text = await readText(root, file).catch(() => undefined);
  return (text === undefined ? undefined : dbtProblem(readYaml(file, text))) ?? problem;
}
