// @ts-check
import { decimal } from '../lib/decimal.mjs';
import { stream } from '../lib/random.mjs';
import { localUnit } from '../study/local-laboratory.mjs';

/**
 * @typedef {object} LocalResult
 * @property {string} test code of CL.LBTEST
 * @property {string} result
 * @property {string} unit code of CL.LBUNIT
 */

/** How a value is drawn in each unit: mean, deviation, digits. @type {Record<string, [number, number, number]>} */
const DRAW = {
  'HB G/DL': [132, 5, 1],
  'HB G/L': [132, 5, 0],
  'SGPT U/L': [21, 4, 0],
  'SGOT U/L': [20, 4, 0],
  'CREA MG/DL': [75, 6, 2],
  'CREA UMOL/L': [66, 6, 0],
};

/** Results of the cast, in the order of their unscheduled visits. @type {Partial<Record<import('../study/cast.mjs').Role, string[][]>>} */
const PLANTED = {
  threeWithoutKeys: [['HB 11.2', 'SGPT 31', 'SGOT 27'], ['HB 12.6']],
  rangeChange: [['HB 12.4'], ['HB 119']],
};

/**
 * What the site's own laboratory measured at an unscheduled visit.
 *
 * @param {import('./woman.mjs').Woman} w
 * @param {number} visit from 0
 * @returns {LocalResult[]}
 */
export function localResults(w, visit) {
  const day = w.unscheduled[visit];
  const planted = w.role && PLANTED[w.role]?.[visit];
  if (planted) {
    return planted.map((text) => {
      const [test, result] = text.split(' ');
      return { test, result, unit: localUnit(w.site.id, test, day) };
    });
  }
  const random = stream(w.seed, w.index, 'lb', visit);
  const tests = ['HB', 'SGPT', 'SGOT', 'CREA'].slice(0, random.between(2, 4));
  return tests.map((test) => {
    const unit = localUnit(w.site.id, test, day);
    const [mean, deviation, digits] = DRAW[`${test} ${unit}`];
    return { test, result: decimal(Math.max(1, random.bell(mean, deviation)), digits), unit };
  });
}
