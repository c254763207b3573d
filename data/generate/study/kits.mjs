// @ts-check
import { DISPENSING } from './design.mjs';

/**
 * Kit numbers. Each wave of 200 randomised women has six kits a woman and 120 spares; their numbers are scattered, so
 * that neighbours tell nothing of the treatment.
 */
export const KITS = { women: 200, perWoman: DISPENSING.length, spares: 120 };
export const WAVE = KITS.women * KITS.perWoman + KITS.spares;

const FACTOR = 607;
const OFFSET = 389;

/** Lots, each a quarter of the numbers, with their expiry dates. */
const LOTS = [
  ['PX0417', '2026-08-31'],
  ['00731', '2026-11-30'],
  ['1E5', '2027-02-28'],
  ['PX0522', '2027-05-31'],
];

/**
 * @param {number} wave
 * @param {number} place in the wave: six for each woman in order of randomisation, then the spares
 */
export const kitNumber = (wave, place) => wave * WAVE + ((place * FACTOR + OFFSET) % WAVE) + 1;

/** @param {number} number `0012` */
export const kitText = (number) => String(number).padStart(4, '0');

/**
 * @param {number} number
 * @returns {{ lot: string, expiry: string }}
 */
export function lotOf(number) {
  const [lot, expiry] = LOTS[Math.floor((((number - 1) % WAVE) * LOTS.length) / WAVE)];
  return { lot, expiry };
}

/**
 * The kit meant for a woman at a dispensing visit.
 *
 * @param {number} rank
 * @param {number} slot 0 for Baseline
 */
export const intendedKit = (rank, slot) =>
  kitNumber(Math.floor(rank / KITS.women), (rank % KITS.women) * KITS.perWoman + slot);

/** The spare that the wrong woman was given. */
export const WRONG_KIT = kitNumber(0, KITS.women * KITS.perWoman);
