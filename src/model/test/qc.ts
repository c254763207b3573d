import type { Qc } from '../../project/project.ts';
import { identifier, literal, qualified } from '../../store/connection.ts';
import type { CompiledTest } from './tests.ts';

/** Name of the test that holds a model against its second version. */
export const QC_TEST = 'qc';

/**
 * The test that a model and its second version are the same: by the keys of the model, record by record and value by
 * value, as text. Columns that begin with _ do not count, nor does the order of columns or rows. It gives a row for each
 * difference: a record or a column that only one of them has, a value that they have otherwise, or a key that repeats.
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

function comparison(model: string, qc: string, keys: readonly string[]): string {
  const [one, other] = [qualified(model), qualified(qc)];
  const columns = keys.map(identifier).join(', ');
  const empty = keys.map(() => 'NULL').join(', ');
  const of = keys.map((key) => `coalesce(m.${identifier(key)}, q.${identifier(key)}) AS ${identifier(key)}`).join(', ');
  return `WITH
model_value AS (${valuesOf(one, keys)}),
qc_value AS (${valuesOf(other, keys)}),
both_have AS (SELECT ${columns} FROM ${one} INTERSECT SELECT ${columns} FROM ${other}),
column_of_both AS (${columnsOf(one)} INTERSECT ${columnsOf(other)}),
value_differs AS (
  SELECT ${of}, coalesce(m.variable, q.variable) AS variable, m.value AS model, q.value AS qc
  FROM model_value AS m FULL JOIN qc_value AS q ON ${same('m', 'q', keys)} AND m.variable = q.variable
  WHERE m.value IS DISTINCT FROM q.value AND coalesce(m.variable, q.variable) IN (FROM column_of_both)
)
SELECT 'record only in the model' AS difference, ${columns}, NULL AS variable, NULL AS model, NULL AS qc
FROM (SELECT DISTINCT ${columns} FROM ${one}) AS m ANTI JOIN ${other} AS q ON ${same('m', 'q', keys)}
UNION ALL
SELECT 'record only in qc', ${columns}, NULL, NULL, NULL
FROM (SELECT DISTINCT ${columns} FROM ${other}) AS q ANTI JOIN ${one} AS m ON ${same('m', 'q', keys)}
UNION ALL
SELECT 'key repeats in the model', ${columns}, NULL, NULL, NULL FROM ${one} GROUP BY ${columns} HAVING count(*) > 1
UNION ALL
SELECT 'key repeats in qc', ${columns}, NULL, NULL, NULL FROM ${other} GROUP BY ${columns} HAVING count(*) > 1
UNION ALL
SELECT 'column only in the model', ${empty}, variable, NULL, NULL FROM (${columnsOf(one)} EXCEPT ${columnsOf(other)})
UNION ALL
SELECT 'column only in qc', ${empty}, variable, NULL, NULL FROM (${columnsOf(other)} EXCEPT ${columnsOf(one)})
UNION ALL
SELECT 'value', d.* FROM value_differs AS d SEMI JOIN both_have AS b ON ${same('d', 'b', keys)}`;
}

/** The values of the records, one a row: NULL has none, and so is not told from one that is not there. */
function valuesOf(table: string, keys: readonly string[]): string {
  const columns = keys.map(identifier).join(', ');
  const counts = `NOT starts_with(name, '_') AND NOT list_contains([${keys.map(literal).join(', ')}], name)`;
  return `UNPIVOT (SELECT ${columns}, COLUMNS(lambda name: ${counts})::VARCHAR FROM ${table})
  ON COLUMNS(* EXCLUDE (${columns})) INTO NAME variable VALUE value`;
}

/** The names of the columns of a table that has any rows. */
function columnsOf(table: string): string {
  return `SELECT unnest(list_filter(json_keys(to_json(one)), lambda name: NOT starts_with(name, '_'))) AS variable
  FROM (SELECT * FROM ${table} LIMIT 1) AS one`;
}

function same(one: string, other: string, keys: readonly string[]): string {
  return keys.map((key) => `${one}.${identifier(key)} IS NOT DISTINCT FROM ${other}.${identifier(key)}`).join(' AND ');
}
