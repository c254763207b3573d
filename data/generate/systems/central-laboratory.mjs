// @ts-check
import { clock, day, isoDate } from '../lib/calendar.mjs';
import { csv } from '../lib/csv.mjs';
import { decimal, scale } from '../lib/decimal.mjs';
import { stream } from '../lib/random.mjs';
import { LAB_TESTS } from '../study/central-laboratory.mjs';
import { DELTA, LAB_REPEAT, LAB_UNSCHEDULED, STUDY } from '../study/design.mjs';
import { screenings } from '../woman/identifiers.mjs';
import { timeOfDay } from '../woman/time-of-day.mjs';
import { woman } from '../woman/woman.mjs';

/**
 * The central laboratory's cumulative file: one row for each result, in its own codes.
 *
 * @typedef {import('../woman/woman.mjs').Woman} Woman
 *
 * @typedef {object} Sample
 * @property {string} accession
 * @property {string} subject the laboratory's subject number
 * @property {string} visit its visit code
 * @property {number} day
 * @property {number} minutes
 * @property {string[]} tests
 * @property {string[]} cancelled tests without a result
 * @property {Record<string, number>} values that the cast fixes, in units of the last digit
 * @property {string} [repeatOf] accession of the sample it repeats
 */

const HEADER = [
  'STUDYID',
  'SITEID',
  'SCRNUM',
  'ACCESSION',
  'VISITCODE',
  'COLLDTM',
  'RECVDT',
  'TESTCODE',
  'TESTNAME',
  'LOINC',
  'STATUS',
  'RESULT',
  'UNIT',
  'LOW',
  'HIGH',
  'FLAG',
  'SIRESULT',
  'SIUNIT',
  'SILOW',
  'SIHIGH',
  'REPEATOF',
  'COMMENT',
];

const ALL = LAB_TESTS.map((t) => t.code);
const LIVER = ['ALT', 'AST', 'ALP', 'TBIL'];
/** Accession numbers a woman may use up. */
const ACCESSIONS = 16;

/**
 * @param {Woman} w
 * @returns {Sample[]}
 */
export function samples(w) {
  const random = stream(w.seed, w.index, 'samples');
  const known = screenings(w);
  /** @type {Omit<Sample, 'accession'>[]} */
  const drawn = [];
  /** @param {string} subject @param {string} visit @param {number} on @param {Partial<Sample>} [more] */
  const draw = (subject, visit, on, more) =>
    drawn.push({
      subject,
      visit,
      day: on,
      minutes: timeOfDay(w, on, random, [450, 690]),
      tests: ALL,
      cancelled: [],
      values: {},
      ...more,
    });
  for (const s of known) if (!s.last) draw(s.lab, 'SCRN', s.day);
  const subject = known[known.length - 1].lab;
  for (const { visit, day: on } of w.visits) if (visit.lab) draw(subject, visit.lab, on, plantedSample(w, visit.lab));
  w.unscheduled.forEach((on, i) => {
    if (i === 1 || random.chance(1, 2)) draw(subject, LAB_UNSCHEDULED, on, { tests: LIVER });
  });
  const numbered = drawn.map((s, i) => ({ ...s, accession: accession(w, i) }));
  return [...numbered, ...repeats(w, numbered, random)];
}

/** @param {Woman} w @param {number} n */
const accession = (w, n) => String(w.index * ACCESSIONS + n + 1).padStart(8, '0');

/** @param {Woman} w @param {string} visit @returns {Partial<Sample>} */
function plantedSample(w, visit) {
  if (w.role === 'retest' && visit === 'W004') return { values: { ALT: 98 } };
  if (w.role === 'cancelled' && visit === 'W012') return { cancelled: ['ALT', 'AST'] };
  return {};
}

/**
 * Liver tests taken again a week later: of the cast, and now and then of others.
 *
 * @param {Woman} w
 * @param {Sample[]} taken
 * @param {import('../lib/random.mjs').Random} random
 * @returns {Sample[]}
 */
function repeats(w, taken, random) {
  return taken
    .filter((s) =>
      w.role === 'retest' ? s.visit === 'W004' : w.role === undefined && s.visit === 'W012' && random.chance(1, 20),
    )
    .map((s, i) => ({
      ...s,
      accession: accession(w, taken.length + i),
      visit: LAB_REPEAT,
      day: s.day + 7,
      tests: LIVER,
      values: /** @type {Record<string, number>} */ (w.role === 'retest' ? { ALT: 41 } : {}),
      repeatOf: s.accession,
    }));
}

/**
 * @param {number} seed
 * @param {number} subjects
 */
export const centralLaboratory = (seed, subjects) => csv(HEADER, rows(seed, subjects));

/** @param {number} seed @param {number} subjects */
function* rows(seed, subjects) {
  for (let i = 0; i < subjects; i++) {
    const w = woman(seed, i);
    for (const sample of samples(w)) if (sample.day <= DELTA.asOf - 2) yield* results(w, sample);
  }
  yield* testSample(seed);
}

/** The test subject's only sample. @param {number} seed */
function* testSample(seed) {
  const nobody = { ...woman(seed, 0), baseline: day('2024-10-28'), treated: false, role: undefined };
  yield* results(nobody, {
    accession: '00000000',
    subject: '101-T01',
    visit: 'SCRN',
    day: nobody.baseline,
    minutes: 720,
    tests: ['HGB', 'ALT'],
    cancelled: [],
    values: { HGB: 130, ALT: 20 },
  });
}

/** @param {Woman} w @param {Sample} sample */
function* results(w, sample) {
  for (const t of LAB_TESTS) {
    if (!sample.tests.includes(t.code)) continue;
    const cancelled = sample.cancelled.includes(t.code);
    const value = sample.values[t.code] ?? measured(w, sample, t);
    const si = (/** @type {number} */ units) => decimal(scale(units, ...t.toSi), t.siDigits);
    const below = t.limit !== undefined && value < t.limit;
    yield [
      STUDY,
      w.site.id,
      sample.subject,
      sample.accession,
      sample.visit,
      `${isoDate(sample.day)}T${clock(sample.minutes)}`,
      isoDate(sample.day + 1),
      t.code,
      t.name,
      t.loinc,
      cancelled ? 'X' : 'F',
      cancelled ? '' : below ? `<${decimal(t.limit ?? 0, t.digits)}` : decimal(value, t.digits),
      t.unit,
      decimal(t.low, t.digits),
      decimal(t.high, t.digits),
      cancelled ? '' : value < t.low && !below ? 'L' : value > t.high ? 'H' : '',
      cancelled ? '' : below ? `<${si(t.limit ?? 0)}` : si(value),
      t.siUnit,
      si(t.low),
      si(t.high),
      sample.repeatOf,
      cancelled ? 'Specimen hemolyzed' : '',
    ];
  }
}

/** Estradiol left after treatment, in hundredths, by arm. */
const ESTRADIOL = [38, 12, 100];

/** @param {Woman} w @param {Sample} sample @param {import('../study/central-laboratory.mjs').LabTest} t */
function measured(w, sample, t) {
  const herself = stream(w.seed, w.index, 'lab', t.code).bell(0, t.deviation);
  const value = t.mean + herself + stream(w.seed, sample.accession, t.code).bell(0, Math.ceil(t.deviation / 3));
  const treated = w.treated && sample.day > w.baseline;
  return Math.max(1, t.code === 'E2' && treated ? scale(value, ESTRADIOL[w.arm], 100) : value);
}
