import { readFileSync } from 'node:fs';
import { Templates } from '../../../src/project/template/render.ts';

/** A template of the kind that dbt's documentation and dbt_utils have, and what Jinja 3.1.6 makes of it: a text, or an error. */
interface Snippet {
  readonly name: string;
  readonly template: string;
  readonly expected: string;
  /** Where it is refused here: the words of the message. */
  readonly refused?: string;
}

export const SNIPPETS: readonly Snippet[] = JSON.parse(readFileSync(new URL('snippets.json', import.meta.url), 'utf8'));

/** The templates of a project that is called `shared` and has the models that the snippets name. */
export function templates(given: Partial<ConstructorParameters<typeof Templates>[0]> = {}): Templates {
  return new Templates({
    project: 'shared',
    models: ['models.stg_orders', 'models.visits', 'models.raw_payments', 'sdtm.ae'],
    sources: [{ name: 'edc', format: 'odm', files: [], system: 'edc', keep: 'sealed', classification: 'none' }],
    vars: { cutoff: '2026-03-31' },
    target: 'main',
    macros: [],
    ...given,
  });
}
