-- What the checks of values need (sql/checks/): whether a text is of its DataType, and values that can be compared.

-- odm_is_valid(text, data_type): whether the text has the lexical form of the ODM DataType (ODM 1.3.2, 2.13), whether or
-- not a column of SQL can hold it. True for text, string, URI, hexFloat, base64Float, intervalDatetime and what is no
-- DataType: of these no form is checked. BOOLEAN, NULL for NULL.
CREATE OR REPLACE MACRO odm_is_valid(text, data_type) AS
  CASE data_type
    WHEN 'integer' THEN regexp_full_match(text, '[+-]?[0-9]+')
    WHEN 'float' THEN regexp_full_match(text, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)')
    WHEN 'decimal' THEN regexp_full_match(text, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)')
    WHEN 'double' THEN regexp_full_match(text, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([dDeE][+-]?[0-9]+)?|-?INF|NaN')
    WHEN 'boolean' THEN text IN ('true', 'false', '1', '0')
    WHEN 'date' THEN odm_date(text) IS NOT NULL
    WHEN 'time' THEN regexp_full_match(text,
      '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?')
    WHEN 'datetime' THEN odm_date(left(text, 10)) IS NOT NULL AND regexp_full_match(substr(text, 11),
      'T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?')
    WHEN 'partialDate' THEN odm_is_partial(text, true, false)
    WHEN 'partialTime' THEN odm_is_partial(text, false, true)
    WHEN 'partialDatetime' THEN odm_is_partial(text, true, true)
    WHEN 'incompleteDate' THEN regexp_full_match(text, '([0-9]{4}|-)-((0[1-9]|1[0-2])|-)-((0[1-9]|[12][0-9]|3[01])|-)')
    WHEN 'incompleteTime' THEN regexp_full_match(text,
      '(([01][0-9]|2[0-3])|-):([0-5][0-9]|-):([0-5][0-9](\.[0-9]+)?|-)(Z|[+-][0-9]{2}:[0-9]{2}|-)?')
    WHEN 'incompleteDatetime' THEN regexp_full_match(text,
      '([0-9]{4}|-)-((0[1-9]|1[0-2])|-)-((0[1-9]|[12][0-9]|3[01])|-)T(([01][0-9]|2[0-3])|-):([0-5][0-9]|-):'
      || '([0-5][0-9](\.[0-9]+)?|-)(Z|[+-][0-9]{2}:[0-9]{2}|-)?')
    WHEN 'durationDatetime' THEN regexp_full_match(text,
        '[+-]?P([0-9]+W|([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?)')
      AND regexp_matches(text, '[YMWDHS]$')
    WHEN 'hexBinary' THEN regexp_full_match(text, '([0-9A-Fa-f]{2})*')
    WHEN 'base64Binary' THEN regexp_full_match(regexp_replace(text, '\s', '', 'g'),
      '([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?')
    ELSE true END;

-- odm_number(text): the number as DECIMAL(38, 18), exactly; NULL for what is none, or has more than 20 digits before the
-- point or 18 after it, or an exponent of two digits.
CREATE OR REPLACE MACRO odm_number(text) AS
  CASE WHEN regexp_full_match(text, '[+-]?([0-9]{1,20}(\.[0-9]{0,18})?|\.[0-9]{1,18})')
      OR regexp_full_match(text, '[+-]?([0-9]{1,10}(\.[0-9]{0,8})?|\.[0-9]{1,8})[eE][+-]?0*[0-9]')
    THEN try_cast(text AS DECIMAL(38, 18)) END;

-- odm_word(text, data_type): the text by which values that are neither numbers nor times are compared: 1 and 0 of DataType
-- boolean are true and false.
CREATE OR REPLACE MACRO odm_word(text, data_type) AS
  CASE WHEN data_type = 'boolean' AND text IN ('1', '0') THEN (text = '1')::VARCHAR ELSE text END;

-- odm_offset(text): the offset at the end of a date or time, Z or +hh:mm; '' for none.
CREATE OR REPLACE MACRO odm_offset(text) AS regexp_extract(text, ':[0-9.]*(Z|[+-][0-9]{2}:[0-9]{2})$', 1);

-- odm_earliest(text): the first moment that a date, or a date and time, as far as it is given and without an offset, can
-- mean, as TIMESTAMP.
CREATE OR REPLACE MACRO odm_earliest(text) AS
  try_cast(left(text, 26) || substr('0000-01-01T00:00:00', length(text) + 1) AS TIMESTAMP);

-- odm_latest(text, is_day): the last such moment. Where days are not divided, a day is one moment; else it ends at
-- 23:59:59.999999.
CREATE OR REPLACE MACRO odm_latest(text, is_day) AS
  CASE WHEN length(text) >= 19 THEN try_cast(left(text, 26) AS TIMESTAMP)
    WHEN length(text) > 10 THEN try_cast(text || substr('0000-01-01T23:59:59.999999', length(text) + 1) AS TIMESTAMP)
    ELSE CASE length(text)
        WHEN 4 THEN make_timestamp(try_cast(text AS INTEGER), 12, 31, 0, 0, 0)
        WHEN 7 THEN last_day(try_cast(text || '-01' AS DATE))::TIMESTAMP
        ELSE try_cast(text AS TIMESTAMP) END
      + CASE WHEN is_day THEN INTERVAL 0 SECOND ELSE INTERVAL '86399.999999 seconds' END END;

-- odm_shift(text): the offset Z or +hh:mm as INTERVAL: none for ''.
CREATE OR REPLACE MACRO odm_shift(text) AS
  CASE WHEN text IN ('', 'Z') THEN INTERVAL 0 MINUTE
    ELSE to_minutes(CASE left(text, 1) WHEN '-' THEN -1 ELSE 1 END * (substr(text, 2, 2)::INTEGER * 60 + substr(text, 5, 2)::INTEGER)) END;

-- odm_can_hold(comparator, earliest, latest, bound_earliest, bound_latest): whether a value that lies from `earliest` to
-- `latest` can be what a RangeCheck with this Comparator and CheckValue asks (ODM 1.3.2, 3.1.1.3.6.4); of the CheckValues
-- of IN one has to allow it, of those of NOTIN each. NULL for what is no Comparator. BOOLEAN.
CREATE OR REPLACE MACRO odm_can_hold(comparator, earliest, latest, bound_earliest, bound_latest) AS
  CASE comparator
    WHEN 'LT' THEN earliest < bound_latest
    WHEN 'LE' THEN earliest <= bound_latest
    WHEN 'GT' THEN latest > bound_earliest
    WHEN 'GE' THEN latest >= bound_earliest
    WHEN 'EQ' THEN earliest <= bound_latest AND latest >= bound_earliest
    WHEN 'IN' THEN earliest <= bound_latest AND latest >= bound_earliest
    WHEN 'NE' THEN earliest < latest OR bound_earliest < bound_latest OR earliest <> bound_earliest
    WHEN 'NOTIN' THEN earliest < latest OR bound_earliest < bound_latest OR earliest <> bound_earliest END;
