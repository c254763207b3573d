// @ts-check
import { day } from '../lib/calendar.mjs';
import { SITES } from './design.mjs';

/**
 * Normal ranges of the sites' own laboratories: by site, test and date, in the unit the laboratory reports.
 *
 * @typedef {object} LocalRange
 * @property {string} site
 * @property {string} test code of CL.LBTEST
 * @property {string} unit code of CL.LBUNIT
 * @property {string} low
 * @property {string} high
 * @property {number} from
 * @property {number} [to] last day; absent while it holds
 */

const START = day('2024-10-01');
/** Site 104 changed its unit on this day. */
const CHANGE = day('2025-04-01');

/** @param {import('./design.mjs').Site} site @returns {LocalRange[]} */
function rangesOf(site) {
  /** @param {string} test @param {string} unit @param {string} low @param {string} high @param {number} [from] @param {number} [to] */
  const range = (test, unit, low, high, from = START, to = undefined) => ({
    site: site.id,
    test,
    unit,
    low,
    high,
    from,
    to,
  });
  const haemoglobin =
    site.id === '104'
      ? [range('HB', 'G/DL', '11.7', '15.5', START, CHANGE - 1), range('HB', 'G/L', '117', '155', CHANGE)]
      : [range('HB', 'G/DL', '12.0', '16.0')];
  const creatinine = site.id === '106' ? range('CREA', 'UMOL/L', '44', '97') : range('CREA', 'MG/DL', '0.50', '1.10');
  return [...haemoglobin, range('SGPT', 'U/L', '7', '35'), range('SGOT', 'U/L', '8', '33'), creatinine];
}

/** @type {readonly LocalRange[]} */
export const LOCAL_RANGES = SITES.flatMap(rangesOf);

/**
 * @param {string} site
 * @param {string} test
 * @param {number} on
 */
export function localUnit(site, test, on) {
  const range = LOCAL_RANGES.find((r) => r.site === site && r.test === test && r.from <= on && on <= (r.to ?? on));
  if (!range) throw new RangeError(`No normal range of ${test} at site ${site}`);
  return range.unit;
}
