import { propertiesSchema } from '../project/properties.ts';
import { partAt } from '../project/schema-walk.ts';

/**
 * How a value stands in its cell.
 *
 * - `text`, `integer`: as it is. `yesno`: Yes or No.
 * - `list`: texts with commas between them. `integers`: the same of numbers.
 * - `yaml`: YAML in lines. `rest`: the same of all keys that have no column.
 * - `method`, `comment`: the ID of a row of that sheet.
 */
export type Kind = 'text' | 'integer' | 'yesno' | 'list' | 'integers' | 'yaml' | 'rest' | 'method' | 'comment';

/** A column of a sheet, and where its value stands in what the row is about. */
export interface Field {
  readonly title: string;
  readonly path: readonly string[];
  readonly kind: Kind;
  readonly width: number;
}

const field = (title: string, path: string, kind: Kind, width: number): Field => {
  return { title, path: path === '' ? [] : path.split('.'), kind, width };
};

/** Define-XML 2.1: what an ItemDef says, of a variable or of one of its values. */
const ITEM: readonly Field[] = [
  field('Label', 'label', 'text', 36),
  field('Data Type', 'type', 'text', 14),
  field('Length', 'length', 'integer', 8),
  field('Significant Digits', 'significant_digits', 'integer', 10),
  field('Format', 'display_format', 'text', 10),
  field('Mandatory', 'mandatory', 'yesno', 10),
  field('Codelist', 'codelist', 'text', 14),
  field('Origin', 'origin.type', 'text', 12),
  field('Source', 'origin.source', 'text', 12),
  field('Pages', 'origin.pages', 'integers', 10),
  field('Method', 'method', 'method', 20),
  field('Predecessor', 'origin.description', 'text', 16),
];
const ITEM_COMMENT = field('Comment', 'comment', 'comment', 20);
const REST = field('Further Properties', '', 'rest', 40);

/** A row of Datasets is about the properties of a model. */
export const DATASET_FIELDS: readonly Field[] = [
  field('Label', 'label', 'text', 36),
  field('Class', 'class', 'text', 20),
  field('Structure', 'structure', 'text', 36),
  field('Purpose', 'purpose', 'text', 12),
  field('Key Variables', 'keys', 'list', 30),
  field('Standard', 'standard', 'text', 14),
  field('Repeating', 'repeating', 'yesno', 10),
  field('Reference Data', 'reference_data', 'yesno', 10),
  ITEM_COMMENT,
  field('Split Parent', 'split_parent', 'text', 12),
  field('Supplement Of', 'supp', 'text', 14),
  field('Materialized', 'materialized', 'text', 13),
  field('Location', 'location', 'text', 24),
  field('Depends On', 'depends_on', 'list', 20),
  field('Tags', 'tags', 'list', 14),
  field('Classification', 'classification', 'text', 14),
  field('Declassified To', 'declassify.to', 'text', 14),
  field('Declassified Because', 'declassify.because', 'text', 30),
  REST,
];

/** A row of Variables is about a column. */
export const VARIABLE_FIELDS: readonly Field[] = [
  ...ITEM,
  field('Role', 'role', 'text', 20),
  ITEM_COMMENT,
  field('Core', 'core', 'text', 8),
  field('SQL Type', 'data_type', 'text', 14),
  field('QNAM', 'supp.qnam', 'text', 10),
  field('QLABEL', 'supp.qlabel', 'text', 20),
  field('QEVAL', 'supp.qeval', 'text', 14),
  field('Classification', 'classification', 'text', 14),
  field('Declassified To', 'declassify.to', 'text', 14),
  field('Declassified Because', 'declassify.because', 'text', 30),
  REST,
];

/** A row of ValueLevel is about an entry of `value_level` of a column. */
export const VALUE_FIELDS: readonly Field[] = [...ITEM, ITEM_COMMENT, REST];

/** A row of Tests is about a test, its kind and argument apart. */
export const TEST_FIELDS: readonly Field[] = [
  field('Name', 'name', 'text', 24),
  field('Severity', 'severity', 'text', 10),
  field('Error If', 'error_if', 'text', 10),
  field('Warn If', 'warn_if', 'text', 10),
  field('Where', 'where', 'text', 30),
  field('Description', 'description', 'text', 50),
];

/** A row of UnitTests is about an entry of `unit_tests`. */
export const UNIT_TEST_FIELDS: readonly Field[] = [
  field('Name', 'name', 'text', 24),
  field('Description', 'description', 'text', 50),
  field('Given', 'given', 'yaml', 50),
  field('Variables', 'vars', 'yaml', 20),
  field('Expect', 'expect', 'yaml', 50),
  REST,
];

/** Keys of what a row is about that stand on sheets of their own. */
export const ELSEWHERE: ReadonlySet<string> = new Set(['columns', 'tests', 'unit_tests', 'value_level', 'where']);

/** What may be chosen for a field, where the schema says so. @param above where the row stands in the properties */
export function choicesOf({ path, kind }: Field, above: readonly string[]): readonly string[] | undefined {
  if (kind === 'yesno') return ['Yes', 'No'];
  const entries = kind === 'text' ? partAt(propertiesSchema, [...above, ...path])?.entries : undefined;
  return entries && Object.values(entries);
}
