import { z } from 'zod';
import { contractTests } from './contract-tests.ts';
import { deepFreeze } from './freeze.ts';
import { checkMaterialization, materialization } from './materialization.ts';
import { modelTests, named, type TestedColumn } from './model-test.ts';
import { columnTest, datasetTest } from './test-kinds.ts';
import { checkUnitTests, unitTest } from './unit-test.ts';
import { classification, columnName, modelName, name, sqlType, text } from './vocabulary.ts';

/** Define-XML 2.1: ItemDef/@DataType. */
const DATA_TYPES = [
  'text',
  'integer',
  'float',
  'date',
  'time',
  'datetime',
  'partialDate',
  'partialTime',
  'partialDatetime',
  'incompleteDatetime',
  'durationDatetime',
  'intervalDatetime',
] as const;
export type DataType = (typeof DATA_TYPES)[number];

/** CDISC terminology: General Observation Class (GNRLOBSC, C103329), as Define-XML 2.1 uses it. */
const DATASET_CLASSES = [
  'ADAM OTHER',
  'BASIC DATA STRUCTURE',
  'DEVICE LEVEL ANALYSIS DATASET',
  'EVENTS',
  'FINDINGS',
  'FINDINGS ABOUT',
  'INTERVENTIONS',
  'MEDICAL DEVICE BASIC DATA STRUCTURE',
  'MEDICAL DEVICE OCCURRENCE DATA STRUCTURE',
  'OCCURRENCE DATA STRUCTURE',
  'REFERENCE DATA STRUCTURE',
  'RELATIONSHIP',
  'SPECIAL PURPOSE',
  'STUDY REFERENCE',
  'SUBJECT LEVEL ANALYSIS DATASET',
  'TRIAL DESIGN',
] as const;

const ORIGIN_TYPES = ['Collected', 'Derived', 'Assigned', 'Protocol', 'Predecessor', 'Not Available'] as const;
const ORIGIN_SOURCES = ['Subject', 'Investigator', 'Vendor', 'Sponsor'] as const;
export const COMPARATORS = ['EQ', 'NE', 'LT', 'LE', 'GT', 'GE', 'IN', 'NOTIN'] as const;
export const METHOD_TYPES = ['Computation', 'Imputation'] as const;

const positive = z.int().min(1, 'must be 1 or more');

const origin = z.strictObject({
  type: z.enum(ORIGIN_TYPES),
  source: z.enum(ORIGIN_SOURCES).optional(),
  /** Page numbers of the annotated CRF. */
  pages: z.array(positive).min(1).optional(),
  /** For a Predecessor, the variable it comes from: `DM.USUBJID`. */
  description: text.optional(),
});

const method = z.strictObject({
  type: z.enum(METHOD_TYPES).default('Computation'),
  description: text,
});

/** What a variable and a value-level entry have in common (Define-XML 2.1: ItemDef and its ItemRef). */
const item = {
  label: text.optional(),
  type: z.enum(DATA_TYPES).optional(),
  /** Characters, or digits of a number. */
  length: positive.optional(),
  significant_digits: z.int().min(0, 'must be 0 or more').optional(),
  display_format: text.optional(),
  /** The name or the NCI code of a codelist: `SEX`, `C66731`. */
  codelist: text.optional(),
  mandatory: z.boolean().optional(),
  origin: origin.optional(),
  method: method.optional(),
  comment: text.optional(),
};

const condition = z
  .strictObject({
    column: columnName,
    comparator: z.enum(COMPARATORS).default('EQ'),
    values: z.array(z.string()).min(1),
  })
  .superRefine(({ comparator, values }, context) => {
    if (comparator === 'IN' || comparator === 'NOTIN' || values.length === 1) return;
    context.addIssue({ code: 'custom', path: ['values'], message: `must be one value for ${comparator}` });
  });

/** Conditions are joined by AND (Define-XML 2.1: def:WhereClauseDef). */
const valueLevel = z.strictObject({ where: z.array(condition).min(1), ...item });

/** A column that leaves the dataset for its supplemental qualifiers (SDTMIG 3.4, 8.4.1). QORIG is the origin's type. */
const supp = z.strictObject({
  qnam: z.string().regex(/^[A-Z_][A-Z0-9_]{0,7}$/, 'must be 1 to 8 upper-case letters, digits and _'),
  qlabel: text.max(40, 'must be at most 40 characters'),
  qeval: text.optional(),
});

/** Why what comes in may be shown as less than it is. */
const declassify = z.strictObject({ to: classification, because: text });

const column = z.strictObject({
  ...item,
  /** The type that the column has in the file, as DuckDB writes it. */
  data_type: sqlType.optional(),
  role: text.optional(),
  core: z.enum(['Req', 'Exp', 'Perm']).optional(),
  value_level: z.array(valueLevel).default([]),
  supp: supp.optional(),
  classification: classification.optional(),
  declassify: declassify.optional(),
  tests: z.array(columnTest).default([]),
});

const dataset = z.strictObject({
  label: text.optional(),
  comment: text.optional(),
  class: z.enum(DATASET_CLASSES).optional(),
  structure: text.optional(),
  /** Columns that identify a row, in the order of sorting. */
  keys: z.array(columnName).default([]),
  repeating: z.boolean().optional(),
  reference_data: z.boolean().optional(),
  standard: text.optional(),
  purpose: z.enum(['Tabulation', 'Analysis']).optional(),
  /** The domain that this dataset is a part of: `QS` for `sdtm.qsph`. */
  split_parent: text.optional(),
  /** The model whose supplemental qualifiers this dataset holds: `sdtm.ae` for `sdtm.suppae`. */
  supp: modelName.optional(),
  ...materialization,
  /** Models that the SQL reads where its text cannot show it; added to those that it shows. */
  depends_on: z.array(modelName).default([]),
  tags: z.array(name).default([]),
  tests: z.array(datasetTest).default([]),
  unit_tests: z.array(unitTest).default([]),
  classification: classification.optional(),
  /** Of what decides which rows there are. */
  declassify: declassify.optional(),
  columns: z.record(columnName, column).default({}),
});
type WrittenDataset = z.infer<typeof dataset>;

function check(written: WrittenDataset, context: z.RefinementCtx): void {
  checkColumns(written, context);
  checkCodelists(written, context);
  checkDeclassified(written, context);
  checkUnitTests(written.unit_tests, context);
}

function checkColumns({ keys, tests, columns }: WrittenDataset, context: z.RefinementCtx): void {
  if (Object.keys(columns).length === 0) return;
  const missing = (column: string, path: PropertyKey[]) => {
    if (Object.hasOwn(columns, column)) return;
    context.addIssue({ code: 'custom', path, message: `names ${column}, which is not under columns:` });
  };
  keys.forEach((key, i) => {
    missing(key, ['keys', i]);
  });
  tests.forEach((test, t) => {
    for (const kind of ['unique', 'unique_combination'] as const) {
      test[kind]?.forEach((key, i) => {
        missing(key, ['tests', t, kind, i]);
      });
    }
    if (test.freshness?.column) missing(test.freshness.column, ['tests', t, 'freshness', 'column']);
  });
  for (const [name, { value_level }] of Object.entries(columns)) {
    value_level.forEach((level, v) => {
      level.where.forEach((where, w) => {
        missing(where.column, ['columns', name, 'value_level', v, 'where', w, 'column']);
      });
    });
  }
}

/** A test may mean the codelist of its column without naming it. */
function checkCodelists({ columns }: WrittenDataset, context: z.RefinementCtx): void {
  for (const [name, { codelist, tests }] of Object.entries(columns)) {
    tests.forEach((test, t) => {
      if (test.codelist !== true || codelist !== undefined) return;
      const params = { next: 'Write {codelist: SEX}, with the one that you mean, or give the column its codelist.' };
      const path = ['columns', name, 'tests', t, 'codelist'];
      context.addIssue({ code: 'custom', path, message: 'means the codelist of the column, which has none', params });
    });
  }
}

/** `declassify` says what a column is: a classification beside it would be another word for the same, or a contradiction. */
function checkDeclassified({ columns }: WrittenDataset, context: z.RefinementCtx): void {
  for (const [name, { classification, declassify }] of Object.entries(columns)) {
    if (classification === undefined || declassify === undefined) continue;
    const path = ['columns', name, 'classification'];
    context.addIssue({ code: 'custom', path, message: 'stands beside declassify, which says what the column is' });
  }
}

function complete({ tests, columns, ...rest }: WrittenDataset) {
  const ofColumns: Record<string, TestedColumn> = {};
  const described: Record<string, Omit<z.infer<typeof column>, 'tests'>> = {};
  for (const [name, { tests: columnTests, ...description }] of Object.entries(columns)) {
    ofColumns[name] = { tests: columnTests, codelist: description.codelist };
    described[name] = description;
  }
  const unitTests = rest.unit_tests.map(({ name }) => name);
  const declared = modelTests(tests, ofColumns, unitTests);
  const taken = [...unitTests, ...declared.map(({ name }) => name)];
  const implied = named(contractTests({ ...rest, columns: described }, declared), taken);
  return { ...rest, columns: described, tests: [...declared, ...implied] };
}

/** The specification of a dataset beside its SQL, with Define-XML's vocabulary; docs/configuration.md explains each. */
export const propertiesSchema = dataset.superRefine(check).superRefine(checkMaterialization).transform(complete);

/**
 * The properties of a model. `columns` keeps the order of the file. The tests of columns are in `tests`, beside those
 * of the dataset.
 */
export type ModelProperties = z.infer<typeof propertiesSchema>;
export type Declassified = z.infer<typeof declassify>;
export type ColumnProperties = ModelProperties['columns'][string];

/** Properties of a model without a YAML file. */
export const NO_PROPERTIES: ModelProperties = deepFreeze(propertiesSchema.parse({}));
