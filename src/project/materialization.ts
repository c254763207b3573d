import { z } from 'zod';
import { columnName, derivedPath, listOf, text } from './vocabulary.ts';

/**
 * What is made of the rows of a SELECT.
 *
 * - `table`: they are kept.
 * - `view`: they are computed by who reads it.
 * - `incremental`: they are brought into the table that is there, by `unique_key` or by subject.
 * - `snapshot`: every version of a row is kept, with the time from which and until which it held.
 * - `external`: they are kept, and written to a Parquet file for other programs.
 */
const MATERIALIZATIONS = ['table', 'view', 'incremental', 'snapshot', 'external'] as const;
export type Materialization = (typeof MATERIALIZATIONS)[number];

/** Which rows of the result and of what is read belong to one subject. */
const bySubject = z.strictObject({
  /** The column of the result that names the subject. */
  column: columnName,
  /** By table that the SELECT reads: a column of it, or an SQL expression over its columns, that names the same. */
  inputs: z
    .record(
      z.string().regex(/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/, 'must be a table: schema.name, in lower case'),
      text,
    )
    .refine((inputs) => Object.keys(inputs).length > 0, 'must name at least one table'),
});
export type BySubject = z.infer<typeof bySubject>;

/** The keys of properties that say how a model is made. */
export const materialization = {
  materialized: z.enum(MATERIALIZATIONS).default('table'),
  /** incremental, snapshot: the columns that say which row is the same row. */
  unique_key: listOf(columnName).optional(),
  /** incremental: only the rows of subjects are computed of whom something changed. */
  by_subject: bySubject.optional(),
  /** snapshot: the columns whose change makes a new version; all of them where it is left out. */
  check_cols: listOf(columnName).optional(),
  /** snapshot: the column that says when the row was changed; then only a later one makes a new version. */
  updated_at: columnName.optional(),
  /** external: where the file goes, for the target main. */
  location: derivedPath.refine((path) => path.endsWith('.parquet'), 'must end in .parquet').optional(),
};

const written = z.object(materialization);
type Written = z.infer<typeof written>;
type Key = Exclude<keyof Written, 'materialized'>;

/** Which of these keys each kind can have. */
const KEYS: Readonly<Record<Materialization, readonly Key[]>> = {
  table: [],
  view: [],
  incremental: ['unique_key', 'by_subject'],
  snapshot: ['unique_key', 'check_cols', 'updated_at'],
  external: ['location'],
};

/** Holds the keys of a materialization against its kind. */
export function checkMaterialization(properties: Written, context: z.RefinementCtx): void {
  const { materialized, unique_key, by_subject, check_cols, updated_at } = properties;
  const say = (path: PropertyKey[], message: string, next?: string) => {
    context.addIssue({ code: 'custom', path, message, params: { next } });
  };
  for (const key of Object.keys(materialization).filter((one) => one !== 'materialized') as Key[]) {
    if (properties[key] === undefined || KEYS[materialized].includes(key)) continue;
    const kinds = MATERIALIZATIONS.filter((kind) => KEYS[kind].includes(key));
    say([key], `belongs to materialized: ${kinds.join(' or ')}`);
  }
  if (materialized === 'incremental' && (unique_key === undefined) === (by_subject === undefined)) {
    say(
      ['materialized'],
      'needs either unique_key or by_subject',
      'Say which rows are the same row, or whose they are.',
    );
  }
  if (materialized === 'snapshot' && unique_key === undefined) {
    say(['materialized'], 'needs unique_key', 'Name the columns that say which row is the same row.');
  }
  if (check_cols !== undefined && updated_at !== undefined) {
    say(['check_cols'], 'and updated_at are two ways of telling what changed', 'Say one of them.');
  }
}

/**
 * Whether what is in place of a model is more than its SELECT would make of what it reads: two builds of the same inputs
 * may then differ.
 */
export function keepsHistory({ materialized, unique_key }: Pick<Written, 'materialized' | 'unique_key'>): boolean {
  return materialized === 'snapshot' || (materialized === 'incremental' && unique_key !== undefined);
}
