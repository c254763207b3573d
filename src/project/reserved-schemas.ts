/** Schemas that the warehouse and DuckDB keep for themselves. */
export const RESERVED_SCHEMAS = [
  'raw',
  'meta',
  'state',
  'recon',
  'audit',
  'run',
  'failures',
  'rules',
  'qc',
  'main',
  'temp',
  'system',
  'information_schema',
  'pg_catalog',
] as const;
