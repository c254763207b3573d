// @ts-check

import { day, isoDate } from '../lib/calendar.mjs';
import { clamp } from '../lib/decimal.mjs';
import { stream } from '../lib/random.mjs';
import { EVENT_TERMS } from '../study/dictionary.mjs';

/**
 * @typedef {object} AdverseEvent
 * @property {string} term as the site wrote it
 * @property {number} start
 * @property {string} [startText] where the site knew less than the day
 * @property {number} [end] absent for those that last
 * @property {number} reported the day it was entered
 * @property {number} severity 1 to 3
 * @property {boolean} serious
 * @property {number} related 1 to 4
 * @property {string} action code of CL.AEACN
 * @property {number} outcome once it has ended: code of CL.AEOUT
 * @property {boolean} treated with a medication
 * @property {boolean} interest of special interest
 * @property {string} [other] other action taken
 * @property {string} [comment]
 * @property {boolean} [rawLineBreaks] the file writes the comment's line breaks as they are, not as references
 */

/**
 * All adverse events of a woman, in order of their numbers.
 *
 * @param {import('./woman.mjs').Woman} w
 * @returns {AdverseEvent[]}
 */
export function adverseEvents(w) {
  const planted = w.role ? PLANTED[w.role]?.(w) : undefined;
  if (planted) return planted;
  const random = stream(w.seed, w.index, 'ae');
  const count = w.rank === undefined ? random.below(8) >> 2 : random.pick([0, 1, 1, 2, 2, 3, 4, 5]);
  const events = Array.from({ length: count }, () => drawn(w, random));
  if (w.exit.reason === 'AE') events.push(leaving(w, random));
  return events.sort((a, b) => a.reported - b.reported);
}

/**
 * @param {import('./woman.mjs').Woman} w
 * @param {import('../lib/random.mjs').Random} random
 * @returns {AdverseEvent}
 */
function drawn(w, random) {
  const term = random.weighted(EVENT_TERMS.map((t) => [w.treated && w.arm !== 2 ? t.active : t.placebo, t]));
  const start = random.between(w.screening + 1, Math.max(w.screening + 1, w.exit.day - 1));
  const severity = random.weighted(
    /** @type {[number, number][]} */ ([
      [55, 1],
      [35, 2],
      [10, 3],
    ]),
  );
  const onTreatment = w.treated && start >= w.baseline;
  const vague = random.chance(1, 40);
  return {
    term: random.pick(term.verbatims),
    start,
    startText: vague ? isoDate(start).slice(0, 7) : undefined,
    end: random.chance(1, 7) ? undefined : start + random.between(0, 30),
    reported: start + random.between(1, 28),
    severity,
    serious: severity === 3 && random.chance(1, 5),
    related: onTreatment
      ? random.weighted(
          /** @type {[number, number][]} */ ([
            [5, 1],
            [3, 2],
            [3, 3],
            [1, 4],
          ]),
        )
      : 1,
    action: onTreatment ? (severity === 3 && random.chance(1, 3) ? 'INT' : 'NONE') : 'NA',
    outcome: random.chance(1, 30) ? 2 : 1,
    treated: random.chance(1, 3),
    interest: term.interest,
  };
}

/**
 * The event for which she stopped treatment.
 *
 * @param {import('./woman.mjs').Woman} w
 * @param {import('../lib/random.mjs').Random} random
 * @returns {AdverseEvent}
 */
function leaving(w, random) {
  const start = w.exit.day - random.between(1, 6);
  return {
    ...drawn(w, random),
    start,
    startText: undefined,
    end: start + random.between(5, 40),
    reported: w.exit.day,
    severity: 3,
    related: 3,
    action: 'WDN',
  };
}

/**
 * A plain event on treatment, for the cast.
 *
 * @param {string} term
 * @param {string} from
 * @param {string} to
 * @param {Partial<AdverseEvent>} [more]
 * @returns {AdverseEvent}
 */
function event(term, from, to, more) {
  const start = day(from);
  return {
    term,
    start,
    end: to === '' ? undefined : day(to),
    reported: start + 3,
    severity: 1,
    serious: false,
    related: 1,
    action: 'NONE',
    outcome: 1,
    treated: false,
    interest: false,
    ...more,
  };
}

/**
 * @param {import('./woman.mjs').Woman} w
 * @param {number} offset days after Baseline
 */
const after = (w, offset) => isoDate(w.baseline + offset);

/** @type {Partial<Record<import('../study/cast.mjs').Role, (w: import('./woman.mjs').Woman) => AdverseEvent[]>>} */
const PLANTED = {
  death: () => [
    event('Headache', '2025-04-22', '2025-04-23'),
    event('Road traffic accident', '2025-07-13', '2025-07-14', {
      severity: 3,
      serious: true,
      outcome: 5,
      action: 'NA',
    }),
  ],
  removedEvent: (w) => [
    event('Nausea', after(w, 12), after(w, 15), { related: 2 }),
    event('Dizziness', after(w, 40), after(w, 41)),
    event('Hot flush', after(w, 60), after(w, 75), { interest: true, related: 3 }),
  ],
  removedMiddle: (w) => [
    event('Headache', after(w, 5), after(w, 6)),
    event('Fatigue', after(w, 33), after(w, 50)),
    event('Insomnia', after(w, 70), after(w, 90)),
  ],
  twoWithoutKeys: (w) => [
    event('Back pain', after(w, 9), after(w, 14)),
    event('Urinary tract infection', after(w, 48), after(w, 55), { severity: 2, treated: true }),
  ],
  removedItem: (w) => [event('Joint pain', after(w, 90), after(w, 120), { severity: 2 })],
  partialMonth: () => [
    event('Night sweats', '2025-11-12', '2025-12-01', { startText: '2025-11', interest: true, related: 3 }),
  ],
  partialYear: () => [
    event('Low mood', '2025-10-01', '', { startText: '2025', severity: 2, reported: day('2025-11-28') }),
  ],
  notApplicable: (w) => [event('Acne', after(w, 20), after(w, 44), { other: 'NA' })],
  lineBreakReference: (w) => [
    event('Migraine', after(w, 31), after(w, 32), {
      severity: 3,
      treated: true,
      comment: 'Started at work.\nSlept it off;\nno aura.',
    }),
  ],
  lineBreakRaw: (w) => [
    event('Hot flush', after(w, 25), after(w, 39), {
      interest: true,
      comment: 'Three to four a day,\nworse in the evening.',
      rawLineBreaks: true,
    }),
  ],
  typographic: (w) => [
    event('“Brain fog” after café visit', after(w, 18), after(w, 19), {
      comment: 'Patient’s own word; took 400 µg folate – naïve to triptans.',
    }),
  ],
  ideographs: (w) => [event('Nasopharyngitis', after(w, 66), after(w, 72))],
  uncoded: (w) => [event('Felt strange in lift', after(w, 21), after(w, 21))],
  retest: (w) => [event('ALT increased', after(w, 29), after(w, 47), { severity: 2, related: 3 })],
  moved: (w) => [event('Hot flush', after(w, 30), after(w, 52), { interest: true, related: 3 })],
  neverTreated: () => [],
  rescreenedFailed: () => [],
};

/**
 * The outcome as it stands while an event lasts: recovering when mild, else not recovered.
 *
 * @param {AdverseEvent} e
 */
export const openOutcome = (e) => (e.severity === 1 ? 3 : 4);

/**
 * @param {AdverseEvent} e
 * @param {number} asOf
 */
export const hasEnded = (e, asOf) => e.end !== undefined && clamp(e.end + 5, e.reported, e.end + 40) <= asOf;
