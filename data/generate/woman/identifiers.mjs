// @ts-check
import { workday } from '../lib/calendar.mjs';
import { stream } from '../lib/random.mjs';

/**
 * A screening of a woman, under a SubjectKey of its own. All have one but the two who were screened twice.
 *
 * @typedef {object} Screening
 * @property {string} number `007`, in its site
 * @property {string} key SubjectKey in the EDC: `VEX-101-007`
 * @property {string} lab the central laboratory's subject number: `101-007`
 * @property {number} day
 * @property {number} consent when on that day she consented, in minutes since midnight
 * @property {boolean} last the one that counts
 */

/** What those who were screened again had failed the first time. */
const FIRST_SCREENING = 45;

/** @param {import('./woman.mjs').Woman} w */
export const screenedTwice = (w) => w.role === 'rescreenedRandomised' || w.role === 'rescreenedFailed';

/**
 * @param {import('./woman.mjs').Woman} w
 * @returns {Screening[]}
 */
export function screenings(w) {
  if (!screenedTwice(w)) return [screening(w, w.number, w.screening, true)];
  return [
    screening(w, w.number, workday(w.screening - FIRST_SCREENING), false),
    screening(w, `${w.number}R`, w.screening, true),
  ];
}

/**
 * @param {import('./woman.mjs').Woman} w
 * @param {string} number
 * @param {number} day
 * @param {boolean} last
 * @returns {Screening}
 */
function screening(w, number, day, last) {
  const consent = stream(w.seed, w.index, 'ic', number).between(480, 660);
  return { number, key: `VEX-${w.site.id}-${number}`, lab: `${w.site.id}-${number}`, day, consent, last };
}

/** @param {import('./woman.mjs').Woman} w the randomisation system's subject number: `101007` */
export const randomisationSubject = (w) => `${w.site.id}${screenings(w).at(-1)?.number}`;

/** @param {number} rank */
export const randomisationNumber = (rank) => `R${String(rank + 1).padStart(4, '0')}`;

/** @param {import('./woman.mjs').Woman} w the SubjectKey of the screening that counts */
export const subjectKey = (w) => screenings(w).at(-1)?.key ?? '';
