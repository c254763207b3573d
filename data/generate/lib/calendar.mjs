// @ts-check
/** Days are whole numbers, counted from 1970-01-01. */

const DAY = 86_400_000;

/** @param {string} date `2025-11-03` */
export const day = (date) => Date.parse(`${date}T00:00:00Z`) / DAY;

/** @param {number} number */
export const isoDate = (number) => new Date(number * DAY).toISOString().slice(0, 10);

/** @param {number} minutes since midnight */
export const clock = (minutes) => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;

/** @param {number} n */
const two = (n) => String(n).padStart(2, '0');

/**
 * The day itself, or the Monday after where it falls on a weekend. Keeps order.
 *
 * @param {number} number
 */
export function workday(number) {
  const sinceMonday = (((number + 3) % 7) + 7) % 7;
  return sinceMonday > 4 ? number + 7 - sinceMonday : number;
}

/**
 * The same day some years earlier; 29 February becomes 1 March.
 *
 * @param {number} number
 * @param {number} years
 */
export function yearsBefore(number, years) {
  const date = new Date(number * DAY);
  return Date.UTC(date.getUTCFullYear() - years, date.getUTCMonth(), date.getUTCDate()) / DAY;
}
