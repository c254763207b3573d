/** As DuckDB reads and writes a TIMESTAMP. */
export const timestampText = (at: Date) => at.toISOString().replace('T', ' ').replace('Z', '');
