import { beforeAll, describe, expect, it } from 'vitest';
import { macrosOf } from './macro-file.ts';

let value: (expression: string) => Promise<unknown>;
beforeAll(async () => {
  value = await macrosOf('odm.sql');
});

/** The forms of ODM 1.3.2, 2.13. */
describe('odm_is_partial [STAGED-021]', () => {
  const DATE = 'true, false';
  const TIME = 'false, true';
  const DATETIME = 'true, true';
  it.each([
    ['2025', DATE, true],
    ['2025-11', DATE, true],
    ['2025-11-30', DATE, true],
    ['2025-11-31', DATE, false],
    ['2025-13', DATE, false],
    ['2025-1', DATE, false],
    ['11/2025', DATE, false],
    ['UN-2025', DATE, false],
    ['2025-11-30T08', DATE, false],
    ['2025-11-30\n', DATE, false],
    ['13', TIME, true],
    ['13:15', TIME, true],
    ['13:15:20.5', TIME, true],
    ['13:15:20-05:00', TIME, true],
    ['24', TIME, false],
    ['1:15', TIME, false],
    ['13:60', TIME, false],
    ['2025-11', DATETIME, true],
    ['2025-11-30', DATETIME, true],
    ['2025-11-30T13', DATETIME, true],
    ['2025-11-30T13:15:20Z', DATETIME, true],
    ['2025-02-30T13', DATETIME, false],
    ['2025-11T13', DATETIME, false],
    ['2025-11-30 13:15', DATETIME, false],
  ])('of %j, (%s), is %s', async (text, kind, expected) => {
    expect(await value(`odm_is_partial('${text}', ${kind})`)).toBe(expected);
  });

  it('is NULL for NULL', async () => {
    expect(await value('odm_is_partial(NULL, true, true)')).toBeNull();
  });
});
