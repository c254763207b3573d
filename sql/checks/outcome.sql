-- checks: how much was looked at, and what was not judged.
CREATE OR REPLACE TABLE recon._checked AS
SELECT 'type' AS rule, coalesce(sum(times) FILTER (has_form), 0)::BIGINT AS checked FROM check_count JOIN check_item USING (item_code, variant)
UNION ALL
SELECT 'length', coalesce(sum(times) FILTER (has_length), 0) FROM check_count JOIN check_item USING (item_code, variant)
UNION ALL
SELECT 'significant_digits', coalesce(sum(times) FILTER (has_digits), 0) FROM check_count JOIN check_item USING (item_code, variant)
UNION ALL
SELECT 'codelist', coalesce(sum(times) FILTER (has_codes), 0) FROM check_count JOIN check_item USING (item_code, variant)
UNION ALL
SELECT 'range', coalesce(sum(times), 0) FROM check_count SEMI JOIN (FROM check_range WHERE reason IS NULL) USING (item_code, variant)
UNION ALL
SELECT 'mandatory', (SELECT coalesce(sum(records), 0) FROM check_needed) + (SELECT count(*) FROM check_expected);
COMMENT ON TABLE recon._checked IS 'How much the checks against the definitions looked at: read recon.finding_summary instead.';
COMMENT ON COLUMN recon._checked.rule IS 'type, length, significant_digits, codelist, range or mandatory.';
COMMENT ON COLUMN recon._checked.checked IS 'Live values, or things that may not be missing.';

CREATE OR REPLACE TABLE recon.unchecked AS
SELECT 'range' AS rule, 'ItemDef' AS element, r.item_oid AS oid, r.reason, sum(coalesce(c.times, 0))::BIGINT AS value_count
FROM check_range r LEFT JOIN check_count c USING (item_code, variant) WHERE r.reason IS NOT NULL GROUP BY ALL
UNION ALL
SELECT 'range', 'ItemDef', r.item_oid, CASE t.outcome WHEN 'unit' THEN 'A value has another unit than the RangeCheck, or none of several.'
    ELSE 'A value cannot be compared: one of the two has an offset and the other has none, or it has too many digits.' END,
  sum(t.times)::BIGINT
FROM (SELECT DISTINCT item_code, variant, unit_code, value, times, outcome FROM check_tried WHERE outcome IN ('unit', 'unlike')) t
JOIN (SELECT DISTINCT item_code, variant, item_oid FROM check_range) r USING (item_code, variant) GROUP BY ALL
UNION ALL
SELECT 'codelist', 'ItemDef', i.item_oid, 'CodeList ' || i.code_list_oid || ' has no CodedValue: it is external, or nobody has sent it.',
  sum(coalesce(c.times, 0))::BIGINT
FROM check_item i LEFT JOIN check_count c USING (item_code, variant)
WHERE i.code_list_oid IS NOT NULL AND NOT i.has_codes GROUP BY ALL
UNION ALL
SELECT 'mandatory', element, child_oid, 'It has a CollectionExceptionConditionOID: when it may be missing is not evaluated.', NULL
FROM check_required WHERE has_condition GROUP BY ALL
ORDER BY ALL;
COMMENT ON TABLE recon.unchecked IS 'What the definitions ask and the checks do not judge, and why: one row for each rule, item and reason.';
COMMENT ON COLUMN recon.unchecked.rule IS 'range, codelist or mandatory.';
COMMENT ON COLUMN recon.unchecked.element IS 'ItemDef; for mandatory the reference: ItemRef, ItemGroupRef or FormRef.';
COMMENT ON COLUMN recon.unchecked.oid IS 'OID of the item, or of what is referred to.';
COMMENT ON COLUMN recon.unchecked.reason IS 'Why it is not judged.';
COMMENT ON COLUMN recon.unchecked.value_count IS 'Live values that were not judged for this reason; NULL for mandatory.';

DROP MACRO check_has_form;
DROP VIEW check_varying;
DROP VIEW check_expected;
DROP TABLE check_definition;
DROP TABLE check_code;
DROP TABLE check_asked;
DROP TABLE check_item;
DROP TABLE check_variant;
DROP TABLE check_value;
DROP TABLE check_pair;
DROP TABLE check_count;
DROP TABLE check_fault;
DROP TABLE check_newest;
DROP TABLE check_unconverted;
DROP TABLE check_undecoded;
DROP TABLE check_said;
DROP TABLE check_side;
DROP TABLE check_bound;
DROP TABLE check_range;
DROP TABLE check_tried;
DROP TABLE check_row;
DROP TABLE check_judged;
DROP TABLE check_required;
DROP TABLE check_records;
DROP TABLE check_needed;
DROP TABLE check_lacking;
DROP TABLE check_holder;
