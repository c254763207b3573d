import { canonicalJson } from '../../lib/canonical-json.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { ModelProperties } from '../../project/properties.ts';

/** All that the content of a model depends on, in parts, so that one can say which of them changed. */
export interface Parts {
  /** DuckDB's version: content hashes are comparable within one only. */
  readonly duckdb: string;
  /** Hash of the syntax tree. */
  readonly sql: string;
  /** Hash of the properties without their tests. */
  readonly properties: string;
  /** Hash of each macro reached, by name. */
  readonly macros: Readonly<Record<string, string>>;
  /** Content hash of each table read, by name, of each seed, by path, and of each variable, by `getvariable('name')`. */
  readonly reads: Readonly<Record<string, string>>;
}

/** SHA-256 of the parts. */
export function fingerprintOf(parts: Parts): string {
  const { duckdb, sql, properties, macros, reads } = parts;
  return sha256Hex(canonicalJson({ duckdb, sql, properties, macros, reads }));
}

/**
 * Hash of the properties. Tests do not count: they have fingerprints of their own, and a new test runs on the table
 * that is there. Nor do classes: they say who may see what is made, and are worked out anew by every build.
 */
export function propertiesHash({ tests: _tests, unit_tests: _unitTests, columns, ...rest }: ModelProperties): string {
  const classless = Object.entries(columns).map(([name, column]) => [name, withoutClass(column)]);
  return sha256Hex(canonicalJson(defined({ ...withoutClass(rest), columns: Object.fromEntries(classless) })));
}

const withoutClass = <Said extends Pick<ModelProperties, 'classification' | 'declassify'>>({
  classification: _classification,
  declassify: _declassify,
  ...others
}: Said) => others;

/** What changed, in words; undefined if nothing did. */
export function changeBetween(before: Parts, after: Parts): string | undefined {
  if (before.sql !== after.sql) return 'SQL changed';
  if (before.properties !== after.properties) return 'properties changed';
  const macro = firstDifference(before.macros, after.macros);
  if (macro !== undefined) return `macro ${macro} changed`;
  if (before.duckdb !== after.duckdb) return `DuckDB ${after.duckdb} instead of ${before.duckdb}`;
  const table = firstDifference(before.reads, after.reads);
  return table === undefined ? undefined : `${table} changed`;
}

function firstDifference(before: Readonly<Record<string, string>>, after: typeof before): string | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.find((name) => before[name] !== after[name]);
}

/** Without the properties that are undefined, which JSON does not have. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, defined(member)]));
}

/** The seeds among what a model read: their paths begin so, and no table's name does. */
export function seedsIn({ reads }: Pick<Parts, 'reads'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(reads).filter(([name]) => /^(data|seeds)\//.test(name)));
}
