// @ts-check
import { EARLIEST_DOSE } from './dosing.mjs';
import { screenings } from './identifiers.mjs';

/**
 * When on a day something was measured or sampled, in minutes since midnight: on the day of consent only after it, at
 * Baseline before the first dose, else within the hours given.
 *
 * @param {import('./woman.mjs').Woman} w
 * @param {number} day
 * @param {import('../lib/random.mjs').Random} random
 * @param {readonly [number, number]} hours
 */
export function timeOfDay(w, day, random, [from, to]) {
  const consent = screenings(w).find((s) => s.day === day)?.consent;
  if (consent !== undefined) return random.between(consent + 15, consent + 120);
  return random.between(from, day === w.baseline ? EARLIEST_DOSE - 5 : to);
}
