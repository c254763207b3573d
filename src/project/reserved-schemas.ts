import type { Problem } from './problem.ts';

/** What arrived, as it is and as it stands. */
export const ARRIVED: readonly string[] = ['raw', 'meta', 'state'];

/** What tells what models and their tests came to, and is made after them. */
export const OUTCOME_SCHEMAS: readonly string[] = ['recon', 'audit', 'run', 'failures'];

/** Schemas that the warehouse fills itself. */
export const FILLED_SCHEMAS: readonly string[] = [...ARRIVED, ...OUTCOME_SCHEMAS];

/** Schemas that the warehouse and DuckDB keep for themselves. */
export const RESERVED_SCHEMAS: readonly string[] = [
  ...FILLED_SCHEMAS,
  'rules',
  'qc',
  'main',
  'temp',
  'system',
  'information_schema',
  'pg_catalog',
];

/** That a model or a seed stands in the folder of such a schema. */
export function reservedProblem(schema: string, what: 'model' | 'seed', file: string): Problem | undefined {
  if (!RESERVED_SCHEMAS.includes(schema.toLowerCase())) return undefined;
  return {
    kind: 'usage',
    code: 'MODEL_RESERVED_SCHEMA',
    message: `The schema ${schema} belongs to the warehouse.`,
    place: { file },
    next: `Move the ${what} to another folder.`,
  };
}
