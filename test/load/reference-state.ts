import { createHash } from 'node:crypto';
import type { Covers } from '../../src/project/source.ts';
import { audit, event, form, group, item, odm, site, subject } from '../helpers/odm.ts';

/** A model of docs/state.md in plain loops over small documents, to hold sql/state.sql against. */

type Transaction = 'Insert' | 'Update' | 'Upsert' | 'Remove' | 'Context';

interface Said {
  readonly transaction?: Transaction;
  /** Hour of the audit record and its SourceID. */
  readonly audited?: { readonly hour: number; readonly source?: string };
}

export interface Item extends Said {
  readonly oid: string;
  readonly value?: string;
  readonly isNull?: boolean;
}
export interface Group extends Said {
  readonly repeat?: string;
  readonly items: readonly Item[];
}
export interface Form extends Said {
  readonly repeat: string;
  readonly groups: readonly Group[];
}
export interface Visit extends Said {
  readonly repeat: string;
  readonly forms: readonly Form[];
}
export interface Subject extends Said {
  readonly key: string;
  readonly site?: string;
  readonly visits: readonly Visit[];
}
export interface Document {
  readonly source: string;
  readonly covers: Covers;
  readonly type: 'Snapshot' | 'Transactional';
  /** Hours. */
  readonly created?: number;
  readonly asOf?: number;
  readonly subjects: readonly Subject[];
}

export type Live = Record<string, Record<string, string | null>>;

const instant = (hour: number) => `2026-01-01T${String(hour).padStart(2, '0')}:00:00Z`;

/** The document as XML. */
export function xmlOf({ type, created, asOf, subjects }: Document): string {
  const time = (hour: number | undefined) => (hour === undefined ? undefined : instant(hour));
  const said = ({ transaction }: Said) => ({ TransactionType: transaction });
  const audits = ({ audited }: Said) => (audited === undefined ? [] : [audit(instant(audited.hour), audited.source)]);
  const items = (all: readonly Item[]) =>
    all.map((one) =>
      item(one.oid, one.value, { ...said(one), IsNull: one.isNull ? 'Yes' : undefined }, ...audits(one)),
    );
  const groups = (all: readonly Group[]) =>
    all.map((one) => group('G', { ItemGroupRepeatKey: one.repeat, ...said(one) }, ...audits(one), ...items(one.items)));
  const forms = (all: readonly Form[]) =>
    all.map((one) => form('F', { FormRepeatKey: one.repeat, ...said(one) }, ...audits(one), ...groups(one.groups)));
  const visits = (all: readonly Visit[]) =>
    all.map((one) =>
      event('V', { StudyEventRepeatKey: one.repeat, ...said(one) }, ...audits(one), ...forms(one.forms)),
    );
  const people = subjects.map((one) =>
    subject(
      one.key,
      said(one),
      ...(one.site === undefined ? [] : [site(one.site)]),
      ...audits(one),
      ...visits(one.visits),
    ),
  );
  return odm({ type, created: time(created), asOf: time(asOf) }, ...people);
}

/** Place in the order: compared element by element, numbers as numbers, texts as texts. */
type Place = readonly (number | string)[];

function isAfter(a: Place, b: Place): boolean {
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index]) return a[index] > b[index];
  }
  return false;
}

const latest = (places: readonly Place[]) => places.reduce((one, other) => (isAfter(other, one) ? other : one));

/** What took rows (`key`) and items (`key` and OID) away by a Remove, and the element that holds it. */
export type RemovedBy = Record<string, string>;

interface Delivery {
  readonly document: Document;
  readonly sha256: string;
  rank: number;
  readonly until: number;
  readonly elements: Element[];
  readonly rows: Row[];
}

/** An element that may remove, or be a scope: with the paths of what it stands in. */
interface Element {
  /** Document and place in it, as test/load/state-as-of.ts has it. */
  readonly key: string;
  readonly path: string;
  readonly level: 'subject' | 'event' | 'form' | 'group';
  readonly removes: boolean;
  readonly place: Place;
}

/** What one item group element says, each item at most once. */
interface Row {
  readonly key: string;
  readonly delivery: Delivery;
  /** Its own path and those above it. */
  readonly paths: readonly string[];
  /** The innermost removing element that it stands in. */
  readonly insideRemove: string | undefined;
  readonly asserts: boolean;
  readonly items: { oid: string; value: string | null; removes: boolean; place: Place }[];
  place: Place;
}

/**
 * What is live after these deliveries, given in the order of their arrival: of what they say up to an hour, which for
 * a snapshot is that of the document, and for anything else its own.
 */
export function liveAfter(arrivals: readonly Document[], until?: number): Live {
  return stateAfter(arrivals, until).live;
}

/** What Removes took away, and which of them did, after these deliveries. */
export function removedAfter(arrivals: readonly Document[]): RemovedBy {
  return stateAfter(arrivals).removedBy;
}

function stateAfter(arrivals: readonly Document[], until = Number.POSITIVE_INFINITY) {
  const counted = arrivals.filter((one) => one.type === 'Transactional' || timeOf(one) <= until);
  const deliveries = ordered(counted).map((document, rank) => read(document, rank, until));
  const standing = deliveries.filter(
    (one) => !deliveries.some((later) => covers(later, 'study') && isLater(later, one)),
  );
  const removals = standing.flatMap(({ elements }) => elements.filter(({ removes }) => removes));
  const rows = standing.flatMap((one) => one.rows).filter((row) => row.asserts && !isAbsent(row, standing));
  const live: Live = {};
  const removedBy: RemovedBy = {};
  const said = new Map<string, (Row['items'][number] & { readonly row: Row; readonly remover?: Element })[]>();
  for (const row of rows) {
    const above = removals.filter(({ path }) => row.paths.includes(path));
    // What is gone is gone with the first Remove after it.
    const remover = (place: Place) =>
      above.filter((removal) => !isAfter(place, removal.place)).sort((a, b) => (isAfter(a.place, b.place) ? 1 : -1))[0];
    const taker = row.insideRemove ?? remover(row.place)?.key;
    if (taker !== undefined) {
      removedBy[row.key] = taker;
      continue;
    }
    const [path] = row.paths;
    live[path] ??= {};
    for (const one of row.items) {
      const name = `${path} ${one.oid}`;
      said.set(name, [...(said.get(name) ?? []), { ...one, row, remover: remover(one.place) }]);
    }
  }
  for (const [name, all] of said) {
    const [path, oid] = name.split(' ');
    const last = all.reduce((one, other) => (isAfter(other.place, one.place) ? other : one));
    if (!last.removes && last.remover === undefined) live[path][oid] = last.value;
    for (const { row, removes, place, remover } of all) {
      if (removes) removedBy[`${row.key} ${oid}`] = last.row.key;
      else if (!isAfter(last.place, place) && remover) removedBy[`${row.key} ${oid}`] = remover.key;
    }
  }
  return { live, removedBy };
}

function ordered(arrivals: readonly Document[]): Document[] {
  const place = (document: Document, arrival: number): Place => {
    const time = timeOf(document);
    const sha256 = createHash('sha256').update(xmlOf(document)).digest('hex');
    return [time, document.created ?? -1, time === -1 ? arrival : 0, sha256, arrival];
  };
  const placed = arrivals.map((document, arrival) => ({ document, place: place(document, arrival) }));
  return placed.sort((a, b) => (isAfter(a.place, b.place) ? 1 : -1)).map(({ document }) => document);
}

const timeOf = ({ asOf, created }: Document) => asOf ?? created ?? -1;

function read(document: Document, rank: number, until: number): Delivery {
  const sha256 = createHash('sha256').update(xmlOf(document)).digest('hex');
  const delivery: Delivery = { document, sha256, rank, until, elements: [], rows: [] };
  const transactional = document.type === 'Transactional';
  const fileTime = timeOf(document);
  const isSaid = ([time]: Place) => (time as number) <= until;
  let position = 0;
  // A snapshot is of one moment, whenever each value was entered.
  const placeOf = (said: Said['audited'], at: number): Place => {
    const audited = transactional ? said : undefined;
    const id = audited?.source ?? '';
    const number = /^\d+$/.test(id) ? Number(id) : -1;
    const time = audited === undefined ? fileTime : audited.hour;
    return [time, number, id, document.created ?? -1, rank, at];
  };
  const keyOf = (at: number) => `${document.source}/${sha256}/${at}`;
  /** The key of the element, if it removes. */
  const note = (level: Element['level'], path: string, said: Said, audited: Said['audited']) => {
    const place = placeOf(audited, ++position);
    const key = keyOf(position);
    delivery.elements.push({ key, path, level, removes: said.transaction === 'Remove' && isSaid(place), place });
    return said.transaction === 'Remove' ? key : undefined;
  };
  for (const person of document.subjects) {
    const inSubject = note('subject', person.key, person, person.audited);
    for (const visit of person.visits) {
      const visitPath = `${person.key}/V#${visit.repeat}`;
      const visitAudit = visit.audited ?? person.audited;
      const inVisit = note('event', visitPath, visit, visitAudit) ?? inSubject;
      for (const page of visit.forms) {
        const formPath = `${visitPath}/F#${page.repeat}`;
        const formAudit = page.audited ?? visitAudit;
        const inForm = note('form', formPath, page, formAudit) ?? inVisit;
        let keyless = 0;
        for (const one of page.groups) {
          const path = `${formPath}/G#${one.repeat ?? ++keyless}`;
          const own = one.audited ?? formAudit;
          const around = [one, page, visit, person];
          const inForce = around.find(({ transaction }) => transaction !== undefined)?.transaction;
          const removes = one.transaction === 'Remove';
          const base = { delivery, paths: [path, formPath, visitPath, person.key] };
          for (const items of rowsOf(one.items)) {
            const at = ++position;
            const spoken = items
              .filter((entry) => !isSilent(entry, inForce, transactional))
              .map((entry) => ({
                oid: entry.oid,
                value: entry.isNull ? null : (entry.value ?? null),
                removes: entry.transaction === 'Remove',
                place: placeOf(entry.audited ?? own, at),
              }))
              .filter(({ place }) => isSaid(place));
            const audited = items.filter((entry) => entry.audited !== undefined);
            const ofItems = audited.map((entry) => placeOf(entry.audited, at)).filter(isSaid);
            // Without an audit record of its own or above, it is there from the first of its items; one that has none
            // either is as late as the document.
            const isByItems =
              own === undefined &&
              audited.length > 0 &&
              items.every((entry) => entry.audited !== undefined || isSilent(entry, inForce, transactional));
            const ofItself = isByItems ? [] : [placeOf(own, at)].filter(isSaid);
            const said = [...ofItself, ...ofItems];
            const place = said.length > 0 ? latest(said) : placeOf(own, at);
            const isThere = ofItself.length > 0 || (own === undefined && ofItems.length > 0);
            const key = keyOf(at);
            if (isThere) delivery.elements.push({ key, path, level: 'group', removes, place });
            const isContainer = one.transaction === 'Context' || (transactional && one.transaction === undefined);
            const asserts = spoken.length > 0 || (isThere && !isContainer);
            delivery.rows.push({ ...base, key, insideRemove: removes ? key : inForm, place, asserts, items: spoken });
          }
        }
      }
    }
  }
  return delivery;
}

/** An item that stands twice opens a further row. */
function rowsOf(items: readonly Item[]): Item[][] {
  const rows: Item[][] = [[]];
  for (const one of items) {
    if (rows[rows.length - 1].some(({ oid }) => oid === one.oid)) rows.push([]);
    rows[rows.length - 1].push(one);
  }
  return rows;
}

function isSilent(
  { value, isNull, transaction }: Item,
  around: Transaction | undefined,
  transactional: boolean,
): boolean {
  const inForce = transaction ?? around;
  const isContext = inForce === 'Context' && (transactional || value === undefined);
  return isContext || (transactional && value === undefined && !isNull && inForce !== 'Remove');
}

/** Only snapshots that hold item groups can remove by absence. */
function covers({ document, rows }: Delivery, scope: Covers): boolean {
  return document.covers === scope && document.type === 'Snapshot' && rows.length > 0;
}

function isLater(later: Delivery, earlier: Delivery): boolean {
  return later.rank > earlier.rank && later.document.source === earlier.document.source;
}

function isAbsent({ delivery, paths }: Row, standing: readonly Delivery[]): boolean {
  const [, formPath, visitPath, key] = paths;
  const holds = (later: Delivery, level: Element['level'], path: string) =>
    later.elements.some((one) => one.level === level && one.path === path);
  return standing.some(
    (later) =>
      isLater(later, delivery) &&
      ((covers(later, 'subjects') && holds(later, 'subject', key)) ||
        (covers(later, 'events') && holds(later, 'event', visitPath)) ||
        (covers(later, 'forms') && holds(later, 'form', formPath)) ||
        (covers(later, 'sites') && (holds(later, 'subject', key) || isOf(later, siteBefore(key, later, standing))))),
  );
}

function saidAt({ audited }: Said, document: Document): number {
  return (document.type === 'Transactional' ? audited?.hour : undefined) ?? timeOf(document);
}

function isOf({ document }: Delivery, place: string | undefined): boolean {
  return place !== undefined && document.subjects.some((one) => one.site === place);
}

/** Where the subject was by the latest delivery before this one that says so. */
function siteBefore(key: string, { rank }: Delivery, standing: readonly Delivery[]): string | undefined {
  const said = standing
    .filter((one) => one.rank < rank)
    .flatMap(({ document, until }) =>
      document.subjects.filter((one) => one.key === key && one.site !== undefined && saidAt(one, document) <= until),
    );
  return said.at(-1)?.site;
}
