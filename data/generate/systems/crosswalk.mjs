// @ts-check
import { csv } from '../lib/csv.mjs';
import { randomisationSubject, screenings } from '../woman/identifiers.mjs';
import { woman } from '../woman/woman.mjs';

/**
 * Every subject number of every system, and whose it is.
 *
 * @param {number} seed
 * @param {number} subjects
 */
export const crosswalk = (seed, subjects) => csv(['SOURCE', 'SOURCE_SUBJECT', 'USUBJID'], rows(seed, subjects));

/** @param {number} seed @param {number} subjects */
function* rows(seed, subjects) {
  for (let i = 0; i < subjects; i++) {
    const w = woman(seed, i);
    for (const s of screenings(w)) {
      yield ['EDC', s.key, w.usubjid];
      yield ['LAB', s.lab, w.usubjid];
    }
    if (w.rank !== undefined) yield ['IRT', randomisationSubject(w), w.usubjid];
  }
}

const REASON = 'Test subject entered by trainers in the production system; not a woman of the trial';

/** Subjects that are no part of the trial. */
export const exclusions = () =>
  csv(
    ['SOURCE', 'SOURCE_SUBJECT', 'REASON'],
    [
      ['EDC', 'VEX-101-T01', REASON],
      ['LAB', '101-T01', REASON],
    ],
  );
