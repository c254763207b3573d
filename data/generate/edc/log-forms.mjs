// @ts-check
import { isoDate } from '../lib/calendar.mjs';
import { adverseEvents, hasEnded, openOutcome } from '../woman/adverse-events.mjs';
import { history } from '../woman/history.mjs';
import { medications } from '../woman/medications.mjs';
import { form, group } from './tree.mjs';
import { corrected, mistyped } from './visit-forms.mjs';

/**
 * The forms that grow in the course of the trial: medical history, adverse events, medication, death.
 *
 * @typedef {import('../woman/woman.mjs').Woman} Woman
 */

/** @param {boolean} yes */
const yesNo = (yes) => (yes ? 'Y' : 'N');

/** @param {Woman} w */
export function historyForm(w) {
  const groups = history(w).map((c, i) =>
    group(
      'MH',
      {
        MHSPID: i + 1,
        MHCAT: c.category,
        MHTERM: c.term,
        MHSTDAT: c.start,
        MHONGO: yesNo(c.end === undefined),
        MHENDAT: c.end,
        MHCOM: c.comment,
      },
      { key: String(i + 1) },
    ),
  );
  return form('MH', groups);
}

/**
 * @param {Woman} w
 * @param {number} asOf
 * @param {boolean} late
 */
export function adverseEventsForm(w, asOf, late) {
  const groups = adverseEvents(w).map((e, i) =>
    e.reported <= asOf ? adverseEvent(w, e, i + 1, asOf, late) : undefined,
  );
  return form('AE', groups);
}

/**
 * @param {Woman} w
 * @param {import('../woman/adverse-events.mjs').AdverseEvent} e
 * @param {number} number
 * @param {number} asOf
 * @param {boolean} late
 */
function adverseEvent(w, e, number, asOf, late) {
  const reopened = w.role === 'removedItem' && late;
  const ended = hasEnded(e, asOf) && !reopened;
  const outcome = ended ? e.outcome : openOutcome(e);
  const severity =
    number === 1 && e.severity === 2 && mistyped(w, 'AESEV', 6)
      ? corrected(late, '3', '2', 'Query answered')
      : e.severity;
  const endDate = e.end !== undefined && hasEnded(e, asOf) ? isoDate(e.end) : undefined;
  const why = reopened ? 'Event has come back' : undefined;
  return group(
    'AE',
    {
      AESPID: number,
      AETERM: e.term,
      AESTDAT: e.startText ?? isoDate(e.start),
      AEONGO: { value: yesNo(!ended), reason: why },
      AEENDAT: reopened ? { value: endDate, removed: why } : endDate,
      AESEV: severity,
      AESER: yesNo(e.serious),
      AESDTH: e.serious ? yesNo(e.outcome === 5) : undefined,
      AESHOSP: e.serious ? yesNo(e.outcome !== 5) : undefined,
      AESMIE: e.serious ? 'N' : undefined,
      AEREL: e.related,
      AEACN: e.action,
      AEACNOTH: e.other,
      AECONTRT: yesNo(e.treated),
      AEOUT: { value: String(outcome), reason: why },
      AESI: yesNo(e.interest),
      AECOM: e.comment === undefined ? undefined : { value: e.comment, rawLineBreaks: e.rawLineBreaks },
    },
    {
      ...(hasKey(w) ? { key: String(number) } : { id: String(number) }),
      day: hasEnded(e, asOf) ? (e.end ?? 0) + 5 : e.reported,
      removed: late && number === 2 ? REMOVED[w.role ?? ''] : undefined,
    },
  );
}

/** Why the second adverse event of a woman was removed. @type {Record<string, string | undefined>} */
const REMOVED = {
  removedEvent: 'Entered for the wrong subject',
  removedMiddle: 'Symptom of the event before it',
};

/** Two of the cast have adverse events that the EDC sent without repeat keys. @param {Woman} w */
const hasKey = (w) => w.role !== 'twoWithoutKeys' && w.role !== 'removedMiddle';

/**
 * @param {Woman} w
 * @param {number} asOf
 * @param {boolean} late
 */
export function medicationsForm(w, asOf, late) {
  const groups = medications(w).map((m, i) => {
    if (m.reported > asOf) return undefined;
    const ended = m.end !== undefined && m.end <= asOf;
    const dose =
      i === 0 && m.drug.dose === '400' && mistyped(w, 'CMDOSE', 4)
        ? corrected(late, '4000', '400', 'Data entry error')
        : m.drug.dose;
    return group(
      'CM',
      {
        CMSPID: i + 1,
        CMTRT: m.name,
        CMINDC: m.drug.indication,
        CMDOSE: dose,
        CMDOSU: m.drug.unit,
        CMDOSFRQ: m.drug.frequency,
        CMROUTE: m.drug.route,
        CMSTDAT: m.start,
        CMONGO: yesNo(!ended),
        CMENDAT: ended ? isoDate(m.end ?? 0) : undefined,
        CMCOM: m.comment,
      },
      { key: String(i + 1), day: ended ? m.end : m.reported },
    );
  });
  return form('CM', groups);
}

/** @param {Woman} w */
export const deathForm = (w) =>
  w.role === 'death'
    ? form('DD', [group('DD', { DTHDAT: isoDate(w.exit.day), DDCAUSE: 'Road traffic accident' })])
    : undefined;
