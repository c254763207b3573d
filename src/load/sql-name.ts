import { sha256Hex } from '../lib/hash.ts';

/** Longest name given: SAS and most databases take it. */
const MAX_LENGTH = 32;

/** Words that DuckDB (or SQL) reserves: a column of that name would need quotes in every query. */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default
  deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect
  into lambda lateral leading limit not null offset on only or order pivot placing primary qualify references returning
  select show some summarize symmetric table then to trailing true union unique unpivot using variadic when where
  window with`.split(/\s+/),
);

/** Letters that Unicode does not take apart. */
const LATIN: Record<string, string> = { ß: 'ss', æ: 'ae', ø: 'o', œ: 'oe', đ: 'd', ð: 'd', ł: 'l', þ: 'th' };

/** What a definition, if there is one, says of the name of a thing that has an OID. */
export interface NameSource {
  readonly oid: string;
  /** SASFieldName or SASDatasetName. */
  readonly sasName: string | null;
  readonly name: string | null;
}

/** What an item may be named after, best first. */
export function itemCandidates({ oid, sasName, name }: NameSource): (string | null)[] {
  return [sasName, lastSegment(oid), name, oid];
}

/**
 * The same for an item group. Where the last segment of its OID is one of its items (REDCap: `demographics.last_name`
 * is the section of that form which begins with that field), it would say the wrong thing: then it is the whole OID.
 *
 * @param itemOids the items that definitions put into the group.
 */
export function itemGroupCandidates(source: NameSource, itemOids: ReadonlySet<string>): (string | null)[] {
  const { oid, sasName } = source;
  return itemOids.has(lastSegment(oid)) ? [sasName, oid] : itemCandidates(source);
}

/**
 * The SQL name of a thing that has an OID: the first candidate that is free and leaves a letter when put into
 * `[a-z0-9_]`, at most 32 characters. Where all are taken, the end of the first is replaced by four hexadecimal digits
 * of the SHA-256 of the OID; where none leaves a letter, the name is made of the digits of the OID, or of its SHA-256.
 */
export function sqlName(oid: string, candidates: readonly (string | null)[], taken: (name: string) => boolean): string {
  const names = candidates.map(plain).filter((name) => name !== '');
  if (names.length === 0) names.push(/^[0-9._-]+$/.test(oid) ? fitted(`x${oid}`) : `x${digest(oid, 8)}`);
  const free = names.find((name) => !taken(name));
  if (free !== undefined) return free;
  for (let digits = 4; ; digits += 4) {
    const suffixed = `${cut(names[0], MAX_LENGTH - digits - 1)}_${digest(oid, digits)}`;
    if (!taken(suffixed)) return suffixed;
  }
}

function lastSegment(oid: string): string {
  return oid.slice(oid.lastIndexOf('.') + 1);
}

function plain(text: string | null): string {
  const letters = (text ?? '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæøœđðłþ]/g, (letter) => LATIN[letter]);
  const name = fitted(letters);
  if (!/[a-z]/.test(name)) return '';
  const started = /^[0-9]/.test(name) ? fitted(`x${name}`) : name;
  return RESERVED.has(started) ? `${started}_` : started;
}

function fitted(text: string): string {
  return cut(text.replace(/[^a-z0-9_]+/g, '_').replace(/^_+/, ''), MAX_LENGTH);
}

function cut(name: string, length: number): string {
  return name.slice(0, length).replace(/_+$/, '');
}

function digest(oid: string, digits: number): string {
  return sha256Hex(oid).slice(0, digits);
}
