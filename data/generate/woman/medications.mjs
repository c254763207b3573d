// @ts-check
import { isoDate, yearsBefore } from '../lib/calendar.mjs';
import { stream } from '../lib/random.mjs';
import { DRUGS } from '../study/dictionary.mjs';
import { adverseEvents } from './adverse-events.mjs';

/**
 * @typedef {object} Medication
 * @property {import('../study/dictionary.mjs').Drug} drug
 * @property {string} name as the site wrote it
 * @property {string} start
 * @property {number} [end] absent where it is still taken
 * @property {number} reported the day it was entered
 * @property {string} [comment]
 */

/** @param {string} name */
const named = (name) => DRUGS.find((d) => d.name === name) ?? DRUGS[0];
const LONG_TERM = [
  'LEVOTHYROXINE',
  'CETIRIZINE',
  'SALBUTAMOL',
  'IRON',
  'COLECALCIFEROL',
  'SERTRALINE',
  'HYDROCORTISONE',
].map(named);
/** @type {Record<string, string>} */
const FOR_EVENT = { Migraine: 'SUMATRIPTAN', 'Urinary tract infection': 'NITROFURANTOIN', UTI: 'NITROFURANTOIN' };

/**
 * Concomitant medication: what she took before, rescue tablets, and what treated her adverse events.
 *
 * @param {import('./woman.mjs').Woman} w
 * @returns {Medication[]}
 */
export function medications(w) {
  const random = stream(w.seed, w.index, 'cm');
  const before = random
    .shuffle(LONG_TERM)
    .slice(0, random.below(3))
    .map((drug) => ({
      drug,
      name: random.pick(drug.verbatims),
      start: isoDate(yearsBefore(w.screening, random.between(0, 6)) - random.below(300)).slice(0, random.pick([4, 7])),
      reported: w.screening,
    }));
  const rescue = w.rank === undefined || random.chance(1, 3) ? [] : [painRelief(w, random)];
  const treatments = adverseEvents(w)
    .filter((e) => e.treated)
    .map((e) => {
      const drug = named(FOR_EVENT[e.term] ?? 'PARACETAMOL');
      return { drug, name: random.pick(drug.verbatims), start: isoDate(e.start), end: e.end, reported: e.reported };
    });
  return [...(w.role === 'ideographs' ? [withComment(w)] : []), ...before, ...rescue, ...treatments];
}

/** @param {import('./woman.mjs').Woman} w */
const withComment = (w) => ({
  drug: named('COLECALCIFEROL'),
  name: 'Vitamin D3',
  start: isoDate(w.screening).slice(0, 4),
  reported: w.screening,
  comment: '漢方茶も併用 (also takes a herbal tea)',
});

/**
 * @param {import('./woman.mjs').Woman} w
 * @param {import('../lib/random.mjs').Random} random
 */
function painRelief(w, random) {
  const drug = random.pick([named('IBUPROFEN'), named('NAPROXEN')]);
  return { drug, name: random.pick(drug.verbatims), start: isoDate(w.baseline), reported: w.baseline };
}
