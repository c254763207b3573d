import type { Qc } from '../../project/project.ts';
import { identifier, literal, qualified } from '../../store/connection.ts';
import { sameKey } from '../table/same-key.ts';
import { isNumberType, mayWriteAlike, numberText, roundsToOther } from './number-text.ts';
import { textOfColumn } from './test-sql.ts';
import type { CompiledTest } from './tests.ts';

/** Name of the test that holds a model against its second version. */
export const QC_TEST = 'qc';

/**
 * The test that a model and its second version are the same: by the keys of the model, record by record and value by
 * value: two numbers as numbers, whatever their types, and all else as text. Columns that begin with _ do not count, nor
 * does the order of columns or rows. It gives a row for each difference: a record, a column or a value that one of them
 * has otherwise, or a key that repeats.
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
  const [m, q] = ['model', 'qc'].map((name) => ({ text: `_${name}`, type: `_${name}_type` }));
  const [number, qcNumber] = [m, q].map(({ text, type }) => numberText(text, type));
  return `WITH
model_key AS (${keysOf(one, keys)}),
qc_key AS (${keysOf(other, keys)}),
both_have AS (FROM model_key INTERSECT FROM qc_key),
model_type AS (${typesOf(one)}),
qc_type AS (${typesOf(other)}),
model_column AS (SELECT name FROM model_type),
qc_column AS (SELECT name FROM qc_type),
model_value AS (${valuesOf(one, keys)}),
qc_value AS (${valuesOf(other, keys)}),
number_column AS (
  SELECT m.name AS _name, m.type AS _model_type, q.type AS _qc_type FROM model_type AS m JOIN qc_type AS q USING (name)
  WHERE ${isNumberType('m.type')} AND ${isNumberType('q.type')}
),
written_alike AS (SELECT list(_name) FROM number_column WHERE ${mayWriteAlike('_model_type', '_qc_type')}),
value_pair AS (
  SELECT ${of}, coalesce(m._variable, q._variable) AS _variable, m._value AS _model, q._value AS _qc
  FROM model_value AS m FULL JOIN qc_value AS q ON ${sameKey('m', 'q', keys)} AND m._variable = q._variable
  WHERE m._value IS DISTINCT FROM q._value OR list_contains((FROM written_alike), m._variable)
),
value_differs AS (
  SELECT ${columns}, _variable,
    CASE WHEN _model_type <> _qc_type THEN ${number} ELSE _model END AS _model,
    CASE WHEN _model_type <> _qc_type THEN ${qcNumber} ELSE _qc END AS _qc
  FROM value_pair LEFT JOIN number_column ON _name = _variable
  WHERE _name IS NULL OR ${number} IS DISTINCT FROM ${qcNumber} AND ${roundsToOther(m, q)} IS NOT TRUE
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

/** The keys of the records, as text, in which equal numbers are the same. */
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

const keyTexts = (keys: readonly string[]) => keys.map((key) => `${keyText(key)} AS ${identifier(key)}`).join(', ');

function keyText(key: string): string {
  const [text, type] = [textOfColumn(key), `typeof(${identifier(key)})`];
  return `CASE WHEN ${isNumberType(type)} THEN ${numberText(text, type)} ELSE ${text} END COLLATE "binary"`;
}

/** The names and types of the columns of a table, be it empty. */
function typesOf(table: string): string {
  return `FROM (UNPIVOT (
  SELECT typeof(COLUMNS(*)) FROM (SELECT t.* FROM (SELECT 1) AS a LEFT JOIN (FROM ${table} LIMIT 1) AS t ON true)
) ON COLUMNS(*) INTO NAME name VALUE type) WHERE NOT starts_with(name, '_')`;
}
