// @ts-check
import { DELTA, SITES, siteOf } from '../study/design.mjs';
import { dispensed } from '../woman/dosing.mjs';
import { screenings } from '../woman/identifiers.mjs';
import { consentForm, demographicsForm, dispositionForm, eligibilityForm, failed } from './entry-forms.mjs';
import { adverseEventsForm, deathForm, historyForm, medicationsForm } from './log-forms.mjs';
import { event, form, group } from './tree.mjs';
import { diaryForm, exposureForm, localLaboratoryForm, vitalSignsForm } from './visit-forms.mjs';

/** @typedef {import('../woman/woman.mjs').Woman} Woman */

/**
 * What the EDC held of a woman at the end of a day: one SubjectData for each time she was screened.
 *
 * @param {Woman} w
 * @param {number} asOf
 * @returns {import('./tree.mjs').SubjectNode[]}
 */
export function casebook(w, asOf) {
  const late = asOf >= DELTA.asOf;
  const moved =
    w.role === 'moved' && late
      ? { site: siteOf('109'), reason: 'Subject moved to site 109', at: '2026-02-03T09:00:00-06:00' }
      : {};
  return screenings(w).map((s) => {
    const all = [
      screeningEvent(w, s, late),
      ...(failed(w, s) ? [] : treatmentEvents(w, asOf, late)),
      logEvent(w, s, asOf, late),
      event('SE.EOS', [dispositionForm(w, s, asOf)], { day: w.exit.day }),
    ];
    return { key: s.key, site: w.site, ...moved, events: all.filter((e) => e !== undefined) };
  });
}

/** @param {Woman} w @param {import('../woman/identifiers.mjs').Screening} s @param {boolean} late */
const screeningEvent = (w, s, late) =>
  event('SE.SCR', [
    consentForm(s),
    demographicsForm(w, s),
    eligibilityForm(w, s),
    vitalSignsForm(w, s.day, 'SE.SCR', late),
  ]);

/** @param {Woman} w @param {number} asOf @param {boolean} late */
function treatmentEvents(w, asOf, late) {
  const kits = dispensed(w);
  const visits = w.visits.slice(1).map((a) => {
    if (a.day > asOf) return undefined;
    const kit = kits.find((k) => k.visit === a.visit);
    const { event: oid } = a.visit;
    return event(oid, [vitalSignsForm(w, a.day, oid, late), exposureForm(w, kit, asOf), diaryForm(w, a, late)], {
      day: a.day,
    });
  });
  const unscheduled = w.unscheduled.map((day, i) =>
    day > asOf
      ? undefined
      : event('SE.UNS', [vitalSignsForm(w, day, 'SE.UNS', late), localLaboratoryForm(w, i)], {
          key: String(i + 1),
          day,
        }),
  );
  return [...visits, ...unscheduled];
}

/** @param {Woman} w @param {import('../woman/identifiers.mjs').Screening} s @param {number} asOf @param {boolean} late */
function logEvent(w, s, asOf, late) {
  if (!s.last) return event('SE.LOG', [historyForm(w)]);
  return event('SE.LOG', [
    historyForm(w),
    adverseEventsForm(w, asOf, late),
    medicationsForm(w, asOf, late),
    deathForm(w),
  ]);
}

/**
 * The subject that trainers entered into the study itself: not a woman.
 *
 * @returns {import('./tree.mjs').SubjectNode}
 */
export function testSubject() {
  const events = [
    event('SE.SCR', [
      form('IC', [group('IC', { ICDTM: '2024-10-28T12:00:00', ICVERS: '1.0' })]),
      form('DM', [group('DM', { DMDAT: '2024-10-28', BRTHDAT: '1990', AGE: 34, SEX: 'F', RACE: 9, ETHNIC: 'NR' })]),
      form('VS', [
        group('VS', {
          VSDAT: '2024-10-28',
          VSTIM: '12:00',
          VSPOS: 'SIT',
          SYSBP: 111,
          DIABP: 77,
          PULSE: 77,
          RESP: 11,
          TEMP: { value: '37.0', unit: 'MU.C' },
        }),
      ]),
    ]),
    event('SE.LOG', [
      form('AE', [
        group(
          'AE',
          {
            AESPID: 1,
            AETERM: 'TEST TEST',
            AESTDAT: '2024-10-28',
            AEONGO: 'Y',
            AESEV: 1,
            AESER: 'N',
            AEREL: 1,
            AEACN: 'NA',
            AEOUT: 9,
          },
          { key: '1' },
        ),
      ]),
    ]),
  ];
  return { key: 'VEX-101-T01', site: SITES[0], events: events.filter((e) => e !== undefined) };
}
