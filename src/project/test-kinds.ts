import { z } from 'zod';
import { own } from '../lib/own.ts';
import { threshold } from './threshold.ts';
import { columnName, modelName, name as plainName, scalar, text } from './vocabulary.ts';

/** The form of the names of tests. */
export const testName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and _');

export const SEVERITIES = ['warn', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a text of ISO 8601 may be: SDTMIG 3.4, 4.4.1 to 4.4.3. */
const ISO8601_FORMS = ['datetime', 'duration', 'interval'] as const;
export type Iso8601Form = (typeof ISO8601_FORMS)[number];

export const severity = z.enum(SEVERITIES).default('error');

/** Beside the kind of a test. */
const common = {
  name: testName.optional(),
  severity,
  error_if: threshold.optional(),
  warn_if: threshold.optional(),
  /** Only rows for which this is true are tested. */
  where: text.optional(),
  description: text.optional(),
};

/** What can be said of a test of any kind. */
export const COMMON_KEYS = Object.keys(common);

const holds = z.literal(true, 'takes no arguments');

/** An age in words that DuckDB takes for an INTERVAL: `7 days`. */
const age = z.string().regex(/^[1-9]\d{0,5} (minute|hour|day|week)s?$/, 'must be an age, such as 36 hours or 7 days');
const ages = { warn_after: age.optional(), error_after: age.optional() };

const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440, week: 10_080 };

function minutesOf(age: string): number {
  const [count, unit] = age.split(' ');
  return Number(count) * MINUTES[unit.replace(/s$/, '')];
}

function checkAges(
  { warn_after, error_after }: { warn_after?: string; error_after?: string },
  context: z.RefinementCtx,
) {
  if (warn_after === undefined && error_after === undefined) {
    context.addIssue({ code: 'custom', message: 'must have warn_after, error_after or both' });
  } else if (warn_after !== undefined && error_after !== undefined && minutesOf(warn_after) >= minutesOf(error_after)) {
    context.addIssue({ code: 'custom', path: ['warn_after'], message: 'must be less than error_after' });
  }
}

const rows = z.int().min(0, 'must be 0 or more');
const rowCount = z
  .strictObject({ min: rows.optional(), max: rows.optional(), equals: rows.optional() })
  .superRefine(({ min, max, equals }, context) => {
    const isRange = min !== undefined || max !== undefined;
    if (isRange === (equals !== undefined)) {
      context.addIssue({ code: 'custom', message: 'must have min, max or both, or else equals' });
    } else if (min !== undefined && max !== undefined && min > max) {
      context.addIssue({ code: 'custom', path: ['min'], message: 'must not be more than max' });
    }
  });

const forms = z
  .preprocess(
    (written) => {
      if (written === true) return ['datetime'];
      return typeof written === 'string' ? [written] : written;
    },
    z.array(z.enum(ISO8601_FORMS)).min(1),
  )
  .meta({ short: { enum: [true, ...ISO8601_FORMS] } });

const columnKinds = {
  not_null: holds.optional(),
  unique: holds.optional(),
  accepted_values: z.array(scalar).min(1).optional(),
  codelist: z.union([z.literal(true), text], 'must be the name or the OID of a codelist').optional(),
  relationships: z.strictObject({ to: modelName, column: columnName }).optional(),
  expression: text.optional(),
  not_negative: holds.optional(),
  iso8601: forms.optional(),
  freshness: z.strictObject(ages).superRefine(checkAges).optional(),
  sql: text.optional(),
};

const datasetKinds = {
  unique: z.array(columnName).min(1).optional(),
  unique_combination: z.array(columnName).min(1).optional(),
  expression: text.optional(),
  row_count: rowCount.optional(),
  equal_rowcount: z.strictObject({ to: modelName }).optional(),
  freshness: z
    .strictObject({ column: columnName.optional(), source: plainName.optional(), ...ages })
    .superRefine((written, context) => {
      checkAges(written, context);
      if ((written.column === undefined) !== (written.source === undefined)) return;
      context.addIssue({ code: 'custom', message: 'must have either column or source' });
    })
    .optional(),
  sql: text.optional(),
};

/** The kinds of tests that there are, by where they stand. */
export const KINDS = { column: Object.keys(columnKinds), dataset: Object.keys(datasetKinds) } as const;

/** What is to stand beside the kinds that say nothing by their name alone. */
const EXAMPLES = {
  accepted_values: '[F, M]',
  relationships: '{to: sdtm.dm, column: USUBJID}',
  expression: '"AEENDTC >= AESTDTC"',
  row_count: '{min: 1}',
  equal_rowcount: '{to: sdtm.dm}',
  unique_combination: '[USUBJID, AESEQ]',
  sql: '"SELECT ..."',
};

/**
 * `not_null` stands for `{not_null: true}`.
 * @param examples the tests that say nothing by their name alone, with what they say beside it.
 */
function expanded(kinds: object, examples: Readonly<Record<string, string>>) {
  return (written: unknown, context: z.RefinementCtx) => {
    if (typeof written !== 'string') return written;
    if (!Object.hasOwn(kinds, written) || !Object.hasOwn(examples, written)) return { [written]: true };
    const params = { next: `Write {${written}: ${examples[written]}}, with what you mean in its place.` };
    context.addIssue({ code: 'custom', message: `must say more than ${written}`, params });
    return z.NEVER;
  };
}

function exactlyOne(kinds: readonly string[]) {
  return (test: Readonly<Record<string, unknown>>, context: z.RefinementCtx) => {
    const found = kinds.filter((kind) => test[kind] !== undefined);
    if (found.length !== 1) context.addIssue({ code: 'custom', message: `must be exactly one of ${kinds.join(', ')}` });
    else refuseBeside(found[0], test, context);
  };
}

/** What says nothing beside some kinds: a SELECT has its own WHERE, ages are thresholds already. */
const NOT_BESIDE: Readonly<Record<string, readonly string[]>> = {
  sql: ['where'],
  freshness: ['severity', 'error_if', 'warn_if'],
};

function refuseBeside(kind: string, test: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  const defaults: Readonly<Record<string, unknown>> = { severity: 'error' };
  const keys = own(NOT_BESIDE, kind) ?? [];
  for (const key of keys.filter((one) => test[one] !== undefined && test[one] !== defaults[one])) {
    const next = kind === 'sql' ? 'Write it in the WHERE of the SELECT.' : 'Say warn_after and error_after.';
    context.addIssue({ code: 'custom', path: [key], message: `says nothing beside ${kind}`, params: { next } });
  }
}

/** A test in the list of a column. */
export const columnTest = z.preprocess(
  expanded(columnKinds, { ...EXAMPLES, freshness: '{error_after: 30 days}' }),
  z.strictObject({ ...columnKinds, ...common }).superRefine(exactlyOne(KINDS.column)),
);
export type WrittenColumnTest = z.infer<typeof columnTest>;

/** A test in the list of a dataset. */
export const datasetTest = z.preprocess(
  expanded(datasetKinds, { ...EXAMPLES, unique: '[USUBJID, AESEQ]', freshness: '{source: edc, error_after: 30 days}' }),
  z.strictObject({ ...datasetKinds, ...common }).superRefine(exactlyOne(KINDS.dataset)),
);
export type WrittenDatasetTest = z.infer<typeof datasetTest>;
