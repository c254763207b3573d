// @ts-check

import { day, workday, yearsBefore } from '../lib/calendar.mjs';
import { clamp } from '../lib/decimal.mjs';
import { stream } from '../lib/random.mjs';
import { roleOf } from '../study/cast.mjs';
import { ARMS, BASELINE, ENROLMENT, LAST_VISIT, SITES, STUDY, VISITS } from '../study/design.mjs';

/**
 * Who a woman is and what happens to her in the trial: the whole of it, as if it had ended. Which part of it a file
 * shows is decided where the file is written.
 *
 * @typedef {object} Woman
 * @property {number} seed
 * @property {number} index from 0, in order of enrolment
 * @property {import('../study/cast.mjs').Role} [role]
 * @property {import('../study/design.mjs').Site} site where she enrolled
 * @property {string} number `007`
 * @property {string} usubjid
 * @property {number} screening day of consent and of the screening visit
 * @property {number} birth
 * @property {number} age at consent, in years
 * @property {number} [rank] place among the randomised, from 0; absent for screen failures
 * @property {number} arm index in ARMS: the actual list
 * @property {number} dummyArm index in ARMS: the dummy list
 * @property {number} baseline day of randomisation
 * @property {boolean} treated
 * @property {Attended[]} visits that took place, screening included, unscheduled ones not
 * @property {number[]} unscheduled days of unscheduled visits, none of them that of a planned one
 * @property {Exit} exit
 *
 * @typedef {object} Attended
 * @property {import('../study/design.mjs').Visit} visit
 * @property {number} day
 *
 * @typedef {object} Exit how participation ended
 * @property {number} day
 * @property {string} reason code of CL.DSDECOD
 */

const BLOCK = { women: 13, failures: 3 };

/**
 * @param {number} seed
 * @param {number} index
 * @returns {Woman}
 */
export function woman(seed, index) {
  const random = stream(seed, index, 'woman');
  const role = roleOf(index);
  const site = SITES[index % SITES.length];
  const number = String(Math.floor(index / SITES.length) + 1).padStart(3, '0');
  const planned = Math.floor(((index % ENROLMENT.women) * ENROLMENT.days) / ENROLMENT.women);
  const baseline = workday(ENROLMENT.start + planned);
  const screening = workday(baseline - (role ? 21 : random.between(10, 26)));
  const age = clamp(random.bell(33, 6), 19, 49);
  const rank = rankOf(seed, index);
  const fate = fateOf(random, role, baseline, screening, rank === undefined);
  const visits = attended(random, role, baseline, screening, rank === undefined, fate.day);
  return {
    seed,
    index,
    role,
    site,
    number,
    usubjid: `${STUDY}-${site.id}-${number}`,
    screening,
    birth: yearsBefore(screening, age) - random.below(360),
    age,
    rank,
    arm: armOf(seed, 'arm', rank ?? 0),
    dummyArm: armOf(seed, 'dummy', rank ?? 0),
    baseline,
    treated: rank !== undefined && role !== 'neverTreated',
    visits,
    unscheduled: unscheduledDays(random, role, baseline, rank === undefined, fate.day).filter(
      (on) => !visits.some((planned) => planned.day === on),
    ),
    exit: fate,
  };
}

/**
 * Three of every thirteen women fail screening; those of the cast do as their role says.
 *
 * @param {number} seed
 * @param {number} index
 * @returns {number | undefined} place among the randomised, or nothing
 */
function rankOf(seed, index) {
  const block = Math.floor(index / BLOCK.women);
  const members = Array.from({ length: BLOCK.women }, (_, i) => block * BLOCK.women + i);
  const failed = members.filter((i) => roleOf(i) === 'rescreenedFailed');
  const free = members.filter((i) => roleOf(i) === undefined);
  for (const i of stream(seed, 'screening', block).shuffle(free)) if (failed.length < BLOCK.failures) failed.push(i);
  if (failed.includes(index)) return undefined;
  const before = members.filter((i) => i < index && !failed.includes(i)).length;
  return block * (BLOCK.women - BLOCK.failures) + before;
}

/**
 * The woman who has a place among the randomised.
 *
 * @param {number} seed
 * @param {number} rank
 */
export function indexOfRank(seed, rank) {
  let index = Math.floor(rank / (BLOCK.women - BLOCK.failures)) * BLOCK.women;
  while (rankOf(seed, index) !== rank) index++;
  return index;
}

/**
 * Permuted blocks of six.
 *
 * @param {number} seed
 * @param {'arm' | 'dummy'} list
 * @param {number} rank
 */
export function armOf(seed, list, rank) {
  const size = 2 * ARMS.length;
  const block = stream(seed, list, Math.floor(rank / size)).shuffle([0, 0, 1, 1, 2, 2]);
  return block[rank % size];
}

/**
 * @param {import('../lib/random.mjs').Random} random
 * @param {Woman['role']} role
 * @param {number} baseline
 * @param {number} screening
 * @param {boolean} failed
 * @returns {Exit}
 */
function fateOf(random, role, baseline, screening, failed) {
  if (failed) return { day: workday(screening + random.between(3, 9)), reason: 'SF' };
  if (role === 'neverTreated') return { day: baseline + 1, reason: 'WBS' };
  if (role === 'wrongKit') return { day: baseline + 28, reason: 'PD' };
  if (role === 'death') return { day: day('2025-07-14'), reason: 'DTH' };
  if (role === undefined && random.chance(1, 8)) {
    const reason = random.weighted(
      /** @type {[number, string][]} */ ([
        [6, 'AE'],
        [5, 'WBS'],
        [4, 'LOE'],
        [3, 'LTFU'],
        [2, 'PHY'],
        [1, 'PREG'],
        [1, 'PD'],
      ]),
    );
    return { day: workday(baseline + random.between(20, 150)), reason };
  }
  return { day: workday(baseline + LAST_VISIT.day - 1 + jitter(random, role)), reason: 'COMP' };
}

/**
 * @param {import('../lib/random.mjs').Random} random
 * @param {Woman['role']} role
 */
const jitter = (random, role) => (role ? 0 : random.between(-3, 3));

/**
 * @param {import('../lib/random.mjs').Random} random
 * @param {Woman['role']} role
 * @param {number} baseline
 * @param {number} screening
 * @param {boolean} failed
 * @param {number} last
 * @returns {Attended[]}
 */
function attended(random, role, baseline, screening, failed, last) {
  const visits = [{ visit: VISITS[0], day: screening }];
  if (failed) return visits;
  visits.push({ visit: BASELINE, day: baseline });
  for (const visit of VISITS.slice(2, -1)) {
    const on = workday(baseline + visit.day - 1 + jitter(random, role));
    const missed = role === undefined && random.chance(1, 40);
    if (on <= last && !missed && role !== 'neverTreated') visits.push({ visit, day: on });
  }
  if (last >= baseline + LAST_VISIT.day - 6) visits.push({ visit: LAST_VISIT, day: last });
  return visits;
}

/**
 * @param {import('../lib/random.mjs').Random} random
 * @param {Woman['role']} role
 * @param {number} baseline
 * @param {boolean} failed
 * @param {number} last
 * @returns {number[]}
 */
function unscheduledDays(random, role, baseline, failed, last) {
  if (role === 'threeWithoutKeys') return [baseline + 38, baseline + 101];
  if (role === 'removedForm') return [baseline + 45];
  if (role === 'rangeChange') return [baseline + 45, baseline + 133];
  if (failed || role || !random.chance(1, 9)) return [];
  const days = [workday(baseline + random.between(8, 80)), workday(baseline + random.between(90, 155))];
  return days.slice(0, random.chance(1, 4) ? 2 : 1).filter((on) => on < last);
}
