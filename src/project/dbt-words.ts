interface Meaning {
  /** Keys of which one is valid where the word is one of dbt for something else. */
  readonly beside: readonly string[];
  readonly next: string;
}

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
};

/** What to write in place of a key of dbt, where these keys are valid; undefined of a word that is none. */
export function ofDbt(key: string, valid: readonly string[]): string | undefined {
  if (!Object.hasOwn(WORDS, key)) return undefined;
  const { beside, next } = WORDS[key];
  return beside.some((one) => valid.includes(one)) ? next : undefined;
}
