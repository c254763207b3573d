// @ts-check
import { isoDate } from '../lib/calendar.mjs';
import { csv } from '../lib/csv.mjs';
import { ARMS, LAB_REPEAT, LAB_UNSCHEDULED, SITES, STUDY, VISITS } from '../study/design.mjs';
import { LOCAL_RANGES } from '../study/local-laboratory.mjs';

/** Small tables that a trial keeps by hand. */

export const arms = () =>
  csv(
    ['ARMCD', 'ARM', 'TREATMENT', 'DOSE', 'DOSEU', 'DOSFRQ'],
    ARMS.map((a) => [a.code, a.name, a.treatment, a.dose, 'mg', 'QD']),
  );

/** The plan of visits; unscheduled ones have no number of their own. */
export const visits = () =>
  csv(
    ['VISITNUM', 'VISIT', 'VISITDY', 'STUDYEVENTOID', 'LABVISIT', 'EPOCH'],
    [
      ...VISITS.map((v) => [v.number, v.name, v.day, v.event, v.lab, v.number === 1 ? 'SCREENING' : 'TREATMENT']),
      ['', 'UNSCHEDULED', '', 'SE.UNS', LAB_UNSCHEDULED, ''],
      ['', 'REPEAT OF AN EARLIER SAMPLE', '', '', LAB_REPEAT, ''],
    ],
  );

export const sites = () =>
  csv(
    ['SITEID', 'LOCATIONOID', 'NAME', 'COUNTRY', 'INVID', 'UTCOFFSET', 'UNITS'],
    SITES.map((s) => [s.id, s.location, s.name, 'USA', `U${s.id}`, s.zone, s.customary ? 'US' : 'METRIC']),
  );

export const localRanges = () =>
  csv(
    ['SITEID', 'LBTESTCD', 'LBORRESU', 'LOW', 'HIGH', 'VALIDFROM', 'VALIDTO'],
    LOCAL_RANGES.map((r) => [
      r.site,
      r.test,
      r.unit,
      r.low,
      r.high,
      isoDate(r.from),
      r.to === undefined ? '' : isoDate(r.to),
    ]),
  );

const CT = 'CDISC CT';
const CT_VERSION = '2026-03-27';

/**
 * Trial summary: TSPARMCD, TSPARM, TSVAL, TSVALNF, TSVALCD; a code is a C-code of the terminology, but for countries. Several values of
 * one parameter are numbered in the order in which they stand.
 *
 * @type {readonly (readonly [string, string, string, string?, string?])[]}
 */
const TRIAL_SUMMARY = [
  ['ACTSUB', 'Actual Number of Subjects', '', 'NAV'],
  ['ADAPT', 'Adaptive Design', 'N', '', 'C49487'],
  ['ADDON', 'Added on to Existing Treatments', 'N', '', 'C49487'],
  ['AGEMAX', 'Planned Maximum Age of Subjects', 'P49Y'],
  ['AGEMIN', 'Planned Minimum Age of Subjects', 'P18Y'],
  ['DCUTDESC', 'Data Cutoff Description', 'INTERIM TRANSFER'],
  ['DCUTDTC', 'Data Cutoff Date', '2026-02-22'],
  ['DOSE', 'Dose per Administration', '100'],
  ['DOSE', 'Dose per Administration', '200'],
  ['DOSFRM', 'Dose Form', 'TABLET, FILM COATED', '', 'C42931'],
  ['DOSFRQ', 'Dosing Frequency', 'QD', '', 'C25473'],
  ['DOSU', 'Dose Units', 'mg', '', 'C28253'],
  ['EXTTIND', 'Extension Trial Indicator', 'N', '', 'C49487'],
  ['FCNTRY', 'Planned Country of Investigational Sites', 'USA', '', 'USA'],
  ['HLTSUBJI', 'Healthy Subject Indicator', 'N', '', 'C49487'],
  ['INDIC', 'Trial Disease/Condition Indication', 'ENDOMETRIOSIS-ASSOCIATED PAIN'],
  ['INTMODEL', 'Intervention Model', 'PARALLEL', '', 'C82639'],
  ['INTTYPE', 'Intervention Type', 'DRUG', '', 'C1909'],
  ['LENGTH', 'Trial Length', 'P28W'],
  ['NARMS', 'Planned Number of Arms', '3'],
  [
    'OBJPRIM',
    'Trial Primary Objective',
    'TO COMPARE PELVINEXINOL WITH PLACEBO IN REDUCING ENDOMETRIOSIS-ASSOCIATED PAIN AT WEEK 24',
  ],
  ['OBJSEC', 'Trial Secondary Objective', 'TO ASSESS THE SAFETY OF PELVINEXINOL OVER 24 WEEKS'],
  ['ONGOSIND', 'Ongoing Study Indicator', 'Y', '', 'C49488'],
  ['OUTMSPRI', 'Primary Outcome Measure', 'MEAN DYSMENORRHEA SCORE (0 TO 10) IN THE WEEK BEFORE WEEK 24'],
  [
    'OUTMSSEC',
    'Secondary Outcome Measure',
    'MEAN NON-MENSTRUAL PELVIC PAIN SCORE (0 TO 10) IN THE WEEK BEFORE WEEK 24',
  ],
  ['PCLAS', 'Pharmacologic Class', 'GONADOTROPIN RELEASING HORMONE RECEPTOR ANTAGONIST'],
  ['PDPSTIND', 'Pediatric Postmarket Study Indicator', 'N', '', 'C49487'],
  ['PDSTIND', 'Pediatric Study Indicator', 'N', '', 'C49487'],
  ['PIPIND', 'Pediatric Investigation Plan Indicator', 'N', '', 'C49487'],
  ['PLANSUB', 'Planned Number of Subjects', '200'],
  ['RANDOM', 'Trial is Randomized', 'Y', '', 'C49488'],
  ['RANDQT', 'Randomization Quotient', '0.67'],
  ['RDIND', 'Rare Disease Indicator', 'N', '', 'C49487'],
  ['REGID', 'Registry Identifier', '', 'NA'],
  ['ROUTE', 'Route of Administration', 'ORAL', '', 'C38288'],
  ['SDTIGVER', 'SDTM IG Version', '3.4'],
  ['SDTMVER', 'SDTM Version', '2.0'],
  ['SENDTC', 'Study End Date', '', 'NAV'],
  ['SEXPOP', 'Sex of Participants', 'F', '', 'C16576'],
  ['SPONSOR', 'Clinical Study Sponsor', 'DEMONSTRATION SPONSOR'],
  ['SSTDTC', 'Study Start Date', ''],
  ['STOPRULE', 'Study Stop Rules', 'NONE'],
  ['STYPE', 'Study Type', 'INTERVENTIONAL', '', 'C98388'],
  ['TBLIND', 'Trial Blinding Schema', 'DOUBLE BLIND', '', 'C15228'],
  ['TCNTRL', 'Control Type', 'PLACEBO', '', 'C49648'],
  ['TDIGRP', 'Diagnosis Group', 'ENDOMETRIOSIS'],
  ['THERAREA', 'Therapeutic Area', "WOMEN'S HEALTH"],
  ['TINDTP', 'Trial Intent Type', 'TREATMENT', '', 'C49656'],
  [
    'TITLE',
    'Trial Title',
    'A RANDOMIZED, DOUBLE-BLIND, PLACEBO-CONTROLLED PHASE III TRIAL OF PELVINEXINOL IN ENDOMETRIOSIS-ASSOCIATED PAIN',
  ],
  ['TPHASE', 'Trial Phase Classification', 'PHASE III TRIAL', '', 'C15602'],
  ['TRT', 'Investigational Therapy or Treatment', 'PELVINEXINOL'],
  ['TTYPE', 'Trial Type', 'EFFICACY', '', 'C49666'],
  ['TTYPE', 'Trial Type', 'SAFETY', '', 'C49667'],
];

/** @type {Record<string, [string, string]>} */
const OTHER_REFERENCES = {
  AGEMAX: ['ISO 8601', ''],
  AGEMIN: ['ISO 8601', ''],
  DCUTDTC: ['ISO 8601', ''],
  FCNTRY: ['ISO 3166', ''],
  LENGTH: ['ISO 8601', ''],
  SSTDTC: ['ISO 8601', ''],
};

/** @param {number} start day of the first consent */
export function trialSummary(start) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const rows = TRIAL_SUMMARY.map(([code, name, value, nullFlavor = '', term = '']) => {
    const number = (seen.get(code) ?? 0) + 1;
    seen.set(code, number);
    const [reference, version] = OTHER_REFERENCES[code] ?? (term ? [CT, CT_VERSION] : ['', '']);
    return [
      STUDY,
      number,
      code,
      name,
      code === 'SSTDTC' ? isoDate(start) : value,
      nullFlavor,
      term,
      reference,
      version,
    ];
  });
  return csv(['STUDYID', 'TSSEQ', 'TSPARMCD', 'TSPARM', 'TSVAL', 'TSVALNF', 'TSVALCD', 'TSVCDREF', 'TSVCDVER'], rows);
}
