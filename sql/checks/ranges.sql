-- checks: RangeCheck.
-- RangeCheck (3.1.1.3.6.4). What makes a check one that is not carried out stands in `reason`.
CREATE OR REPLACE TEMP TABLE check_said AS
SELECT s.* EXCLUDE (r), r.comparator AS comparator, r.check_values AS check_values, r.unit AS unit, d.code AS unit_code,
  CASE r.soft_hard WHEN 'Soft' THEN 'warn' ELSE 'error' END AS severity,
  coalesce(r.message, 'Not ' || r.comparator || ' ' || array_to_string(r.check_values, ', ')
    || coalesce(' (' || r.unit || ')', '') || '.') AS message,
  CASE WHEN data_type IN ('integer', 'float', 'decimal', 'double') THEN 'number'
    WHEN data_type IN ('date', 'time', 'datetime', 'partialDate', 'partialTime', 'partialDatetime') THEN 'time'
    ELSE 'text' END AS kind,
  -- A value without a unit has that of its definition, if this has one, and any where it has none.
  r.unit IS NULL OR len(s.units) = 0 OR s.units = [r.unit] AS fits_without_unit
FROM (
  SELECT item_code, variant, item_oid, data_type, units, unnest(ranges) AS r, generate_subscripts(ranges, 1) AS ordinal
  FROM check_item
) s
LEFT JOIN raw.dictionary d ON d.text = r.unit;

-- Both sides, as what can be compared.
CREATE OR REPLACE TEMP TABLE check_side AS
WITH side AS (
  SELECT DISTINCT data_type, kind, value
  FROM (
    SELECT data_type, kind, unnest(check_values) AS value FROM check_said
    UNION ALL
    SELECT s.data_type, s.kind, p.value FROM check_pair p JOIN (SELECT DISTINCT item_code, variant, data_type, kind FROM check_said) s USING (item_code, variant)
  )
),
form AS (
  SELECT *, odm_is_valid(value, data_type) AS is_valid, CASE WHEN kind = 'time' THEN odm_offset(value) END AS shift FROM side
),
whole AS (
  SELECT *, CASE WHEN kind = 'time' THEN
    CASE WHEN data_type IN ('time', 'partialTime') THEN '1970-01-01T' ELSE '' END || left(value, length(value) - length(shift)) END AS whole
  FROM form
)
SELECT data_type, value, coalesce(is_valid, true) AS is_valid, coalesce(shift <> '', false) AS has_offset,
  CASE WHEN is_valid AND kind = 'number' THEN odm_number(value) END AS number,
  CASE WHEN is_valid AND kind = 'time' THEN odm_earliest(whole) - odm_shift(shift) END AS earliest,
  CASE WHEN is_valid AND kind = 'time' THEN odm_latest(whole, data_type IN ('date', 'partialDate')) - odm_shift(shift) END AS latest,
  CASE WHEN kind = 'text' THEN odm_word(value, data_type) END AS word
FROM whole;

CREATE OR REPLACE TEMP TABLE check_bound AS
SELECT s.item_code, s.variant, s.ordinal, d.* EXCLUDE (data_type)
FROM (SELECT item_code, variant, ordinal, data_type, unnest(check_values) AS value FROM check_said) s
JOIN check_side d ON d.value = s.value AND d.data_type IS NOT DISTINCT FROM s.data_type;

CREATE OR REPLACE TEMP TABLE check_range AS
SELECT s.*, b.has_offset,
  CASE WHEN b.given IS NULL THEN 'No CheckValue: a FormalExpression is not evaluated.'
    WHEN comparator IS NULL OR comparator NOT IN ('LT', 'LE', 'GT', 'GE', 'EQ', 'NE', 'IN', 'NOTIN') THEN 'No Comparator of ODM.'
    WHEN comparator NOT IN ('IN', 'NOTIN') AND given > 1 THEN 'Comparator ' || comparator || ' takes one CheckValue.'
    WHEN kind = 'text' AND comparator IN ('LT', 'LE', 'GT', 'GE') AND coalesce(data_type NOT IN ('text', 'string'), true)
      THEN 'Values of DataType ' || coalesce(data_type, '(none)') || ' have no order.'
    WHEN NOT are_comparable THEN 'A CheckValue is not of DataType ' || data_type || ', or has too many digits.'
    WHEN zones > 1 THEN 'Of its CheckValues, some have an offset and some have none.' END AS reason
FROM check_said s
LEFT JOIN (
  SELECT item_code, variant, ordinal, count(*) AS given, bool_or(has_offset) AS has_offset, count(DISTINCT has_offset) AS zones,
    bool_and(is_valid AND (number IS NOT NULL OR earliest IS NOT NULL OR word IS NOT NULL)) AS are_comparable
  FROM check_bound GROUP BY ALL
) b USING (item_code, variant, ordinal);

CREATE OR REPLACE TEMP TABLE check_tried AS
WITH value AS (
  SELECT p.*, r.ordinal, r.kind, r.comparator, d.has_offset = r.has_offset AS is_like, d.number, d.earliest, d.latest, d.word,
    CASE WHEN r.unit IS NULL THEN true WHEN p.unit_code > 0 THEN coalesce(p.unit_code = r.unit_code, false)
      ELSE r.fits_without_unit END AS fits
  FROM check_pair p
  JOIN (FROM check_range WHERE reason IS NULL) r USING (item_code, variant)
  JOIN check_side d ON d.value = p.value AND d.data_type IS NOT DISTINCT FROM r.data_type
  -- What is not of its DataType is a finding of its own.
  WHERE d.is_valid
),
held AS (
  SELECT v.* EXCLUDE (fits), CASE v.kind
    WHEN 'number' THEN odm_can_hold(v.comparator, v.number, v.number, b.number, b.number)
    WHEN 'time' THEN CASE WHEN is_like THEN odm_can_hold(v.comparator, v.earliest, v.latest, b.earliest, b.latest) END
    ELSE odm_can_hold(v.comparator, v.word, v.word, b.word, b.word) END AS can_hold
  FROM value v JOIN check_bound b USING (item_code, variant, ordinal)
  WHERE fits
)
SELECT item_code, variant, unit_code, value, ordinal, any_value(times) AS times,
  CASE WHEN bool_or(can_hold) IS NULL THEN 'unlike'
    WHEN CASE any_value(comparator) WHEN 'NOTIN' THEN bool_and(can_hold) ELSE bool_or(can_hold) END THEN 'holds'
    ELSE 'fails' END AS outcome
FROM held GROUP BY item_code, variant, unit_code, value, ordinal
UNION ALL
SELECT item_code, variant, unit_code, value, ordinal, times, 'unit' FROM value WHERE NOT fits;
