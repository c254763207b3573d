export type ColumnKind = 'character' | 'number' | 'boolean' | 'temporal';

const KINDS: readonly (readonly [RegExp, ColumnKind])[] = [
  [/^VARCHAR$/, 'character'],
  [/^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/, 'number'],
  [/^DECIMAL\(\d+,\d+\)$/, 'number'],
  [/^(DOUBLE|FLOAT)$/, 'number'],
  [/^BOOLEAN$/, 'boolean'],
  [/^(DATE|TIME|TIMESTAMP)$/, 'temporal'],
];

/**
 * What a DuckDB type is to an export; undefined where no export holds it. HUGEINT is left out because COPY writes it
 * to Parquet as DOUBLE, TIMESTAMP WITH TIME ZONE because its text depends on the zone of the session.
 */
export function columnKind(type: string): ColumnKind | undefined {
  return KINDS.find(([pattern]) => pattern.test(type))?.[1];
}
