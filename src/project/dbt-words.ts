import { isMapping } from '../lib/mapping.ts';

interface Meaning {
  /** Keys of which one is valid where the word is one of dbt for something else. */
  readonly beside: readonly string[];
  readonly next: string;
}

const HOOKS = 'There are no hooks: what a model is made of stands in its SELECT.';

/** Keys that dbt knows and properties do not, with what to write. */
const WORDS: Readonly<Record<string, Meaning>> = {
  data_tests: { beside: ['tests'], next: 'Write "tests": it means what data_tests means in dbt.' },
  description: {
    beside: ['comment'],
    next: 'Write "label" for a short name, "comment" for what a reader should know.',
  },
  config: { beside: ['tests', 'error_if'], next: 'Write its keys here, without config.' },
  meta: { beside: ['comment'], next: 'Nothing reads meta: write "comment", or a comment of YAML behind #.' },
  constraints: { beside: ['mandatory'], next: 'Write "mandatory: true" for not_null; "keys" of the model for others.' },
  overrides: { beside: ['given'], next: 'Write "vars" beside given; macros are run as they are.' },
  field: { beside: ['to'], next: 'Write "column".' },
  schema: { beside: ['materialized'], next: 'The folder says it: models/<schema>/<name>.sql.' },
  alias: { beside: ['materialized'], next: 'The name of the file is the name of the model: rename the file.' },
  enabled: { beside: ['materialized'], next: 'Take the file of a model that is not to be built out of models/.' },
  pre_hook: { beside: ['materialized'], next: HOOKS },
  post_hook: { beside: ['materialized'], next: HOOKS },
  version: { beside: ['study'], next: 'Leave it out: the study and the version of warehouse are recorded by a build.' },
  profile: { beside: ['study'], next: 'Leave it out: the working file is .warehouse/<target>.duckdb.' },
  models: {
    beside: ['study'],
    next: 'Say materialized and tags with each model, in its .yml or in config(): there are no defaults for folders.',
  },
  seeds: { beside: ['study'], next: 'Say types with each seed, in the .yml beside it.' },
};

interface Value {
  readonly key: string;
  readonly is: (value: unknown) => boolean;
  readonly next: string;
}

/** Values that dbt takes for a key and properties do not, with what to write. */
const VALUES: readonly Value[] = [
  {
    key: 'materialized',
    is: (value) => value === 'ephemeral',
    next: 'Write a view, a WITH, or a DuckDB macro that gives a table.',
  },
  { key: 'accepted_values', is: isMapping, next: 'Write the values alone: accepted_values: [F, M].' },
  {
    key: 'to',
    is: (value) => typeof value === 'string' && /\bref\(/.test(value),
    next: 'Write the name of the model, with its schema: to: sdtm.dm.',
  },
  { key: 'columns', is: Array.isArray, next: 'Write a mapping by name: columns: { id: { tests: [not_null] } }.' },
];

/** What to write in place of a value that is one of dbt's for this key; undefined of any other. */
export function valueOfDbt(key: PropertyKey | undefined, value: unknown): string | undefined {
  return VALUES.find((one) => one.key === key && one.is(value))?.next;
}

/** What to write in place of a key of dbt, where these keys are valid; undefined of a word that is none. */
export function ofDbt(key: string, valid: readonly string[]): string | undefined {
  if (!Object.hasOwn(WORDS, key)) return undefined;
  const { beside, next } = WORDS[key];
  return beside.some((one) => valid.includes(one)) ? next : undefined;
}
