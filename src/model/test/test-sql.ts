import type { ModelTest } from '../../project/model-test.ts';
import type { Iso8601Form } from '../../project/test-kinds.ts';
import type { Scalar } from '../../project/vocabulary.ts';
import { identifier, literal, qualified } from '../../store/connection.ts';
import { freshnessSql } from './freshness.ts';

/**
 * The SELECT that returns the rows of `model` that fail. Values are compared as they are written, byte for byte, whatever
 * the collation of a column: within a struct there is none.
 * @param now what the age of a test of freshness is measured against
 */
export function testSql(model: string, test: ModelTest, now: Date): string {
  const table = testedTable(model, test);
  switch (test.kind) {
    case 'not_null':
      return `SELECT * FROM ${table} WHERE ${isEmpty(test.column)}`;
    case 'mandatory':
      return `SELECT * FROM ${table} WHERE ${test.columns.map(isEmpty).join(' OR ')}`;
    case 'unique':
      return uniqueSql(table, test.columns);
    case 'accepted_values':
      return `SELECT * FROM ${table} WHERE ${acceptedCondition(test.column, test.values)}`;
    case 'codelist':
      return elsewhereSql(table, test.column, codedValues(test.codelist));
    case 'relationships': {
      const toColumn = identifier(test.toColumn);
      const to = `SELECT {v: ${toColumn}} FROM ${qualified(test.to)} WHERE ${toColumn} IS NOT NULL`;
      const column = identifier(test.column);
      return `SELECT * FROM ${table} WHERE ${column} IS NOT NULL AND {v: ${column}} NOT IN (${to})`;
    }
    case 'expression':
      return `SELECT * FROM ${table} WHERE NOT (\n${expressionOf(test)}\n)`;
    case 'row_count':
      return `SELECT count(*) AS row_count FROM ${table} HAVING ${countCondition(test)}`;
    case 'equal_rowcount': {
      const other = `(SELECT count(*) FROM ${qualified(test.to)})`;
      return `SELECT count(*) AS row_count, ${other} AS other_row_count FROM ${table} HAVING count(*) <> ${other}`;
    }
    case 'not_negative':
      return `SELECT * FROM ${table} WHERE TRY_CAST(${identifier(test.column)} AS DOUBLE) < 0`;
    case 'iso8601':
      return `SELECT * FROM ${table} WHERE NOT (${test.forms.map((form) => iso8601Condition(test.column, form)).join(' OR ')})`;
    case 'freshness':
      return freshnessSql(table, test, now);
    case 'sql':
      return test.sql;
  }
}

/** The SELECT of how many rows are at fault in each column of a test of several, by its name; undefined of all others. */
export function countsSql(model: string, test: ModelTest): string | undefined {
  if (test.kind !== 'mandatory') return undefined;
  const counts = test.columns.map((column) => `count(*) FILTER (WHERE ${isEmpty(column)}) AS ${identifier(column)}`);
  return `SELECT ${counts.join(', ')} FROM ${testedTable(model, test)}`;
}

/** The SELECT of how many rows a share of a test is of: those that are tested. */
export function totalSql(model: string, test: ModelTest): string {
  return `SELECT count(*) AS n FROM ${testedTable(model, test)}`;
}

/** The rows of the model for which `where` is true. */
function testedTable(model: string, { where }: ModelTest): string {
  return where === undefined ? qualified(model) : `(SELECT * FROM ${qualified(model)} WHERE (\n${where}\n))`;
}

/** NULL counts as a value: two rows without a value in all key columns are no more unique than two with. */
function uniqueSql(table: string, columns: readonly string[]): string {
  const key = (of: string) => `row(${columns.map((column) => `${of}.${identifier(column)}`).join(', ')})`;
  const repeated = `SELECT ${key('each')} AS key FROM ${table} AS each GROUP BY ALL HAVING count(*) > 1`;
  return `SELECT tested.* FROM ${table} AS tested SEMI JOIN (${repeated}) AS repeated ON ${key('tested')} IS NOT DISTINCT FROM repeated.key`;
}

/** Texts are compared as texts: of '1', '01' and ' 1' only the first is 1. Numbers are compared as numbers elsewhere. */
function acceptedCondition(column: string, values: readonly Scalar[]): string {
  const name = identifier(column);
  const kinds = new Set(values.map((value) => (typeof value === 'bigint' ? 'number' : typeof value)));
  const asText = `${textOfColumn(column)} NOT IN (${values.map((value) => literal(String(value))).join(', ')})`;
  if (kinds.has('string') || kinds.size > 1) return `${name} IS NOT NULL AND ${asText}`;
  const asValue = `${name} NOT IN (${values.join(', ')})`;
  return `${name} IS NOT NULL AND CASE WHEN typeof(${name}) = 'VARCHAR' THEN ${asText} ELSE ${asValue} END`;
}

/** The rows whose value, as text, is not among those of a SELECT of one column of texts. */
function elsewhereSql(table: string, column: string, values: string): string {
  const value = `CAST(${identifier(column)} AS VARCHAR)`;
  return `SELECT * FROM ${table} WHERE ${identifier(column)} IS NOT NULL AND {v: ${value}} NOT IN (SELECT {v: v} FROM (${values}) AS t(v))`;
}

/** The coded values of a codelist, by the definitions in force; an OID goes before a name. */
function codedValues(codelist: string): string {
  const said = literal(codelist);
  const oids = `SELECT oid FROM meta.code_list WHERE oid = ${said} OR (name = ${said} AND ${said} NOT IN (SELECT oid FROM meta.code_list))`;
  return `SELECT coded_value FROM meta.decode WHERE code_list_oid IN (${oids})`;
}

/** What of DuckDB's operators compares what stands before it. */
const COMPARISON =
  /^\s*(?:[<>=!~]|\^@|&&|@>|(?:(?:NOT\s+)?(?:IN|BETWEEN|LIKE|ILIKE|SIMILAR\s+TO)|GLOB|IS|ISNULL|NOTNULL|NOT\s+NULL)\b)/i;

/** One that begins with a comparison is about the column: `>= 1`, `NOT IN ('A', 'B')`. */
function expressionOf({ expression, column }: { readonly expression: string; readonly column?: string }): string {
  return column !== undefined && COMPARISON.test(expression) ? `${identifier(column)} ${expression}` : expression;
}

function countCondition({ min, max, equals }: { min?: number; max?: number; equals?: number }): string {
  const conditions = [
    ...(min === undefined ? [] : [`count(*) < ${min}`]),
    ...(max === undefined ? [] : [`count(*) > ${max}`]),
    ...(equals === undefined ? [] : [`count(*) <> ${equals}`]),
  ];
  return conditions.join(' OR ');
}

/** The macros are those of sql/macros/sdtm.sql. An interval has one of its ends, or both, as date/time (ISO 8601). */
function iso8601Condition(column: string, form: Iso8601Form): string {
  const text = isoText(identifier(column));
  if (form === 'datetime') return `is_iso8601(${text})`;
  if (form === 'duration') return `is_iso8601_duration(${text})`;
  const [start, end] = [1, 2].map((part) => `split_part(${text}, '/', ${part})`);
  const isEither = `is_iso8601(${start}) AND is_iso8601_duration(${end}) OR is_iso8601_duration(${start}) AND is_iso8601(${end})`;
  return `len(string_split(${text}, '/')) = 2 AND (is_iso8601(${start}) AND is_iso8601(${end}) OR ${isEither})`;
}

/** SQL: a value as text, and a TIMESTAMP as ISO 8601 writes it: DuckDB has a blank before the time, and +00 for an offset. */
function isoText(value: string): string {
  const text = `CAST(${value} AS VARCHAR)`;
  const iso = `regexp_replace(replace(${text}, ' ', 'T'), '([+-][0-9]{2})$', '\\1:00')`;
  return `CASE WHEN typeof(${value}) LIKE 'TIMESTAMP%' THEN ${iso} ELSE ${text} END`;
}

/** SQL: whether there is no value in a column. */
const isEmpty = (column: string) => `coalesce(${textOfColumn(column)}, '') = ''`;

/** The value of a column as text, free of any collation. */
export const textOfColumn = (column: string) => `CAST(${identifier(column)} AS VARCHAR) COLLATE "binary"`;
