import type { Qc } from '../../project/project.ts';
import { identifier, literal, qualified } from '../../store/connection.ts';
import { sameKey } from '../table/same-key.ts';
import { textOfColumn } from './test-sql.ts';
import type { CompiledTest } from './tests.ts';

/** Name of the test that holds a model against its second version. */
export const QC_TEST = 'qc';

/**
 * The test that a model and its second version are the same: by the keys of the model, record by record and value by
 * value, as text. Columns that begin with _ do not count, nor does the order of columns or rows. It gives a row for each
 * difference: a record, a column or a value that one of them has otherwise, or a key that repeats.
 */
export function testOfQc({ of, source, severity }: Qc): CompiledTest {
  const { keys } = of.properties;
  return {
    model: of.name,
    name: QC_TEST,
    severity,
    sql: comparison(of.name, source.name, keys),
    path: source.path,
    kind: QC_TEST,
    columns: keys,
    asserts: `${source.path}, a second version written independently, gives the same records with the same values.`,
  };
}

/** Columns of what the test gives, beside the keys. */
const GIVEN: ReadonlySet<string> = new Set(['difference', 'variable', 'model', 'qc']);

function comparison(model: string, qc: string, keys: readonly string[]): string {
  const [one, other] = [qualified(model), qualified(qc)];
  const columns = keys.map(identifier).join(', ');
  const empty = keys.map(() => 'NULL').join(', ');
  // A key of such a name would be a second column of it.
  const shown = keys.map((key) => identifier(GIVEN.has(key.toLowerCase()) ? `${key}_key` : key));
  const of = keys.map((key) => `coalesce(m.${identifier(key)}, q.${identifier(key)}) AS ${identifier(key)}`).join(', ');
  const named = keys.map((key, index) => `${identifier(key)} AS ${shown[index]}`).join(', ');
  return `WITH
model_key AS (${keysOf(one, keys)}),
qc_key AS (${keysOf(other, keys)}),
both_have AS (FROM model_key INTERSECT FROM qc_key),
model_column AS (${columnsOf(one)}),
qc_column AS (${columnsOf(other)}),
model_value AS (${valuesOf(one, keys)}),
qc_value AS (${valuesOf(other, keys)}),
value_differs AS (
  SELECT ${of}, coalesce(m._variable, q._variable) AS _variable, m._value AS _model, q._value AS _qc
  FROM model_value AS m FULL JOIN qc_value AS q ON ${sameKey('m', 'q', keys)} AND m._variable = q._variable
  WHERE m._value IS DISTINCT FROM q._value
)
SELECT 'record only in the model' AS difference, ${named}, NULL AS variable, NULL AS model, NULL AS qc
FROM (FROM model_key EXCEPT FROM qc_key)
UNION ALL
SELECT 'record only in qc', ${columns}, NULL, NULL, NULL FROM (FROM qc_key EXCEPT FROM model_key)
UNION ALL
SELECT 'key repeats in the model', ${columns}, NULL, NULL, NULL FROM model_key GROUP BY ${columns} HAVING count(*) > 1
UNION ALL
SELECT 'key repeats in qc', ${columns}, NULL, NULL, NULL FROM qc_key GROUP BY ${columns} HAVING count(*) > 1
UNION ALL
SELECT 'column only in the model', ${empty}, name, NULL, NULL FROM (FROM model_column EXCEPT FROM qc_column)
UNION ALL
SELECT 'column only in qc', ${empty}, name, NULL, NULL FROM (FROM qc_column EXCEPT FROM model_column)
UNION ALL
SELECT 'value', d.* FROM value_differs AS d SEMI JOIN both_have AS b ON ${sameKey('d', 'b', keys)}
WHERE d._variable IN (FROM model_column INTERSECT FROM qc_column)`;
}

/** The keys of the records, as text. */
function keysOf(table: string, keys: readonly string[]): string {
  return `SELECT ${keyTexts(keys)} FROM ${table}`;
}

/** The values of the records, one a row: NULL has none, and so is not told from one that is not there. */
function valuesOf(table: string, keys: readonly string[]): string {
  const isKey = `list_contains([${keys.map((key) => literal(key.toLowerCase())).join(', ')}], lower(name))`;
  // Of a table that is nothing but its keys, COLUMNS has to find something too.
  const counts = `name = '_none' OR NOT starts_with(name, '_') AND NOT ${isKey}`;
  return `UNPIVOT (
  SELECT ${keyTexts(keys)}, COLUMNS(lambda name: ${counts})::VARCHAR COLLATE "binary" FROM (SELECT *, NULL AS _none FROM ${table})
) ON COLUMNS(* EXCLUDE (${keys.map(identifier).join(', ')})) INTO NAME _variable VALUE _value`;
}

const keyTexts = (keys: readonly string[]) =>
  keys.map((key) => `${textOfColumn(key)} AS ${identifier(key)}`).join(', ');

/** The names of the columns of a table, be it empty. */
function columnsOf(table: string): string {
  return `SELECT unnest(list_filter(json_keys(to_json(one)), lambda name: NOT starts_with(name, '_'))) AS name
  FROM (SELECT t.* FROM (SELECT 1) AS a LEFT JOIN (FROM ${table} LIMIT 1) AS t ON true) AS one`;
}
