import { matches } from '../../project/glob.ts';
import type { ModelSource } from '../../project/project.ts';
import { propertiesSchema } from '../../project/properties.ts';
import { partAt, validKeys } from '../../project/schema-walk.ts';
import type { Selectable } from './selectable.ts';
import { unknownOf } from './unknown.ts';

/**
 * The models that have a value of a property: `config.materialized:view`; of a list, such as `keys`, one that is in it.
 * @throws usage SELECT_UNKNOWN (properties have no such key, or it cannot have that value).
 */
export function byConfig(key: string, value: string, models: Selectable['models']): string[] {
  if (!KEYS.has(key))
    throw unknownOf(`Models cannot be selected by the property ${key}.`, key, { what: 'properties', there: KEYS });
  const wanted = value.toLowerCase();
  const has = (model: ModelSource) => textsOf(model, key).some((text) => matches(wanted, text.toLowerCase()));
  const all = [...models.values()];
  const found = all.filter(has);
  const allowed = allowedFor(key);
  const couldBe = allowed?.some((text) => matches(wanted, text.toLowerCase())) ?? false;
  if (found.length === 0 && !couldBe) {
    const there = allowed ?? all.flatMap((model) => textsOf(model, key));
    throw unknownOf(`No model has ${key}: ${value}.`, value, {
      what: `values of ${key}`,
      there,
      none: `No model has the property ${key}.`,
    });
  }
  return found.map(({ name }) => name);
}

const LEAVES: ReadonlySet<string> = new Set(['string', 'enum', 'boolean', 'number']);

const leafOf = (key: string) => {
  const part = partAt(propertiesSchema, [key]);
  return part?.type === 'array' ? partAt(propertiesSchema, [key, 0]) : part;
};

/** The properties that are a text, or a list of texts. */
const KEYS: ReadonlySet<string> = new Set(
  validKeys(propertiesSchema, []).filter((key) => LEAVES.has(leafOf(key)?.type ?? '')),
);

/** All values that it may have, where these are a few. */
function allowedFor(key: string): string[] | undefined {
  const leaf = leafOf(key);
  if (leaf?.type === 'boolean') return ['true', 'false'];
  return leaf?.entries && Object.values(leaf.entries);
}

function textsOf({ properties }: ModelSource, key: string): string[] {
  const value = (properties as Readonly<Record<string, unknown>>)[key];
  return [value].flat().flatMap((one) => (one === undefined ? [] : [String(one)]));
}
