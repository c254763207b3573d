-- What the checks of values need (sql/checks.sql): whether a text is of its DataType, and values that can be compared.

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

-- odm_offset(text): the offset at the end of a date or time, Z or +hh:mm; '' for none.
CREATE OR REPLACE MACRO odm_offset(text) AS regexp_extract(text, ':[0-9.]*(Z|[+-][0-9]{2}:[0-9]{2})$', 1);

-- odm_instant(text, shift): the date and time as TIMESTAMP, in UTC where an offset is given.
CREATE OR REPLACE MACRO odm_instant(text, shift) AS
  try_cast(left(text, 26) AS TIMESTAMP) - CASE WHEN shift IN ('', 'Z') THEN INTERVAL 0 MINUTE
    ELSE to_minutes((CASE left(shift, 1) WHEN '-' THEN -1 ELSE 1 END) * (substr(shift, 2, 2)::INTEGER * 60 + substr(shift, 5, 2)::INTEGER))
    END;

-- odm_whole(text, data_type): a text of DataType date, time, datetime or a partial one of these as far as it goes, without
-- its offset, with a day before a time of day: 1970-01-01.
CREATE OR REPLACE MACRO odm_whole(text, data_type) AS
  CASE WHEN data_type IN ('time', 'partialTime') THEN '1970-01-01T' ELSE '' END
  || left(text, length(text) - length(odm_offset(text)));

-- odm_earliest(text, data_type): the first moment that a valid text of DataType date, time, datetime or a partial one of
-- these can mean, as TIMESTAMP, in UTC where it has an offset; NULL for other DataTypes.
CREATE OR REPLACE MACRO odm_earliest(text, data_type) AS
  CASE WHEN data_type IN ('date', 'time', 'datetime', 'partialDate', 'partialTime', 'partialDatetime')
    THEN odm_instant(odm_whole(text, data_type)
      || substr('0000-01-01T00:00:00', length(odm_whole(text, data_type)) + 1), odm_offset(text)) END;

-- odm_latest(text, data_type): the last such moment. Of a date, the day that it means is one moment; of a datetime, a day
-- ends at 23:59:59.999999.
CREATE OR REPLACE MACRO odm_latest(text, data_type) AS
  CASE WHEN data_type IN ('date', 'time', 'datetime', 'partialDate', 'partialTime', 'partialDatetime')
    THEN odm_instant(
      CASE length(odm_whole(text, data_type))
        WHEN 4 THEN odm_whole(text, data_type) || '-12-31'
        WHEN 7 THEN last_day(try_cast(odm_whole(text, data_type) || '-01' AS DATE))::VARCHAR
        ELSE odm_whole(text, data_type) END
      || CASE WHEN data_type IN ('date', 'partialDate') THEN 'T00:00:00'
        ELSE substr('0000-01-01T23:59:59.999999',
          CASE WHEN length(odm_whole(text, data_type)) < 19 THEN greatest(length(odm_whole(text, data_type)), 10) ELSE 26 END + 1)
        END, odm_offset(text)) END;

-- odm_fails(comparator, earliest, latest, bound_earliest, bound_latest): whether a value that lies from `earliest` to
-- `latest` cannot be on the side of a CheckValue on which a RangeCheck with Comparator LT, LE, GT or GE wants it (ODM
-- 1.3.2, 3.1.1.3.6.4), whatever either is exactly. NULL for another Comparator. BOOLEAN.
CREATE OR REPLACE MACRO odm_fails(comparator, earliest, latest, bound_earliest, bound_latest) AS
  CASE comparator
    WHEN 'LT' THEN earliest >= bound_latest
    WHEN 'LE' THEN earliest > bound_latest
    WHEN 'GT' THEN latest <= bound_earliest
    WHEN 'GE' THEN latest < bound_earliest END;
