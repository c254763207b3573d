import { expect, it } from 'vitest';
import { propertiesSchema } from '../../src/project/properties.ts';
import { readThreshold } from '../../src/project/threshold.ts';
import { validateYaml } from '../../src/project/validate.ts';

it.each([
  [10, '>= 10'],
  ['10', '>= 10'],
  ['5%', '>= 5%'],
  ['>10', '> 10'],
  [' >= 5 ', '>= 5'],
  ['!=0', '!= 0'],
  ['<> 0', '!= 0'],
  ['==3', '= 3'],
  ['> 2.5%', '> 2.5%'],
  ['<100', '< 100'],
  ['between 1 and 5', 'between 1 and 5'],
  ['BETWEEN 1% AND 5%', 'between 1% and 5%'],
])('of %j is read as %s [MODEL-123]', (written, said) => {
  expect(readThreshold(written)?.said).toBe(said);
});

it.each(['', 'many', '> ten', '-1', '5 rows', '> 5 or 1=1', 'between 5 and 1', 'between 1 and 5%'])(
  'of %j is none [MODEL-123]',
  (written) => {
    expect(readThreshold(written)).toBeUndefined();
  },
);

it.each([
  ['error_if: many', 'tests[0].error_if is no condition on a number of rows.'],
  ['warn_if: 0', 'tests[0].warn_if holds whatever the test finds.'],
])('%s is refused with its place and what may stand there [MODEL-123]', (written, message) => {
  const { problems } = validateYaml('a.yml', `tests:\n  - unique: [A]\n    ${written}\n`, propertiesSchema);
  expect(problems).toMatchObject([
    { code: 'CONFIG_INVALID', message, place: { line: 3 }, next: expect.stringMatching(/^Write a number of rows/) },
  ]);
});
