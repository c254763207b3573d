import { RECORD_CONTEXT } from '../odm/record-context.ts';
import { identifier, literal } from '../store/connection.ts';

const COLUMNS: Readonly<Record<string, string>> = {
  rule: 'Rule that found it: type, length, significant_digits, codelist, range, mandatory, or rules/ and the name of a file there.',
  severity: 'error or warn: of a range check by its SoftHard, of a file of rules/ by its properties.',
  table_name: 'Table in staged; (not live) where a rule names an identity that no live record has.',
  column_name: 'Column of the item in that table; NULL where the finding is of the whole record.',
  ...RECORD_CONTEXT,
  form_oid: 'FormOID; of a mandatory form that is missing, its own.',
  item_group_oid: 'ItemGroupOID; of a mandatory item group that is missing, its own.',
  item_oid: 'ItemOID; of a CSV file the header of the column.',
  sequence: 'Value/@SeqNum (ODM 2.0); else 0. NULL where there is no value.',
  value: 'The value as sent; of a file of rules/, its column value.',
  message: 'What is wrong, in words: the ErrorMessage of a range check, the message of a rule.',
  delivery_key: 'The delivery that brought it: raw.delivery.',
  source: 'The source, by its name in warehouse.yml.',
  part: 'The file.',
  _row: 'Identity of the record; NULL where a whole item group or form is missing.',
};

/**
 * recon.finding over recon._finding and the rows of rules.
 * @param rules SELECTs of rule, severity, _row, item, value, message
 * @param files names of the tables of CSV sources in staged
 */
export function findingView(rules: readonly string[], files: readonly string[]): string {
  const lines = files.map(
    (table) => `
      SELECT ${literal(table)}, _identity, max(_key) FROM state.${identifier(`file_${table}`)}
      WHERE _identity IN (SELECT _row FROM ruled) GROUP BY _identity`,
  );
  const comments = Object.entries(COLUMNS).map(
    ([column, comment]) => `COMMENT ON COLUMN recon.finding.${column} IS ${literal(comment)};`,
  );
  return `
    CREATE OR REPLACE VIEW recon.finding AS
    WITH ${ruled(rules)},
    live(table_name, _row, key) AS (
      SELECT NULL, identity, max(key) FROM state.item_group_data WHERE identity IN (SELECT _row FROM ruled) GROUP BY identity
      ${lines.map((line) => `UNION ALL ${line}`).join('\n')}
    ),
    found AS (
      SELECT rule, severity, key, form_oid, item_group_oid, item_oid, sequence, value, message,
        NULL::VARCHAR AS item, NULL::VARCHAR AS file, NULL::BIGINT AS _row
      FROM recon._finding
      UNION ALL
      SELECT r.rule, r.severity, l.key, NULL, NULL, NULL, NULL, r.value, r.message, r.item, l.table_name, r._row
      FROM ruled r LEFT JOIN live l USING (_row)
    ),
    placed AS (
      SELECT n.rule, n.severity, n.key, n.item, n.file, n.sequence, n.value, n.message, coalesce(g.identity, n._row) AS _row,
        coalesce(nullif(g.subject_data_key, 0), f.subject_data_key, e.subject_data_key) AS subject_data_key,
        event.text AS study_event_oid, coalesce(event_repeat.text, nullif(e.ordinal, 0)::VARCHAR) AS study_event_repeat_key,
        coalesce(form.text, n.form_oid) AS form_oid, coalesce(form_repeat.text, nullif(f.ordinal, 0)::VARCHAR) AS form_repeat_key,
        -- Of a mandatory item group that is missing in another (ODM 2.0), its own.
        coalesce(n.item_group_oid, item_group.text) AS item_group_oid,
        CASE WHEN n.item_group_oid IS NULL THEN coalesce(group_repeat.text, nullif(g.ordinal, 0)::VARCHAR) END AS item_group_repeat_key,
        coalesce(n.item_oid, c.item_oid, h.item_oid) AS item_oid
      FROM found n
      LEFT JOIN raw.item_group_data g ON g.key = n.key
      LEFT JOIN raw.form_data f ON f.key = coalesce(g.form_data_key, n.key)
      LEFT JOIN raw.study_event_data e ON e.key = coalesce(g.study_event_data_key, f.study_event_data_key, n.key)
      LEFT JOIN raw.dictionary event ON event.code = e.study_event_code
      LEFT JOIN raw.dictionary event_repeat ON event_repeat.code = e.repeat_key_code
      LEFT JOIN raw.dictionary form ON form.code = f.form_code
      LEFT JOIN raw.dictionary form_repeat ON form_repeat.code = f.repeat_key_code
      LEFT JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
      LEFT JOIN raw.dictionary group_repeat ON group_repeat.code = g.repeat_key_code
      LEFT JOIN meta.item c ON c.item_group_oid = item_group.text AND c.column_name = n.item
      LEFT JOIN (
        SELECT s.sql_name AS file, c.sql_name AS item, c.item_oid
        FROM meta.name s JOIN meta.name c ON c.kind = 'column' AND c.item_group_oid = s.item_group_oid WHERE s.kind = 'source'
      ) h ON h.file = n.file AND h.item = n.item
    )
    SELECT n.rule, n.severity, coalesce(n.file, t.table_name, CASE WHEN n.key IS NULL THEN '(not live)' END) AS table_name,
      coalesce(i.column_name, n.item) AS column_name, study.text AS study_oid, site.text AS site_oid, x.subject_key,
      n.study_event_oid, n.study_event_repeat_key, n.form_oid, n.form_repeat_key, n.item_group_oid, n.item_group_repeat_key,
      n.item_oid, n.sequence, n.value, n.message, p.delivery_key, p.source, p.name AS part, n._row
    FROM placed n
    LEFT JOIN meta.item_group t ON t.item_group_oid = n.item_group_oid
    LEFT JOIN meta.item i ON i.item_group_oid = n.item_group_oid AND i.item_oid = n.item_oid
    LEFT JOIN raw.subject_data x ON x.key = n.subject_data_key
    LEFT JOIN state.subject s ON s.identity = x.identity
    LEFT JOIN raw.dictionary study ON study.code = s.study_code
    LEFT JOIN raw.dictionary site ON site.code = s.site_code
    LEFT JOIN (${PART}) p ON n.key BETWEEN p.first_key AND p.last_key
    ORDER BY ALL;
    COMMENT ON VIEW recon.finding IS 'What the checks found in what is live: one row for each value or record and each rule that it breaks, in one order.';
    ${comments.join('\n')}`;
}

/**
 * recon.finding_summary: every rule, with and without findings. Of a file of rules/, what was looked at are the live
 * records of the tables in which it found something.
 * @param rules SELECTs of rule, severity, _row, item, value, message
 * @param ids the names of all these rules
 * @param files names of the tables of CSV sources in staged
 */
export function summaryView(rules: readonly string[], ids: readonly string[], files: readonly string[]): string {
  const lines = files.map(
    (table) => `
      SELECT ${literal(`file ${table}`)}, _identity FROM state.${identifier(`file_${table}`)}`,
  );
  return `
    CREATE OR REPLACE VIEW recon.finding_summary AS
    WITH ${ruled(rules)},
    record(place, _row) AS (
      SELECT item_group_code::VARCHAR, identity FROM state.item_group_data WHERE (SELECT count(*) FROM ruled) > 0
      ${lines.map((line) => `UNION ALL ${line}`).join('\n')}
    ),
    hit AS (SELECT DISTINCT r.rule, c.place FROM ruled r JOIN record c USING (_row)),
    size AS (
      SELECT place, count(DISTINCT _row) AS records FROM record WHERE place IN (SELECT place FROM hit) GROUP BY place
    ),
    checked(rule, checked) AS (
      FROM recon._checked
      UNION ALL
      SELECT n.rule, coalesce(sum(s.records), 0)
      FROM (SELECT unnest([${ids.map(literal).join(', ')}]::VARCHAR[]) AS rule) n LEFT JOIN hit h USING (rule) LEFT JOIN size s USING (place)
      GROUP BY n.rule
    ),
    found AS (
      SELECT rule, count(*) AS findings, count(*) FILTER (severity = 'error') AS errors
      FROM (SELECT rule, severity FROM recon._finding UNION ALL SELECT rule, severity FROM ruled) GROUP BY rule
    )
    SELECT c.rule, coalesce(f.findings, 0)::BIGINT AS finding_count, coalesce(f.errors, 0)::BIGINT AS error_count,
      c.checked::BIGINT AS checked_count
    FROM checked c LEFT JOIN found f USING (rule) ORDER BY c.rule;
    COMMENT ON VIEW recon.finding_summary IS 'Every rule that what is live was checked by, with how much it found: recon.finding has each.';
    COMMENT ON COLUMN recon.finding_summary.rule IS 'type, length, significant_digits, codelist, range, mandatory, or rules/ and the name of a file there.';
    COMMENT ON COLUMN recon.finding_summary.finding_count IS 'Findings.';
    COMMENT ON COLUMN recon.finding_summary.error_count IS 'Those of severity error.';
    COMMENT ON COLUMN recon.finding_summary.checked_count IS 'What was looked at: live values that have such a definition; for mandatory, what may not be missing; for a file of rules/, the live records of the tables in which it found something.';`;
}

/** Where rows of raw are told to come from: as recon._part, which is not there yet. */
const PART = `
  SELECT first_key, last_key, source, name, delivery_key FROM state.part WHERE first_key IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank) = 1`;

const NO_RULES =
  'SELECT NULL::VARCHAR, NULL::VARCHAR, NULL::BIGINT, NULL::VARCHAR, NULL::VARCHAR, NULL::VARCHAR WHERE false';

const ruled = (rules: readonly string[]) =>
  `ruled(rule, severity, _row, item, value, message) AS (${rules.join('\nUNION ALL ') || NO_RULES})`;
