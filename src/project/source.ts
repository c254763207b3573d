import { z } from 'zod';
import { classification, identifyingText, listOf, name, projectPath, text } from './vocabulary.ts';

/** What absence from a delivery means: everything absent was removed from the study, its sites, ...; or nothing. */
const COVERS = ['study', 'sites', 'subjects', 'events', 'forms', 'increment'] as const;
export type Covers = (typeof COVERS)[number];

/** What a CSV file can cover: no column of it is known to hold sites, subjects, events or forms. */
const CSV_COVERS: readonly Covers[] = ['study', 'increment'];

export const DIALECTS = ['plain', 'rave', 'openclinica', 'redcap', 'viedoc'] as const;
export type DialectName = (typeof DIALECTS)[number];

/**
 * Where several files of a CSV source match that covers the study: each is a delivery, and the latest replaces those
 * before it; or all of them together are one.
 */
export const DELIVERIES = ['each', 'together'] as const;
export type DeliveredAs = (typeof DELIVERIES)[number];

/**
 * `sealed`: the bytes go to the vault. `reference`: they stay where they are, and are looked for there when the record is
 * verified. `none`: nobody looks for them.
 */
const KEEPS = ['sealed', 'reference', 'none'] as const;
export type Keep = (typeof KEEPS)[number];

/** What becomes of an ODM file that is not well-formed: nothing of it lands, or all but the damaged subjects. */
const ON_MALFORMED = ['refuse', 'recover'] as const;

/** What becomes of control characters in ODM that XML does not allow: the file is refused, or a space is read instead. */
const CONTROL_CHARACTERS = ['refuse', 'replace'] as const;

const OFFSET = /^(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)$/;

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

const written = z.strictObject({
  format: z.enum(['odm', 'csv']).optional(),
  files: listOf(projectPath),
  optional: z.boolean().optional(),
  system: identifyingText.optional(),
  covers: z.enum(COVERS).optional(),
  member: text.optional(),
  keep: z.enum(KEEPS).default('sealed'),
  classification: classification.default('none'),
  dialect: z.enum(DIALECTS).optional(),
  time_zone: z.string().regex(OFFSET, 'must be an offset from UTC such as -05:00, or Z').optional(),
  on_malformed: z.enum(ON_MALFORMED).optional(),
  control_characters: z.enum(CONTROL_CHARACTERS).optional(),
  // A column of a CSV file is named as its header names it, whatever the characters.
  keys: z.array(text).min(1).optional(),
  delivery: z.enum(DELIVERIES).optional(),
  delimiter: z.string().length(1, 'must be one character').optional(),
  encoding: z.string().refine(isEncoding, 'must be the name of a character encoding, such as utf-8').optional(),
});
type Written = z.infer<typeof written>;

export type SourceFormat = 'odm' | 'csv';

interface SourceCommon {
  /** Its key in warehouse.yml. */
  readonly name: string;
  /** Paths and globs relative to the project's root. */
  readonly files: readonly string[];
  /** Which member of a zip file is meant, by a name or pattern; undefined: the only one. */
  readonly member?: string;
  /** Whether no file need have come yet. */
  readonly optional?: boolean;
  /** The source system, part of the identity of every element; by default the source's name. */
  readonly system: string;
  readonly keep: Keep;
  readonly classification: z.infer<typeof classification>;
}

export interface OdmSource extends SourceCommon {
  readonly format: 'odm';
  /** undefined: increment. */
  readonly covers?: Covers;
  /** undefined: recognised by the namespaces of the file. */
  readonly dialect?: DialectName;
  /** The offset of timestamps that carry none: `Z` or `-05:00`. */
  readonly time_zone?: string;
  /** undefined: refuse. */
  readonly on_malformed?: (typeof ON_MALFORMED)[number];
  /** undefined: refuse. */
  readonly control_characters?: (typeof CONTROL_CHARACTERS)[number];
}

export interface CsvSource extends SourceCommon {
  readonly format: 'csv';
  readonly covers: Covers;
  /** undefined: nothing was said, so no more than one file may match. */
  readonly delivery?: DeliveredAs;
  /** Columns that identify a row; empty: all columns together do. */
  readonly keys: readonly string[];
  readonly delimiter: string;
  /** A label of the WHATWG Encoding Standard. */
  readonly encoding: string;
}

export type Source = OdmSource | CsvSource;

const ENDINGS: readonly (readonly [RegExp, SourceFormat])[] = [
  [/\.xml(\.gz|\.zip)?$/i, 'odm'],
  [/\.csv(\.gz|\.zip)?$/i, 'csv'],
];

/** The format that all the file names end in; undefined where they do not say, or do not agree. */
export function formatOf(files: readonly string[]): SourceFormat | undefined {
  const formats = new Set(files.map((file) => ENDINGS.find(([ending]) => ending.test(file))?.[1]));
  return formats.size === 1 ? [...formats][0] : undefined;
}

const EXCEL = /\.xls[xmb]?$/i;

const ONLY: Record<SourceFormat, readonly (keyof Written)[]> = {
  odm: ['dialect', 'time_zone', 'on_malformed', 'control_characters'],
  csv: ['keys', 'delivery', 'delimiter', 'encoding'],
};

function check(source: Written, context: z.RefinementCtx): void {
  const format = source.format ?? formatOf(source.files);
  if (format === undefined) {
    const message = source.files.some((file) => EXCEL.test(file))
      ? 'is Excel, which is not read: save each sheet as a CSV file'
      : 'does not say the format by its ending (.xml or .csv, with .gz or .zip behind it or not): add format: odm or csv';
    context.addIssue({ code: 'custom', path: ['files'], message });
    return;
  }
  const other = format === 'odm' ? 'csv' : 'odm';
  for (const key of ONLY[other]) {
    if (source[key] === undefined) continue;
    context.addIssue({ code: 'custom', path: [key], message: `belongs to sources of format ${other}, not ${format}` });
  }
  const { covers = 'study', delivery } = source;
  if (format === 'csv' && !CSV_COVERS.includes(covers)) {
    const message = `must be ${CSV_COVERS.join(' or ')} for a source of format csv, whose rows name no ${covers}`;
    const params = {
      next: 'What a file does not hold is removed with covers: study, and stays with covers: increment.',
    };
    context.addIssue({ code: 'custom', path: ['covers'], message, params });
  } else if (delivery !== undefined && covers !== 'study') {
    const message = `belongs to sources that cover the study, not ${covers}`;
    context.addIssue({ code: 'custom', path: ['delivery'], message });
  }
}

function complete(sourceName: string, source: Written): Source {
  const { files, optional, member, keep, classification } = source;
  const common = {
    name: sourceName,
    files,
    optional,
    member,
    system: source.system ?? sourceName,
    keep,
    classification,
  };
  if ((source.format ?? formatOf(files)) === 'odm') {
    const { covers, dialect, time_zone, on_malformed, control_characters } = source;
    return { ...common, format: 'odm', covers, dialect, time_zone, on_malformed, control_characters };
  }
  const { covers = 'study', delivery, keys = [], delimiter = ',', encoding = 'utf-8' } = source;
  return { ...common, format: 'csv', covers, delivery, keys, delimiter, encoding };
}

/** `sources:` of warehouse.yml: a map from name to source, with every default filled in. */
export const sources = z
  .record(name, written.superRefine(check))
  .transform(
    (map): Record<string, Source> =>
      Object.fromEntries(Object.entries(map).map(([key, source]) => [key, complete(key, source)])),
  );
