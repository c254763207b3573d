-- checks: the live values, counted.
-- Values repeat, and what is asked of them is dear: each is looked at once, not each of its rows. Of free text there is
-- much and little of it twice, and nothing is asked of it but how long it is.
CREATE OR REPLACE TEMP TABLE check_value AS
WITH told AS (
  SELECT code FROM raw.dictionary WHERE text IN (
    SELECT oid FROM meta.item_def
    WHERE code_list_oid IS NOT NULL
      OR check_has_form(data_type)
    UNION SELECT item_oid FROM meta.range_check
  )
)
SELECT item_code, unit_code, sequence > 0 AS is_further, CASE WHEN is_told THEN value END AS value,
  CASE WHEN NOT is_told THEN length(value) END AS length, count(*) AS times
FROM (
  SELECT item_code, unit_code, sequence, value, item_code IN (SELECT code FROM told) AS is_told
  FROM state.item_data WHERE value <> '' AND flags & 2 = 0
)
GROUP BY ALL;

-- The values of items of which versions of the definitions ask different things, by what is asked of them.
CREATE OR REPLACE TEMP VIEW check_varying AS
SELECT v.item_group_data_key, v.sequence, v.item_code, n.variant, v.unit_code, v.value
FROM (FROM state.item_data SEMI JOIN (FROM check_item WHERE varies) USING (item_code)) v
JOIN check_item_group g ON g.key = v.item_group_data_key
JOIN check_variant n ON n.reading = g.reading AND n.item_code = v.item_code
WHERE v.value <> '' AND v.flags & 2 = 0;

-- What there is something to ask of, with what.
CREATE OR REPLACE TEMP TABLE check_pair AS
SELECT item_code, variant, unit_code, value, sum(times)::BIGINT AS times
FROM check_value JOIN (FROM check_item WHERE NOT varies) USING (item_code)
WHERE value IS NOT NULL AND asks_value GROUP BY ALL
UNION ALL
SELECT item_code, variant, unit_code, value, count(*)
FROM check_varying SEMI JOIN (FROM check_item WHERE asks_value) USING (item_code, variant) GROUP BY ALL;

-- How many values each was looked at; of free text only how long it is.
CREATE OR REPLACE TEMP TABLE check_count AS
SELECT item_code, variant, sum(times)::BIGINT AS times
FROM (
  SELECT item_code, variant, times FROM check_pair
  UNION ALL
  SELECT item_code, variant, times FROM check_value JOIN (FROM check_item WHERE is_free AND NOT varies) USING (item_code)
  UNION ALL
  SELECT item_code, variant, 1 FROM check_varying SEMI JOIN (FROM check_item WHERE is_free) USING (item_code, variant)
)
GROUP BY ALL;
