// @ts-check
import { clock, isoDate } from '../lib/calendar.mjs';
import { csv } from '../lib/csv.mjs';
import { stream } from '../lib/random.mjs';
import { ARMS, DELTA, ENROLMENT } from '../study/design.mjs';
import { KITS, kitNumber, kitText, lotOf, WAVE, WRONG_KIT } from '../study/kits.mjs';
import { dispensed } from '../woman/dosing.mjs';
import { randomisationNumber, randomisationSubject } from '../woman/identifiers.mjs';
import { armOf, indexOfRank, woman } from '../woman/woman.mjs';

/**
 * The randomisation system's lists. The actual ones unblind; the dummy ones have the same rows and columns, and arms
 * drawn by another stream, so that a blinded build has something to work with.
 *
 * @typedef {'ACTUAL' | 'DUMMY'} List
 */

/** @param {import('../woman/woman.mjs').Woman} w @param {List} list */
const armIn = (w, list) => (list === 'ACTUAL' ? w.arm : w.dummyArm);

/**
 * One row for each randomised woman.
 *
 * @param {number} seed
 * @param {number} subjects
 * @param {List} list
 */
export const randomisation = (seed, subjects, list) =>
  csv(['LIST', 'RANDNO', 'SITEID', 'SUBJECT', 'RANDDTM', 'ARMCD', 'ARM'], randomised(seed, subjects, list));

/** @param {number} seed @param {number} subjects @param {List} list */
function* randomised(seed, subjects, list) {
  for (let i = 0; i < subjects; i++) {
    const w = woman(seed, i);
    if (w.rank === undefined) continue;
    const arm = ARMS[armIn(w, list)];
    const minutes = stream(seed, i, 'randomised').between(480, 595);
    yield [
      list,
      randomisationNumber(w.rank),
      w.site.id,
      randomisationSubject(w),
      `${isoDate(w.baseline)}T${clock(minutes)}`,
      arm.code,
      arm.name,
    ];
  }
}

/**
 * One row for each kit, in order of number: its treatment, and to whom it was assigned.
 *
 * @param {number} seed
 * @param {number} subjects
 * @param {List} list
 */
export const kits = (seed, subjects, list) =>
  csv(
    ['LIST', 'KITNO', 'LOTNO', 'EXPIRY', 'TREATMENT', 'DOSE', 'DOSEU', 'STATUS', 'RANDNO', 'VISITNUM', 'ASSIGNED'],
    kitRows(seed, subjects, list),
  );

/** @param {number} seed @param {number} subjects @param {List} list */
function* kitRows(seed, subjects, list) {
  const waves = Math.ceil(subjects / ENROLMENT.women);
  for (let wave = 0; wave < waves; wave++) {
    const rows = Array.from({ length: WAVE }, (_, place) => kitRow(seed, subjects, list, wave, place));
    yield* rows.sort((a, b) => a.number - b.number).map((row) => row.cells);
  }
}

/** @param {number} seed @param {number} subjects @param {List} list @param {number} wave @param {number} place */
function kitRow(seed, subjects, list, wave, place) {
  const number = kitNumber(wave, place);
  const { lot, expiry } = lotOf(number);
  const owner =
    place < KITS.women * KITS.perWoman
      ? woman(seed, indexOfRank(seed, wave * KITS.women + Math.floor(place / KITS.perWoman)))
      : undefined;
  const { treatment, dose } =
    ARMS[
      owner ? armOf(seed, list === 'ACTUAL' ? 'arm' : 'dummy', owner.rank ?? 0) : spareArm(seed, subjects, list, number)
    ];
  const use =
    owner && owner.index < subjects
      ? dispensed(owner).find((d) => d.intended === number && d.start <= DELTA.asOf)
      : undefined;
  const assigned = use
    ? ['ASSIGNED', randomisationNumber(owner?.rank ?? 0), use.visit.number, isoDate(use.start)]
    : ['AVAILABLE', '', '', ''];
  return { number, cells: [list, kitText(number), lot, expiry, treatment, dose, 'mg', ...assigned] };
}

/**
 * Spares of all arms in turn; the one that the wrong woman was given is never of her own arm.
 *
 * @param {number} seed
 * @param {number} subjects
 * @param {List} list
 * @param {number} number
 */
function spareArm(seed, subjects, list, number) {
  if (number !== WRONG_KIT) return number % ARMS.length;
  for (let i = 0; i < Math.min(subjects, ENROLMENT.women); i++) {
    const w = woman(seed, i);
    if (w.role === 'wrongKit') return (armIn(w, list) + 1) % ARMS.length;
  }
  return 0;
}
