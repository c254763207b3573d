// @ts-check
import { isoDate } from '../lib/calendar.mjs';
import { csv } from '../lib/csv.mjs';
import { DELTA } from '../study/design.mjs';
import { DRUG_DICTIONARY, DRUGS, EVENT_DICTIONARY, EVENT_TERMS, OTHER_TERMS } from '../study/dictionary.mjs';
import { adverseEvents } from '../woman/adverse-events.mjs';
import { history } from '../woman/history.mjs';
import { medications } from '../woman/medications.mjs';
import { woman } from '../woman/woman.mjs';

/** The coding file: each verbatim of adverse events, medical history and medication once, with its terms. */

const HEADER = [
  'DICTIONARY',
  'DOMAIN',
  'VERBATIM',
  'STATUS',
  'LLT',
  'LLTCD',
  'PT',
  'PTCD',
  'HLT',
  'HLTCD',
  'HLGT',
  'HLGTCD',
  'SOC',
  'SOCCD',
  'PREFERRED',
  'ATC',
  'ATCCD',
  'CODED',
];
const CODED = isoDate(DELTA.asOf);
const TERMS = [...EVENT_TERMS, ...OTHER_TERMS];

/**
 * Codes of one level, in order of first appearance.
 *
 * @param {number} first
 * @param {readonly string[]} names
 */
const numbered = (first, names) => new Map([...new Set(names)].map((name, i) => [name, first + i]));

const CODES = {
  soc: numbered(
    91000001,
    TERMS.map((t) => t.soc),
  ),
  hlgt: numbered(
    92000001,
    TERMS.map((t) => t.hlgt),
  ),
  hlt: numbered(
    93000001,
    TERMS.map((t) => t.hlt),
  ),
  pt: numbered(
    94000001,
    TERMS.map((t) => t.pt),
  ),
  llt: numbered(
    95000001,
    TERMS.flatMap((t) => t.llts),
  ),
};

/** @param {string} domain @param {string} verbatim */
function eventRow(domain, verbatim) {
  const term = TERMS.find((t) => t.verbatims.includes(verbatim));
  if (!term) return [EVENT_DICTIONARY, domain, verbatim, 'QUERY', ...Array(13).fill(''), ''];
  const llt = term.llts[term.verbatims.indexOf(verbatim)];
  const { pt, hlt, hlgt, soc } = term;
  return [
    EVENT_DICTIONARY,
    domain,
    verbatim,
    'CODED',
    llt,
    CODES.llt.get(llt),
    pt,
    CODES.pt.get(pt),
    hlt,
    CODES.hlt.get(hlt),
    hlgt,
    CODES.hlgt.get(hlgt),
    soc,
    CODES.soc.get(soc),
    '',
    '',
    '',
    CODED,
  ];
}

/** @param {string} verbatim */
function drugRow(verbatim) {
  const drug = DRUGS.find((d) => d.verbatims.includes(verbatim)) ?? DRUGS[0];
  return [
    DRUG_DICTIONARY,
    'CM',
    verbatim,
    'CODED',
    ...Array(10).fill(''),
    drug.name,
    drug.className,
    drug.classCode,
    CODED,
  ];
}

/**
 * @param {number} seed
 * @param {number} subjects
 */
export const coding = (seed, subjects) => csv(HEADER, rows(seed, subjects));

/** @param {number} seed @param {number} subjects */
function* rows(seed, subjects) {
  const events = new Set();
  const conditions = new Set();
  const drugs = new Set();
  for (let i = 0; i < subjects; i++) {
    const w = woman(seed, i);
    for (const e of adverseEvents(w)) if (e.reported <= DELTA.asOf) events.add(e.term);
    for (const c of history(w)) conditions.add(c.term);
    for (const m of medications(w)) if (m.reported <= DELTA.asOf) drugs.add(m.name);
  }
  for (const verbatim of [...events].sort()) yield eventRow('AE', verbatim);
  for (const verbatim of [...conditions].sort()) yield eventRow('MH', verbatim);
  for (const verbatim of [...drugs].sort()) yield drugRow(verbatim);
}
