import { COMPARATORS, METHOD_TYPES } from '../project/properties.ts';
import {
  choicesOf,
  DATASET_FIELDS,
  type Field,
  TEST_FIELDS,
  UNIT_TEST_FIELDS,
  VALUE_FIELDS,
  VARIABLE_FIELDS,
} from './fields.ts';
import type { WrittenColumn } from './xlsx/write.ts';

/** A sheet: the columns that say what a row is about, and what is said of it. */
interface Layout {
  readonly leading: readonly WrittenColumn[];
  readonly fields: readonly Field[];
  /** Where what a row is about stands in the properties; `*` for a name or a place in a list. */
  readonly above: readonly string[];
  /** Columns of Define-XML specifications that properties have no place for. */
  readonly foreign: readonly string[];
}

const column = (title: string, width: number, more: Partial<WrittenColumn> = {}) => ({ title, width, ...more });
const ORDER = column('Order', 7, { isNumber: true });
const DATASET = column('Dataset', 14);
const VARIABLE = column('Variable', 14);
const ID = column('ID', 24);
const DOCUMENT = ['Document', 'Pages'];

/**
 * Every sheet of a workbook, in its order. Names of sheets and columns are those of the specifications that Pinnacle 21
 * makes define.xml from, as far as those have them.
 */
export const LAYOUTS = {
  Define: { leading: [column('Attribute', 20), column('Value', 40)], fields: [], above: [], foreign: [] },
  Datasets: {
    leading: [DATASET],
    fields: DATASET_FIELDS,
    above: [],
    foreign: ['SubClass', 'Has No Data', 'Developer Notes'],
  },
  Variables: {
    leading: [ORDER, DATASET, VARIABLE],
    fields: VARIABLE_FIELDS,
    above: ['columns', '*'],
    foreign: ['Assigned Value', 'Common', 'Has No Data', 'Developer Notes'],
  },
  ValueLevel: {
    leading: [ORDER, DATASET, VARIABLE, column('Where Clause', 24)],
    fields: VALUE_FIELDS,
    above: ['columns', '*', 'value_level', '*'],
    foreign: ['Assigned Value', 'Has No Data', 'Developer Notes'],
  },
  WhereClauses: {
    leading: [ID, DATASET, VARIABLE, column('Comparator', 12, { choices: COMPARATORS }), column('Value', 40)],
    fields: [],
    above: [],
    foreign: ['Comment'],
  },
  Codelists: {
    leading: [ID, column('Used By', 60)],
    fields: [],
    above: [],
    foreign: [
      'Name',
      'NCI Codelist Code',
      'Data Type',
      'Terminology',
      'Comment',
      'Order',
      'Term',
      'NCI Term Code',
      'Decoded Value',
    ],
  },
  Methods: {
    leading: [ID, column('Type', 14, { choices: METHOD_TYPES }), column('Description', 80)],
    fields: [],
    above: [],
    foreign: ['Name', 'Expression Context', 'Expression Code', ...DOCUMENT],
  },
  Comments: { leading: [ID, column('Description', 80)], fields: [], above: [], foreign: DOCUMENT },
  Tests: {
    leading: [DATASET, VARIABLE, column('Test', 18), column('Argument', 50)],
    fields: TEST_FIELDS,
    above: ['tests', '*'],
    foreign: [],
  },
  UnitTests: { leading: [DATASET], fields: UNIT_TEST_FIELDS, above: ['unit_tests', '*'], foreign: [] },
} as const satisfies Readonly<Record<string, Layout>>;

export type SheetName = keyof typeof LAYOUTS;
export const SHEET_NAMES = Object.keys(LAYOUTS) as readonly SheetName[];

/** Sheets of Define-XML specifications that properties have no place for. */
export const FOREIGN_SHEETS = [
  'Standards',
  'Dictionaries',
  'Documents',
  'Analysis Displays',
  'Analysis Results',
  'Analysis Criteria',
];

/** The columns of a sheet, in their order. */
export function columnsOf(name: SheetName): readonly WrittenColumn[] {
  const { leading, fields, above }: Layout = LAYOUTS[name];
  const described = fields.map((field): WrittenColumn => {
    const { title, width, kind } = field;
    return { title, width, isNumber: kind === 'integer', choices: choicesOf(field, above) };
  });
  return [...leading, ...described];
}

/** The titles of the columns of a sheet. */
export const titlesOf = (name: SheetName): readonly string[] => columnsOf(name).map(({ title }) => title);
