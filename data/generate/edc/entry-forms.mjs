// @ts-check
import { clock, isoDate, yearsBefore } from '../lib/calendar.mjs';
import { stream } from '../lib/random.mjs';
import { CODE_LISTS } from './code-lists.mjs';
import { form, group } from './tree.mjs';

/**
 * The forms of entry into the trial and of its end: consent, demographics, eligibility, disposition.
 *
 * @typedef {import('../woman/woman.mjs').Woman} Woman
 * @typedef {import('../woman/identifiers.mjs').Screening} Screening
 */

/** @param {Screening} s */
export const consentForm = (s) =>
  form('IC', [group('IC', { ICDTM: `${isoDate(s.day)}T${clock(s.consent)}:00`, ICVERS: '1.0' })]);

/** @param {Woman} w @param {Screening} s */
export function demographicsForm(w, s) {
  const random = stream(w.seed, w.index, 'dm');
  const race = random.weighted(
    /** @type {[number, number][]} */ ([
      [66, 1],
      [17, 2],
      [8, 3],
      [2, 4],
      [1, 5],
      [4, 6],
      [2, 9],
    ]),
  );
  const values = {
    DMDAT: isoDate(s.day),
    BRTHDAT: isoDate(w.birth).slice(0, random.chance(1, 10) ? 4 : 7),
    AGE: w.birth > yearsBefore(s.day, w.age) ? w.age - 1 : w.age,
    SEX: 'F',
    RACE: race,
    RACEOTH: race === 6 ? random.pick(['Mixed', 'Mestiza', 'Middle Eastern']) : undefined,
    ETHNIC: random.weighted(
      /** @type {[number, string][]} */ ([
        [20, 'H'],
        [77, 'NH'],
        [3, 'NR'],
      ]),
    ),
  };
  return form('DM', [group('DM', values)]);
}

/** Why women fail screening, with weights. @type {[number, string][]} */
const FAILURES = [
  [2, 'I02'],
  [5, 'I03'],
  [6, 'I04'],
  [3, 'E01'],
  [1, 'E02'],
  [4, 'E03'],
  [3, 'E04'],
  [3, 'E05'],
];

/** @param {Woman} w @param {Screening} s @returns {string} code of CL.IETEST */
export function criterionNotMet(w, s) {
  return s.last ? stream(w.seed, w.index, 'ie').weighted(FAILURES) : 'I04';
}

/** Whether a screening ended in failure. @param {Woman} w @param {Screening} s */
export const failed = (w, s) => w.rank === undefined || !s.last;

/** @param {Woman} w @param {Screening} s */
export function eligibilityForm(w, s) {
  const not = failed(w, s);
  const day = not ? failureDay(w, s) : w.baseline;
  return form('IE', [
    group('IE', { IEDAT: isoDate(day), IEYN: not ? 'N' : 'Y' }),
    not ? group('IEX', { IETESTCD: criterionNotMet(w, s) }, { key: '1' }) : undefined,
  ]);
}

/** @param {Woman} w @param {Screening} s */
const failureDay = (w, s) => (s.last ? w.exit.day : s.day + 7);

/** @param {string} code */
const criterion = (code) => CODE_LISTS.find((l) => l.oid === 'CL.IETEST')?.items.find(([c]) => c === code)?.[1];

/** @type {Record<string, string>} */
const DETAILS = {
  COMP: 'Completed',
  AE: 'Adverse event',
  LOE: 'Pain not controlled',
  LTFU: 'Could not be reached',
  WBS: 'Subject no longer wished to take part',
  PHY: 'Investigator judged it best to stop',
  PREG: 'Pregnancy test positive',
  PD: 'Wrong kit dispensed at Baseline',
  DTH: 'Death',
};

/** @param {Woman} w @param {Screening} s @param {number} asOf */
export function dispositionForm(w, s, asOf) {
  if (failed(w, s)) {
    const code = criterionNotMet(w, s);
    const text = `${code}: ${criterion(code)}`;
    return form('DS', [disposition('EOS', failureDay(w, s), 'SF', text)]);
  }
  if (w.exit.day > asOf) return undefined;
  const { reason, day } = w.exit;
  const details = w.role === undefined && reason === 'PD' ? 'Took a prohibited medication' : DETAILS[reason];
  return form('DS', [
    w.treated ? disposition('EOT', reason === 'DTH' ? day - 1 : day, reason, details) : undefined,
    disposition('EOS', reason === 'DTH' ? day + 1 : day, reason, details),
  ]);
}

/** @param {string} what @param {number} day @param {string} reason @param {string} details */
const disposition = (what, day, reason, details) =>
  group('DS', { DSSCAT: what, DSSTDAT: isoDate(day), DSDECOD: reason, DSTERM: details }, { key: what, day });
