import { describe, expect, it } from 'vitest';
import { failureOf } from '../../helpers/project.ts';
import { SNIPPETS, templates } from './snippets.ts';

const render = (text: string) => templates().render({ path: 'models/sdtm/ae.sql', text }, { model: 'models.it' }).sql;

describe('a template', () => {
  it.for(SNIPPETS.filter(({ refused }) => refused === undefined))(
    'becomes what Jinja makes of it: $name [MODEL-150]',
    ({ template, expected }) => {
      expect(render(template)).toBe(expected);
    },
  );

  it.for(SNIPPETS.filter(({ refused }) => refused !== undefined))(
    'is refused and never read otherwise than by Jinja: $name [MODEL-150]',
    async ({ template, refused }) => {
      expect((await failureOf(Promise.resolve().then(() => render(template)))).message).toContain(refused);
    },
  );
});
