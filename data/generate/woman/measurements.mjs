// @ts-check
import { clamp, decimal, scale } from '../lib/decimal.mjs';
import { stream } from '../lib/random.mjs';
import { timeOfDay } from './time-of-day.mjs';

/**
 * @typedef {object} VitalSigns
 * @property {number} minutes since midnight
 * @property {number} systolic
 * @property {number} diastolic
 * @property {number} pulse
 * @property {number} respiration
 * @property {Measured} temperature
 * @property {Measured} weight
 * @property {Measured} height
 *
 * @typedef {{ value: string, unit: string }} Measured with its MeasurementUnitOID
 */

/**
 * @param {import('./woman.mjs').Woman} w
 * @param {number} day
 * @returns {VitalSigns}
 */
export function vitalSigns(w, day) {
  const herself = stream(w.seed, w.index, 'body');
  const weight = clamp(herself.bell(720, 90), 450, 1300);
  const height = clamp(herself.bell(1650, 45), 1480, 1850);
  const pressure = herself.bell(116, 7);
  const random = stream(w.seed, w.index, 'vs', day);
  const systolic = clamp(pressure + random.bell(0, 5), 88, 160);
  return {
    minutes: timeOfDay(w, day, random, [480, 960]),
    systolic,
    diastolic: clamp(scale(systolic, 65, 100) + random.bell(0, 3), 52, 100),
    pulse: clamp(random.bell(72, 5), 48, 110),
    respiration: clamp(random.bell(15, 1), 11, 20),
    temperature: measured(clamp(random.bell(367, 2), 359, 375), w.site.customary, 'MU.C', 'MU.F', fahrenheit),
    weight: measured(weight + random.bell(0, 6), w.site.customary, 'MU.KG', 'MU.LB', pounds),
    height: measured(height, w.site.customary, 'MU.CM', 'MU.IN', inches),
  };
}

/** Tenths of the other unit. @param {number} tenths */
const fahrenheit = (tenths) => scale(tenths, 9, 5) + 320;
/** @param {number} tenths */
const pounds = (tenths) => scale(tenths, 220462, 100000);
/** @param {number} tenths */
const inches = (tenths) => scale(tenths, 100, 254);

/**
 * @param {number} tenths
 * @param {boolean} customary
 * @param {string} metricUnit
 * @param {string} customaryUnit
 * @param {(tenths: number) => number} convert
 * @returns {Measured}
 */
function measured(tenths, customary, metricUnit, customaryUnit, convert) {
  return customary
    ? { value: decimal(convert(tenths), 1), unit: customaryUnit }
    : { value: decimal(tenths, 1), unit: metricUnit };
}

/**
 * @typedef {object} DiaryDay
 * @property {number} day
 * @property {number} period pain, 0 to 10
 * @property {number} pelvic pain apart from periods, 0 to 10
 * @property {number} rescue tablets
 */

/** Points off the baseline pain at week 24, in tenths, by arm. */
const RELIEF = [26, 37, 13];

/**
 * The week before a visit; some days are missing.
 *
 * @param {import('./woman.mjs').Woman} w
 * @param {import('./woman.mjs').Attended} attended
 * @returns {DiaryDay[]}
 */
export function diaryWeek(w, { visit, day }) {
  const herself = stream(w.seed, w.index, 'pain');
  const period = herself.between(62, 85);
  const pelvic = herself.between(45, 70);
  const random = stream(w.seed, w.index, 'pd', visit.event);
  const relief = scale(RELIEF[w.arm], Math.max(0, visit.day - 1), 168);
  const score = (/** @type {number} */ tenths) => clamp(scale(tenths - relief + random.bell(0, 8), 1, 10), 0, 10);
  const days = Array.from({ length: 7 }, (_, i) => ({
    day: day - 7 + i,
    period: score(period),
    pelvic: score(pelvic),
    rescue: random.pick([0, 0, 0, 1, 1, 2]),
  }));
  return days.filter(() => !random.chance(1, 12));
}
