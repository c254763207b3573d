// @ts-check
import { stream } from '../lib/random.mjs';
import { DISPENSING, TABLETS_IN_KIT } from '../study/design.mjs';
import { intendedKit, WRONG_KIT } from '../study/kits.mjs';

/** No first dose is taken before, in minutes since midnight. */
export const EARLIEST_DOSE = 600;

/**
 * A kit and the days on which she took from it.
 *
 * @typedef {object} Dispensed
 * @property {import('../study/design.mjs').Visit} visit
 * @property {number} intended number of the kit the randomisation system assigned
 * @property {number} kit number of the kit she was given
 * @property {number} start
 * @property {number} end
 * @property {number} returnedOn day on which the rest was counted
 * @property {number} returned tablets
 * @property {number} missed days without a dose
 * @property {string} [reason] for missed doses
 * @property {number} firstDose minutes since midnight
 */

/**
 * @param {import('./woman.mjs').Woman} w
 * @returns {Dispensed[]}
 */
export function dispensed(w) {
  if (!w.treated || w.rank === undefined) return [];
  const rank = w.rank;
  const random = stream(w.seed, w.index, 'ex');
  const visits = w.visits.filter((v) => DISPENSING.includes(v.visit) && v.day < w.exit.day);
  return visits.map(({ visit, day }, i) => {
    const next = visits[i + 1]?.day ?? w.exit.day;
    const intended = intendedKit(rank, DISPENSING.indexOf(visit));
    const missed = random.chance(1, 5) ? random.between(1, 3) : 0;
    return {
      visit,
      intended,
      kit: w.role === 'wrongKit' ? WRONG_KIT : intended,
      start: day,
      end: next - 1,
      returnedOn: next,
      returned: Math.max(0, TABLETS_IN_KIT - (next - day) + missed),
      missed,
      reason: missed > 0 ? random.pick(['Forgot', 'Away from home', 'Felt unwell']) : undefined,
      firstDose: random.between(EARLIEST_DOSE, 780),
    };
  });
}
