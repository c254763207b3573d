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

/**
 * The SQL name of a thing that has an OID: the first candidate that leaves a letter when put into `[a-z0-9_]`, at most
 * 32 characters. If `taken` says it clashes, the end of the name is replaced by four hexadecimal digits of the SHA-256
 * of the OID: a suffix that does not depend on what else there is.
 */
export function sqlName(oid: string, candidates: readonly (string | null)[], taken: (name: string) => boolean): string {
  const name = candidates.map(plain).find((candidate) => candidate !== '') ?? `x${digest(oid, 8)}`;
  if (!taken(name)) return name;
  for (let digits = 4; ; digits += 4) {
    const suffixed = `${name.slice(0, MAX_LENGTH - digits - 1)}_${digest(oid, digits)}`;
    if (!taken(suffixed)) return suffixed;
  }
}

/** The last segment of an OID such as `IT.AE.AETERM`. */
export function lastSegment(oid: string): string {
  return oid.slice(oid.lastIndexOf('.') + 1);
}

function plain(text: string | null): string {
  const letters = (text ?? '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæøœđðłþ]/g, (letter) => LATIN[letter])
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (!/[a-z]/.test(letters)) return '';
  const started = /^[0-9]/.test(letters) ? `x${letters}` : letters;
  const free = RESERVED.has(started) ? `${started}_` : started;
  return free.slice(0, MAX_LENGTH);
}

function digest(oid: string, digits: number): string {
  return sha256Hex(oid).slice(0, digits);
}
