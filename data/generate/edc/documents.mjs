// @ts-check
import { day, isoDate } from '../lib/calendar.mjs';
import { stream } from '../lib/random.mjs';
import { DELTA, METADATA_VERSION, SNAPSHOT, STUDY } from '../study/design.mjs';
import { woman } from '../woman/woman.mjs';
import { casebook, testSubject } from './casebook.mjs';
import { subjectChanges } from './changes.mjs';
import { subjectData } from './clinical-data.mjs';
import { adminData, study } from './metadata.mjs';

/**
 * The files of the EDC, as pieces of text: a piece a subject, so that a file of any size is written as it is made.
 *
 * @typedef {import('../study/design.mjs').Transfer} Transfer
 */

/**
 * @param {string} type
 * @param {Transfer} transfer
 * @param {string} [prior]
 */
function opening(type, transfer, prior) {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="${type}"${type === 'Snapshot' ? ' Granularity="All"' : ''} FileOID="${transfer.fileOid}"` +
    `${prior ? ` PriorFileOID="${prior}"` : ''} CreationDateTime="${transfer.created}" AsOfDateTime="${transfer.asOfText}"` +
    ' Originator="Demonstration study generator" SourceSystem="DEMO-EDC" SourceSystemVersion="1.0">\n'
  );
}

const CLINICAL_DATA = `<ClinicalData StudyOID="${STUDY}" MetaDataVersionOID="${METADATA_VERSION}">\n`;
const CLOSING = '</ClinicalData>\n</ODM>\n';

/**
 * The snapshot: the whole definition and everything entered by its day.
 *
 * @param {number} seed
 * @param {number} subjects
 * @returns {Generator<string>}
 */
export function* snapshot(seed, subjects) {
  yield opening('Snapshot', SNAPSHOT);
  yield `${study()}\n`;
  yield `${adminData()}\n`;
  yield CLINICAL_DATA;
  for (let i = 0; i < subjects; i++) yield casebook(woman(seed, i), SNAPSHOT.asOf).map(subjectData).join('');
  yield subjectData(testSubject());
  yield CLOSING;
}

/** First SourceID of the delta's audit records. */
const FIRST_AUDIT = 700_001;

/**
 * The delta: what changed between the days of the two files.
 *
 * @param {number} seed
 * @param {number} subjects
 * @returns {Generator<string>}
 */
export function* delta(seed, subjects) {
  yield opening('Transactional', DELTA, SNAPSHOT.fileOid);
  yield CLINICAL_DATA;
  let next = FIRST_AUDIT;
  for (let i = 0; i < subjects; i++) {
    const w = woman(seed, i);
    const before = casebook(w, SNAPSHOT.asOf);
    for (const [n, after] of casebook(w, DELTA.asOf).entries()) {
      const changes = subjectChanges(
        before[n],
        after,
        auditor(w, after, () => String(next++)),
      );
      if (changes) yield subjectData(changes);
      if (w.role === 'twoCorrections') yield subjectData(earlierCorrection(after, String(next++)));
    }
  }
  yield CLOSING;
}

/**
 * Audit records of one woman: by the coordinator of her site, a few seconds after one another.
 *
 * @param {import('../woman/woman.mjs').Woman} w
 * @param {import('./tree.mjs').SubjectNode} subject
 * @param {() => string} id
 * @returns {import('./changes.mjs').Stamp}
 */
function auditor(w, subject, id) {
  const random = stream(w.seed, w.index, 'audit');
  const first = random.between(day('2026-02-04'), day('2026-02-20'));
  let seconds = random.between(9 * 3600, 17 * 3600);
  return (node) => {
    seconds += random.between(4, 40);
    const at = `${isoDate(Math.max(first, node.day ?? 0))}T${new Date(seconds * 1000).toISOString().slice(11, 19)}${subject.site.zone}`;
    return {
      user: `C${subject.site.id}`,
      location: subject.site.location,
      at: node.at ?? at,
      reason: node.reason ?? '',
      id: id(),
    };
  };
}

/**
 * A correction that stands later in the file, and is written later by its clock, but was made twenty minutes earlier.
 *
 * @param {import('./tree.mjs').SubjectNode} subject
 * @param {string} id
 * @returns {import('./tree.mjs').SubjectNode}
 */
function earlierCorrection(subject, id) {
  const audit = {
    user: 'D001',
    location: 'LOC.SPONSOR',
    at: '2026-02-11T00:10:00-05:00',
    reason: 'Query answered',
    id,
  };
  const transaction = /** @type {const} */ ('Context');
  const item = { oid: 'IT.VS.SYSBP', value: '182', transaction: /** @type {const} */ ('Update'), audit };
  const group = { oid: 'IG.VS', transaction, items: [item] };
  const form = { oid: 'FO.VS', transaction, groups: [group] };
  return { ...subject, transaction, events: [{ oid: 'SE.WK08', transaction, forms: [form] }] };
}

/**
 * A snapshot of about so many bytes, in which every item carries its audit record, for benchmarks.
 *
 * @param {number} seed
 * @param {number} bytes
 * @returns {Generator<string>}
 */
export function* largeSnapshot(seed, bytes) {
  yield opening('Snapshot', SNAPSHOT);
  yield `${study()}\n`;
  yield `${adminData()}\n`;
  yield CLINICAL_DATA;
  let written = 0;
  let next = 1;
  for (let i = 0; written < bytes; i++) {
    const w = woman(seed, i);
    const text = casebook(w, SNAPSHOT.asOf)
      .map((subject) => subjectData(audited(subject, w.screening, () => String(next++))))
      .join('');
    written += Buffer.byteLength(text);
    yield text;
  }
  yield CLOSING;
}

/**
 * @param {import('./tree.mjs').SubjectNode} subject
 * @param {number} entered
 * @param {() => string} id
 * @returns {import('./tree.mjs').SubjectNode}
 */
function audited(subject, entered, id) {
  const { site } = subject;
  /** @param {number} on @param {number} n @returns {import('./tree.mjs').Audit} */
  const audit = (on, n) => ({
    user: `C${site.id}`,
    location: site.location,
    at: `${isoDate(on)}T${new Date((36_000 + n * 5) * 1000).toISOString().slice(11, 19)}${site.zone}`,
    reason: 'Initial entry',
    id: id(),
  });
  return {
    ...subject,
    events: subject.events.map((e) => ({
      ...e,
      forms: e.forms.map((f) => ({
        ...f,
        groups: f.groups.map((g) => ({
          ...g,
          items: g.items.map((item, n) => ({ ...item, audit: audit(g.day ?? e.day ?? entered, n) })),
        })),
      })),
    })),
  };
}
