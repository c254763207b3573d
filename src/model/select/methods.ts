import { matches } from '../../project/glob.ts';
import { byConfig } from './by-config.ts';
import { byName, nameless } from './by-name.ts';
import { byFile, byPath } from './by-path.ts';
import { OUTCOMES, type Selectable, STATES } from './selectable.ts';
import type { MethodName, Selector } from './selector.ts';
import { unknownOf } from './unknown.ts';

type Method = (selector: Selector, selectable: Selectable) => Iterable<string>;

/** What each method finds: names of models. */
const FINDERS: Readonly<Record<MethodName, Method>> = {
  fqn: ({ value }, { models }) => byName(value, models),
  path: ({ value }, { models }) => byPath(value, models),
  file: ({ value }, { models }) => byFile(value, models),
  tag: ({ value }, { models }) => byTag(value, models),
  config: ({ argument = '', value }, { models }) => byConfig(argument, value, models),
  source: ({ value }, { sources }) => bySource(value, sources),
  state: ({ value }, { models, inState }) => {
    const state = oneOf(value, STATES, 'state', 'states');
    return [...models.keys()].filter((model) => inState(model, state));
  },
  result: ({ value }, { results }) => results.get(oneOf(value, OUTCOMES, 'result', 'results')) ?? [],
};

/**
 * The models that a selector names, without those around them.
 * @throws usage SELECT_EMPTY (it names nothing), SELECT_UNKNOWN (what it names there is not), SELECT_AMBIGUOUS.
 */
export function findModels(selector: Selector, selectable: Selectable): Iterable<string> {
  if (selector.value === '') throw nameless(selector.text, selectable.models);
  return FINDERS[selector.method](selector, selectable);
}

function byTag(value: string, models: Selectable['models']): string[] {
  const all = [...models.values()];
  const found = all.filter(({ properties }) => properties.tags.some((tag) => matches(value, tag)));
  if (found.length === 0) {
    const there = all.flatMap(({ properties }) => properties.tags);
    throw unknownOf(`No model has the tag ${value}.`, value, { what: 'tags', there, none: 'No model has a tag.' });
  }
  return found.map(({ name }) => name);
}

function bySource(value: string, sources: Selectable['sources']): string[] {
  const found = [...sources].filter(([source]) => matches(value, source));
  if (found.length === 0) {
    const none = 'warehouse.yml has no sources.';
    throw unknownOf(`No source is called ${value}.`, value, { what: 'sources', there: sources.keys(), none });
  }
  return found.flatMap(([, models]) => [...models]);
}

function oneOf<Word extends string>(value: string, words: readonly Word[], one: string, many: string): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw unknownOf(`There is no ${one} ${value}.`, value, { what: many, there: words });
  return found;
}
