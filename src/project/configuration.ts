import { z } from 'zod';
import { checks } from './checks.ts';
import { DEFAULT_TARGET } from './choice.ts';
import { nearest } from './nearest.ts';
import { formatOf, sources } from './source.ts';
import { SUBMISSION } from './submission.ts';
import {
  classification,
  derivedPath,
  identifyingText,
  listOf,
  modelPattern,
  name,
  projectPath,
  scalar,
  text,
} from './vocabulary.ts';

export const DEFAULT_PUBLICATION = 'main';

export const EXPORT_FORMATS = ['xpt', 'parquet', 'csv'] as const;
export type ExportFormatName = (typeof EXPORT_FORMATS)[number];

const publishedFile = derivedPath.refine((path) => path.endsWith('.duckdb'), 'must end in .duckdb');

const study = z
  .strictObject({
    id: identifyingText,
    oids: z.array(text).min(1).optional(),
    environment: identifyingText.default('Prod'),
  })
  .transform(({ id, oids, environment }) => ({ id, oids: oids ?? [id], environment }));

const publication = z.strictObject({
  schemas: listOf(name).optional(),
  models: listOf(modelPattern).optional(),
  columns: z.record(modelPattern, z.array(text).min(1)).optional(),
  where: z.record(modelPattern, text).optional(),
  level: classification.optional(),
  file: publishedFile.optional(),
});

const target = z.strictObject({
  sources: z
    .record(name, z.strictObject({ files: listOf(projectPath), classification: classification.optional() }))
    .default({}),
  level: classification.optional(),
  file: publishedFile.optional(),
});

const exports = z.strictObject({
  datasets: listOf(modelPattern).default([`${SUBMISSION}.*`]),
  formats: z
    .array(z.enum(EXPORT_FORMATS))
    .min(1)
    .default([...EXPORT_FORMATS]),
  directory: derivedPath.default('target/export'),
  level: classification.optional(),
});

const quarantine = z.strictObject({
  recipients: z.array(text).min(1).default([]),
  keep: z.enum(['bytes', 'shape']).default('bytes'),
});

const varName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and _, not beginning with a digit');

const notYet = z.unknown().superRefine((value, context) => {
  if (value === undefined) return;
  context.addIssue({ code: 'custom', message: 'is not supported yet', params: { code: 'NOT_YET_SUPPORTED' } });
});

const written = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be lower-case letters, digits, _ and -, at most 64 characters'),
  study,
  sources: sources.default({}),
  policy: z.strictObject({ keep: z.literal('all').default('all') }).prefault({}),
  vars: z.record(varName, scalar).default({}),
  targets: z.record(name, target).default({}),
  publications: z
    .record(name, publication)
    .refine((map) => Object.keys(map).length > 0, 'must name at least one publication')
    .default({ [DEFAULT_PUBLICATION]: {} }),
  exports: exports.prefault({}),
  quarantine: quarantine.prefault({}),
  removal_threshold: z.number().min(0, 'must be from 0 to 1').max(1, 'must be from 0 to 1').default(0.02),
  checks: checks.default({}),
  extends: notYet.optional(),
});

type Written = z.infer<typeof written>;

function checkTargets({ sources, targets }: Written, context: z.RefinementCtx): void {
  const add = (path: string[], message: string, meant?: string) => {
    const params = { next: meant === undefined ? undefined : `Did you mean "${meant}"?` };
    context.addIssue({ code: 'custom', path, message, params });
  };
  for (const [name, target] of Object.entries(targets)) {
    if (name === DEFAULT_TARGET) add(['targets', name], 'is the target of an ordinary build and takes no changes');
    for (const [source, { files }] of Object.entries(target.sources)) {
      const path = ['targets', name, 'sources', source];
      const format = formatOf(files);
      if (!Object.hasOwn(sources, source)) {
        add(path, 'is no source of this project', nearest(source, Object.keys(sources)));
      } else if (format !== undefined && format !== sources[source].format) {
        add([...path, 'files'], `must be of the source's format, ${sources[source].format}`);
      }
    }
  }
}

/** SQL does not heed the case of a variable's name. */
function checkVars({ vars }: Written, context: z.RefinementCtx): void {
  const seen = new Map<string, string>();
  for (const name of Object.keys(vars)) {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (other === undefined) continue;
    const message = `is vars.${other} to SQL, which does not heed case`;
    context.addIssue({ code: 'custom', path: ['vars', name], message });
  }
}

/** Nor that of a column's. */
function checkColumns({ publications }: Written, context: z.RefinementCtx): void {
  for (const [name, { columns = {} }] of Object.entries(publications)) {
    for (const [model, list] of Object.entries(columns)) {
      const folded = list.map((column) => column.toLowerCase());
      for (const [index, column] of folded.entries()) {
        const first = folded.indexOf(column);
        if (first === index) continue;
        const message = `names ${list[first]} again: SQL does not heed case`;
        context.addIssue({ code: 'custom', path: ['publications', name, 'columns', model, index], message });
      }
    }
  }
}

function checkQuarantine({ quarantine: { recipients, keep } }: Written, context: z.RefinementCtx): void {
  if (keep === 'bytes' || recipients.length === 0) return;
  const message = 'belongs to keep: bytes: with keep: shape there is nothing to encrypt';
  context.addIssue({ code: 'custom', path: ['quarantine', 'recipients'], message });
}

/** Where a publication goes that does not say so. */
export const publishedAs = (name: string) => `target/${name}.duckdb`;

/** warehouse.yml. Names are the file's own, so that there is one vocabulary; docs/configuration.md explains each. */
export const configurationSchema = written
  .superRefine(checkTargets)
  .superRefine(checkVars)
  .superRefine(checkColumns)
  .superRefine(checkQuarantine);

/** warehouse.yml as written, defaults filled in, before a target is chosen. */
export type Configuration = z.infer<typeof configurationSchema>;
export type Study = Configuration['study'];
export type Policy = Configuration['policy'];
export type QuarantinePolicy = Configuration['quarantine'];
export type PublicationProjection = z.infer<typeof publication>;
export type Exports = Configuration['exports'];
