import { expect, it } from 'vitest';
import { isPattern, matchesModel } from '../../src/project/model-pattern.ts';

it.each([
  ['sdtm.ae', 'sdtm.ae', true],
  ['SDTM.Ae', 'sdtm.ae', true],
  ['sdtm.ae', 'sdtm.aex', false],
  ['sdtm.*', 'sdtm.ae', true],
  ['sdtm.*', 'staged.ae', false],
  ['*.ae', 'staged.ae', true],
  ['s*.a?', 'staged.ae', true],
  ['ae', 'sdtm.ae', true],
  ['supp*', 'sdtm.suppae', true],
  ['sdtm', 'sdtm.ae', false],
  ['*', 'sdtm.ae', true],
  ['s.tm.ae', 'sdtm.ae', false],
])('%s and %s: %s [MODEL-012]', (pattern, model, expected) => {
  expect(matchesModel(pattern, model)).toBe(expected);
});

it('tells a pattern from a name [MODEL-012]', () => {
  expect(['sdtm.ae', 'sdtm.*', 'sdtm.a?'].map(isPattern)).toEqual([false, true, true]);
});
