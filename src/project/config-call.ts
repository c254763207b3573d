import { canonicalJson } from '../lib/canonical-json.ts';
import { describePlace, type ErrorPlace } from '../lib/errors.ts';
import { isMapping } from '../lib/mapping.ts';
import type { Problem } from './problem.ts';
import type { Said } from './template/render.ts';
import type { YamlFile } from './yaml-file.ts';

/** What holds rows or columns, and stands in the .yml alone. */
const IN_FILE_ONLY = ['tests', 'columns'];

/**
 * The properties of a model as if they stood in one file: those of its .yml, and what config() of its SQL says. A key may be
 * said in both places, if it is the same.
 * @param path of the SQL
 */
export function withConfig(yaml: YamlFile | undefined, config: readonly Said[], path: string): YamlFile {
  const placeOf = ({ line }: Said): ErrorPlace => ({ file: path, line });
  const base: YamlFile = yaml ?? {
    value: {},
    locate: () => ({ file: path }),
    locateKey: () => ({ file: path }),
    problems: [],
    oddNumbers: [],
  };
  if (config.length === 0 || !isMapping(base.value)) return base;
  const merged: Record<string, unknown> = { ...base.value };
  const problems: Problem[] = [];
  const own = new Map<string, ErrorPlace>();
  for (const said of config) {
    const { key, value } = said;
    const place = placeOf(said);
    if (IN_FILE_ONLY.includes(key)) problems.push(inFileOnly(key, place));
    else if (Object.hasOwn(merged, key) && !isSame(merged[key], value)) {
      problems.push(saidTwice(key, place, own.get(key) ?? base.locateKey([key])));
    } else {
      if (!Object.hasOwn(merged, key)) own.set(key, place);
      merged[key] = value;
    }
  }
  const here = (path: readonly PropertyKey[], otherwise: ErrorPlace) => own.get(String(path[0])) ?? otherwise;
  return {
    value: merged,
    locate: (path) => here(path, base.locate(path)),
    locateKey: (path) => here(path, base.locateKey(path)),
    problems: [...base.problems, ...problems],
    oddNumbers: base.oddNumbers,
  };
}

const isSame = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);

function inFileOnly(key: string, place: ErrorPlace): Problem {
  return {
    kind: 'usage',
    code: 'TEMPLATE_CONFIG',
    message: `config() cannot say ${key}.`,
    place,
    next: `Write ${key}: into the .yml beside the model.`,
  };
}

function saidTwice(key: string, place: ErrorPlace, other: ErrorPlace): Problem {
  return {
    kind: 'usage',
    code: 'TEMPLATE_CONFIG',
    message: `config() says another ${key} than ${describePlace(other)}.`,
    place,
    next: 'Say it in one place.',
  };
}
