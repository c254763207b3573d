// @ts-check
import { isoDate, yearsBefore } from '../lib/calendar.mjs';
import { stream } from '../lib/random.mjs';
import { OTHER_TERMS } from '../study/dictionary.mjs';

/**
 * @typedef {object} Condition
 * @property {string} term as the site wrote it
 * @property {'ENDO' | 'GEN'} category
 * @property {string} start as much of the date as she knew: year, month or day
 * @property {string} [end]
 * @property {string} [comment]
 */

const GENERAL = OTHER_TERMS.filter(
  (t) =>
    t.placebo === 0 && !['Road traffic accident', 'Clouded thinking', 'Endometriosis', 'Laparoscopy'].includes(t.pt),
);
const ENDOMETRIOSIS = OTHER_TERMS.find((t) => t.pt === 'Endometriosis') ?? GENERAL[0];
const LAPAROSCOPY = OTHER_TERMS.find((t) => t.pt === 'Laparoscopy') ?? GENERAL[0];
const PAST = ['Removal of appendix', 'Laparoscopy'];

/**
 * Medical history: endometriosis, the laparoscopy that confirmed it, and up to three other conditions.
 *
 * @param {import('./woman.mjs').Woman} w
 * @returns {Condition[]}
 */
export function history(w) {
  const random = stream(w.seed, w.index, 'mh');
  const known = yearsBefore(w.screening, random.between(1, 8)) - random.below(300);
  const text = isoDate(known).slice(0, random.pick([4, 7, 7, 10]));
  const others = random.shuffle(GENERAL).slice(0, random.below(4));
  return [
    { term: random.pick(ENDOMETRIOSIS.verbatims), category: 'ENDO', start: text },
    { term: random.pick(LAPAROSCOPY.verbatims), category: 'ENDO', start: text, end: text },
    ...others.map((t) => {
      const start = isoDate(yearsBefore(w.screening, random.between(1, 12)) - random.below(300)).slice(
        0,
        random.pick([4, 4, 7]),
      );
      return /** @type {Condition} */ ({
        term: random.pick(t.verbatims),
        category: 'GEN',
        start,
        end: PAST.includes(t.pt) ? start : undefined,
      });
    }),
  ];
}
