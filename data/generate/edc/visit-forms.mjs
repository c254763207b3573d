// @ts-check
import { clock, isoDate } from '../lib/calendar.mjs';
import { stream } from '../lib/random.mjs';
import { TABLETS_IN_KIT } from '../study/design.mjs';
import { kitText, lotOf } from '../study/kits.mjs';
import { localResults } from '../woman/local-laboratory.mjs';
import { diaryWeek, vitalSigns } from '../woman/measurements.mjs';
import { form, group } from './tree.mjs';

/**
 * The forms that are filled in at visits.
 *
 * @typedef {import('../woman/woman.mjs').Woman} Woman
 * @typedef {import('./tree.mjs').Value} Value
 */

/**
 * A value that stood wrong in the snapshot and is put right in the delta.
 *
 * @param {boolean} late whether the delta has been sent
 * @param {string} wrong
 * @param {string} right
 * @param {string} reason
 * @returns {Value}
 */
export const corrected = (late, wrong, right, reason) => (late ? { value: right, reason } : wrong);

/**
 * Whether a value of a woman outside the cast was mistyped: a few are, and the delta corrects them.
 *
 * @param {Woman} w
 * @param {string} topic
 * @param {number} oneIn
 */
export const mistyped = (w, topic, oneIn) =>
  w.role === undefined && w.rank !== undefined && stream(w.seed, w.index, 'mistyped', topic).chance(1, oneIn);

/**
 * @param {Woman} w
 * @param {number} day
 * @param {string} event
 * @param {boolean} late
 */
export function vitalSignsForm(w, day, event, late) {
  const vs = vitalSigns(w, day);
  /** @type {Record<string, Value>} */
  const values = {
    VSDAT: isoDate(day),
    VSTIM: clock(vs.minutes),
    VSPOS: 'SIT',
    SYSBP: vs.systolic,
    DIABP: vs.diastolic,
    PULSE: vs.pulse,
    RESP: vs.respiration,
    TEMP: vs.temperature,
    WEIGHT: vs.weight,
    HEIGHT: event === 'SE.SCR' ? vs.height : undefined,
  };
  if (event === 'SE.WK04' && mistyped(w, 'SYSBP', 12)) {
    values.SYSBP = corrected(late, String(vs.systolic + 100), String(vs.systolic), 'Data entry error');
  }
  if (w.role === 'hexadecimal' && event === 'SE.WK08') values.PULSE = '0x1F';
  if (w.role === 'notDone' && event === 'SE.WK04') values.WEIGHT = { isNull: true };
  if (w.role === 'twoCorrections' && event === 'SE.WK08') {
    values.SYSBP = late ? { value: '118', reason: 'Source document checked', at: '2026-02-10T21:30:00-08:00' } : '128';
  }
  const removed = w.role === 'removedForm' && event === 'SE.UNS' && late ? 'Entered under the wrong visit' : undefined;
  return form('VS', [group('VS', values, { removed: undefined })], { removed });
}

/**
 * @param {Woman} w
 * @param {import('../woman/dosing.mjs').Dispensed | undefined} kit
 * @param {number} asOf
 */
export function exposureForm(w, kit, asOf) {
  if (!kit) return undefined;
  const counted = kit.returnedOn <= asOf;
  const half = w.role === 'halfTablet' && kit.visit.event === 'SE.WK04';
  const values = {
    EXKIT: kitText(kit.kit),
    EXLOT: lotOf(kit.kit).lot,
    EXSTDAT: isoDate(kit.start),
    EXSTTIM: kit.visit.event === 'SE.BL' ? clock(kit.firstDose) : undefined,
    EXENDAT: counted ? isoDate(kit.end) : undefined,
    EXTABD: TABLETS_IN_KIT,
    EXTABR: counted ? (half ? '1.5' : kit.returned) : undefined,
    EXMISS: counted ? (kit.missed > 0 ? 'Y' : 'N') : undefined,
    EXADJ: counted ? kit.reason : undefined,
  };
  return form('EX', [group('EX', values, { day: counted ? kit.returnedOn : kit.start })]);
}

/**
 * @param {Woman} w
 * @param {import('../woman/woman.mjs').Attended} attended
 * @param {boolean} late
 */
export function diaryForm(w, attended, late) {
  const wrong = attended.visit.event === 'SE.WK08' && mistyped(w, 'PDNMPP', 15);
  const groups = diaryWeek(w, attended).map((d, i) => {
    const pelvic = wrong && i === 0 ? corrected(late, '11', String(d.pelvic), 'Query answered') : d.pelvic;
    return group(
      'PD',
      { PDDAT: isoDate(d.day), PDDYSM: d.period, PDNMPP: pelvic, PDRESC: d.rescue },
      { key: String(i + 1) },
    );
  });
  return form('PD', groups);
}

/**
 * @param {Woman} w
 * @param {number} visit unscheduled visit, from 0
 */
export function localLaboratoryForm(w, visit) {
  const day = w.unscheduled[visit];
  const minutes = stream(w.seed, w.index, 'lb-time', visit).between(480, 960);
  const withoutKeys = w.role === 'threeWithoutKeys' && visit === 0;
  const groups = localResults(w, visit).map((r, i) =>
    group(
      'LB',
      { LBDAT: isoDate(day), LBTIM: clock(minutes), LBTESTCD: r.test, LBORRES: r.result, LBORRESU: r.unit },
      withoutKeys ? { id: String(i + 1) } : { key: String(i + 1) },
    ),
  );
  return form('LB', groups);
}
