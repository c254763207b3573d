import type { Configuration } from './configuration.ts';
import { quote } from './issue.ts';
import { datasetName } from './model-name.ts';
import { matchesModel } from './model-pattern.ts';
import type { Problem } from './problem.ts';
import type { Locate, ModelSource } from './project.ts';

/** SAS XPORT v5 (TS-140): a name of at most 8 characters, a label of at most 40, a text of at most 200 bytes. */
export const XPT_NAME = /^[A-Z][A-Z0-9_]{0,7}$/;
export const LONGEST_LABEL = 40;
export const LONGEST_VALUE = 200;

/**
 * What the properties of the datasets to be exported as XPT say that XPT v5 cannot hold, each where it is written. The
 * export refuses the same under the same codes, for datasets without properties too.
 */
export function xptProblems({ exports }: Configuration, models: readonly ModelSource[]): Problem[] {
  if (!exports.formats.includes('xpt')) return [];
  const exported = models.filter(({ name }) => exports.datasets.some((pattern) => matchesModel(pattern, name)));
  return exported.flatMap((model) => [...nameProblems(model), ...describedProblems(model)]);
}

function nameProblems({ name, path }: ModelSource): Problem[] {
  const dataset = datasetName(name);
  return XPT_NAME.test(dataset) ? [] : [nameProblem(dataset, { file: path })];
}

function describedProblems({ properties, locate }: ModelSource): Problem[] {
  if (locate === undefined) return [];
  const columns = Object.entries(properties.columns).filter(([name]) => !name.startsWith('_'));
  return [
    ...labelProblems(properties.label, ['label'], locate),
    ...columns.flatMap(([name, { label, type, length = 1 }]) => [
      ...(XPT_NAME.test(name) ? [] : [nameProblem(name, locate(['columns', name]))]),
      ...labelProblems(label, ['columns', name, 'label'], locate),
      ...(length > LONGEST_VALUE && type !== 'integer' && type !== 'float'
        ? [lengthProblem(name, length, locate)]
        : []),
    ]),
  ];
}

const REMEDY = 'or leave xpt out of exports.formats, or the dataset out of exports.datasets, in warehouse.yml.';

function nameProblem(name: string, place: Problem['place']): Problem {
  return {
    kind: 'usage',
    code: 'XPT_NAME',
    message: `The name ${name} (${[...name].length} characters) cannot stand in an XPT file: at most 8 of A-Z, 0-9 and _, beginning with a letter.`,
    place,
    next: `Rename it, ${REMEDY}`,
  };
}

function labelProblems(label = '', path: readonly string[], locate: Locate): Problem[] {
  const length = [...label].length;
  if (length <= LONGEST_LABEL) return [];
  return [
    {
      kind: 'usage',
      code: 'XPT_LABEL',
      message: `${path.join('.')} ${quote(label)} has ${length} characters; an XPT file holds at most ${LONGEST_LABEL}.`,
      place: locate(path),
      next: `Shorten it, ${REMEDY}`,
    },
  ];
}

function lengthProblem(name: string, length: number, locate: Locate): Problem {
  return {
    kind: 'usage',
    code: 'XPT_LENGTH',
    message: `columns.${name}.length is ${length}; an XPT file holds texts of at most ${LONGEST_VALUE} bytes.`,
    place: locate(['columns', name, 'length']),
    next: `Correct it, and move longer text to SUPP--, ${REMEDY}`,
  };
}
