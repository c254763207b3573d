// @ts-check
import { day } from '../lib/calendar.mjs';

/** The plan of the trial: arms, visits, sites, and the days on which the systems sent their files. */

export const STUDY = 'VEXIN-03';
export const METADATA_VERSION = 'MDV.1';

/**
 * @typedef {object} Arm
 * @property {string} code ARMCD
 * @property {string} name ARM
 * @property {string} treatment
 * @property {number} dose mg, once daily
 */
/** @type {readonly Arm[]} */
export const ARMS = [
  { code: 'PEL100', name: 'Pelvinexinol 100 mg', treatment: 'PELVINEXINOL', dose: 100 },
  { code: 'PEL200', name: 'Pelvinexinol 200 mg', treatment: 'PELVINEXINOL', dose: 200 },
  { code: 'PBO', name: 'Placebo', treatment: 'PLACEBO', dose: 0 },
];

/**
 * @typedef {object} Visit
 * @property {string} event StudyEventOID
 * @property {number} number VISITNUM
 * @property {string} name VISIT
 * @property {string} es its name in Spanish
 * @property {number} day planned study day; Baseline is day 1, the day before it day -1
 * @property {string} [lab] the central laboratory's code, where it takes a sample
 */
/** @type {readonly Visit[]} */
export const VISITS = [
  { event: 'SE.SCR', number: 1, name: 'SCREENING', es: 'Selección', day: -14, lab: 'SCRN' },
  { event: 'SE.BL', number: 2, name: 'BASELINE', es: 'Basal', day: 1, lab: 'D001' },
  { event: 'SE.WK04', number: 3, name: 'WEEK 4', es: 'Semana 4', day: 29, lab: 'W004' },
  { event: 'SE.WK08', number: 4, name: 'WEEK 8', es: 'Semana 8', day: 57 },
  { event: 'SE.WK12', number: 5, name: 'WEEK 12', es: 'Semana 12', day: 85, lab: 'W012' },
  { event: 'SE.WK16', number: 6, name: 'WEEK 16', es: 'Semana 16', day: 113 },
  { event: 'SE.WK20', number: 7, name: 'WEEK 20', es: 'Semana 20', day: 141 },
  { event: 'SE.WK24', number: 8, name: 'WEEK 24', es: 'Semana 24', day: 169, lab: 'W024' },
];
export const BASELINE = VISITS[1];
export const LAST_VISIT = VISITS[7];

/** Visits at which a kit is dispensed. */
export const DISPENSING = VISITS.slice(1, 7);
export const TABLETS_IN_KIT = 40;

/** What the central laboratory calls an unscheduled sample and a repeated one. */
export const LAB_UNSCHEDULED = 'UNSC';
export const LAB_REPEAT = 'RPT';

/**
 * @typedef {object} Site
 * @property {string} id SITEID
 * @property {string} location LocationOID
 * @property {string} name
 * @property {string} zone offset from UTC in winter
 * @property {boolean} customary weights in pounds, heights in inches, temperatures in Fahrenheit
 */
/** @type {readonly Site[]} */
export const SITES = [
  site('101', 'Site 101', '-05:00'),
  site('102', 'Site 102', '-05:00'),
  site('103', 'Site 103 – Cañon City', '-07:00'),
  site('104', 'Site 104', '-06:00'),
  site('105', 'Site 105', '-06:00'),
  site('106', 'Site 106', '-08:00'),
  site('107', 'Site 107 – Doña Ana', '-07:00'),
  site('108', 'Site 108', '-05:00'),
  site('109', 'Site 109', '-06:00', true),
  site('110', 'Site 110', '-05:00', true),
  site('111', 'Site 111', '-08:00', true),
  site('112', 'Site 112', '-06:00', true),
];

/**
 * @param {string} id
 * @param {string} name
 * @param {string} zone
 * @param {boolean} [customary]
 * @returns {Site}
 */
function site(id, name, zone, customary = false) {
  return { id, location: `LOC.${id}`, name, zone, customary };
}

/** @param {string} id */
export const siteOf = (id) => SITES[Number(id) - 101];

/** The first 260 women enrol over 330 days from here; those beyond follow the same calendar again. */
export const ENROLMENT = { start: day('2024-11-11'), days: 330, women: 260 };

/**
 * The two files of the EDC: what was entered by the end of `asOf` is in it.
 *
 * @typedef {object} Transfer
 * @property {string} fileOid
 * @property {string} created CreationDateTime
 * @property {string} asOfText AsOfDateTime
 * @property {number} asOf
 */
/** @type {Transfer} */
export const SNAPSHOT = {
  fileOid: 'VEXIN-03.EDC.2026-02-02',
  created: '2026-02-02T05:00:00-05:00',
  asOfText: '2026-02-01T23:59:59-05:00',
  asOf: day('2026-02-01'),
};
/** @type {Transfer} */
export const DELTA = {
  fileOid: 'VEXIN-03.EDC.2026-02-23',
  created: '2026-02-23T05:00:00-05:00',
  asOfText: '2026-02-22T23:59:59-05:00',
  asOf: day('2026-02-22'),
};
