import { WarehouseError } from '../../lib/errors.ts';
import { own } from '../../lib/own.ts';
import type { ModelSource } from '../../project/project.ts';
import { RULES } from '../../project/rules.ts';
import { SUBMISSION } from '../../project/submission.ts';
import type { TableColumn } from '../../store/describe.ts';
import { shownType } from './data-types.ts';

/** What the warehouse reads in the models of a schema, and so has to find there. */
interface Demand {
  readonly code: string;
  /** Types by column. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that may be left out; else they have this type. */
  readonly optional?: Readonly<Record<string, string>>;
  /** A column that it cannot have, and why. */
  readonly never?: readonly [column: string, why: string];
  readonly what?: string;
  readonly next: string;
}

/** The schema whose tables leave out records, or items. */
const EXCLUSIONS = 'excluded';

const DEMANDS: Readonly<Record<string, Demand>> = {
  [SUBMISSION]: {
    code: 'MODEL_ROWS_MISSING',
    columns: { _rows: 'BIGINT[]' },
    what: 'The dataset',
    next: 'Add _rows, the identities of the records each row came from ([_row] or list(_row ORDER BY _row)), or say reference_data: true.',
  },
  /** They name records and the rule that leaves them out (recon.row_accounting). */
  [EXCLUSIONS]: {
    code: 'MODEL_EXCLUSION',
    columns: { _row: 'BIGINT', rule: 'VARCHAR' },
    next: "A model in models/excluded/ names records and the rule that leaves them out: SELECT _row, 'not mapped' AS rule FROM staged.x.",
  },
  [RULES]: {
    code: 'RULE_COLUMNS',
    columns: { _row: 'BIGINT' },
    optional: { item: 'VARCHAR', message: 'VARCHAR' },
    never: ['_rows', 'which makes a dataset of it'],
    next: "A rule names the records at fault: SELECT _row, 'aestdat' AS item, aestdat AS value FROM staged.ae WHERE ...; item, value and message may be left out.",
  },
};

/** Those that name items, and the rule that leaves them out (recon.item_accounting). */
const OF_ITEMS: Demand = {
  code: 'MODEL_EXCLUSION',
  columns: { table_name: 'VARCHAR', column_name: 'VARCHAR', rule: 'VARCHAR' },
  next: "A model in models/excluded/ without _row names items and the rule that leaves them out: SELECT 'x' AS table_name, 'a' AS column_name, 'not mapped' AS rule.",
};

function demandOf(schema: string, found: ReadonlyMap<string, string>): Demand | undefined {
  const namesItems = !found.has('_row') && (found.has('table_name') || found.has('column_name'));
  if (schema === EXCLUSIONS && namesItems) return OF_ITEMS;
  return own(DEMANDS, schema);
}

/**
 * Holds the columns of a model against what the warehouse reads in models of its schema; further columns are its own.
 * @throws usage MODEL_ROWS_TYPE, MODEL_ROWS_MISSING, MODEL_EXCLUSION, RULE_COLUMNS.
 */
export function checkDemands({ name, path, schema, properties }: ModelSource, columns: readonly TableColumn[]): void {
  const found = new Map(columns.map((column) => [column.name, column.type]));
  const demand = schema === SUBMISSION && properties.reference_data ? undefined : demandOf(schema, found);
  const said = demand === undefined ? [] : breachesOf(demand, found);
  if (demand === undefined || said.length === 0) {
    checkRows({ name, path }, found.get('_rows'));
    return;
  }
  throw new WarehouseError({
    kind: 'usage',
    code: demand.code,
    message: said.join(' '),
    place: { model: name, file: path },
    next: demand.next,
  });
}

/** Whatever has _rows accounts for records (recon.row_accounting). */
function checkRows({ name, path }: Pick<ModelSource, 'name' | 'path'>, type: string | undefined): void {
  if (type === undefined || type === 'BIGINT[]') return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'MODEL_ROWS_TYPE',
    message: `Column _rows is ${shownType(type)}, not BIGINT[]: in every model it names the records that a row came from.`,
    place: { model: name, file: path },
    next: 'Give it the identities of the records ([_row] or list(_row ORDER BY _row)), or another name.',
  });
}

function breachesOf({ columns, optional = {}, never, what = 'It' }: Demand, found: ReadonlyMap<string, string>) {
  const said = Object.entries({ ...columns, ...optional }).flatMap(([column, type]) => {
    const is = found.get(column);
    if (is === undefined) return Object.hasOwn(optional, column) ? [] : [`${what} has no column ${column}.`];
    return is === type ? [] : [`Column ${column} is ${shownType(is)}, not ${type}.`];
  });
  if (never === undefined || !found.has(never[0])) return said;
  return [...said, `${what} has a column ${never[0]}, ${never[1]}.`];
}
