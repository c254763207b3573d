-- Typed values of ODM texts. Each gives NULL unless the whole text has the lexical form of its ODM DataType
-- (ODM 1.3.2, 2.13) and the SQL type holds it exactly: DuckDB's own casts turn '1.5' into 2 and '1E5' into 100000.

-- odm_integer(text): the value of DataType integer, sign and digits, as BIGINT; NULL where the text has not exactly that
-- form or does not fit.
CREATE OR REPLACE MACRO odm_integer(text) AS
  CASE WHEN regexp_full_match(text, '[+-]?[0-9]{1,19}') THEN try_cast(text AS BIGINT) END;

-- odm_float(text): the value of DataType float (ODM 2.0: decimal too), decimal digits, as DOUBLE; NULL where the text has not exactly that form,
-- or more than 15 significant digits: a DOUBLE gives those back as they were, and no more.
CREATE OR REPLACE MACRO odm_float(text) AS
  CASE WHEN regexp_full_match(text, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)')
        AND length(ltrim(replace(ltrim(text, '+-'), '.', ''), '0')) <= 15
    THEN try_cast(text AS DOUBLE) END;

-- odm_double(text): the value of DataType double, decimal digits with or without an exponent, as DOUBLE; NULL where the
-- text has not exactly that form, more than 15 significant digits, or too large a value.
CREATE OR REPLACE MACRO odm_double(text) AS
  CASE WHEN regexp_full_match(text, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?')
        AND length(ltrim(replace(regexp_replace(ltrim(text, '+-'), '[eE].*$', ''), '.', ''), '0')) <= 15
        AND isfinite(try_cast(text AS DOUBLE))
    THEN try_cast(text AS DOUBLE) END;

-- odm_date(text): the value of DataType date, YYYY-MM-DD, as DATE; NULL where the text has not exactly that form or there
-- is no such day. There is no year 0000 (XML Schema 1.0 part 2, 3.2.7.1).
CREATE OR REPLACE MACRO odm_date(text) AS
  CASE WHEN regexp_full_match(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND left(text, 4) <> '0000' THEN try_cast(text AS DATE)
  END;

-- odm_datetime(text): the value of DataType datetime, YYYY-MM-DDThh:mm:ss with at most six decimals, as TIMESTAMP; NULL
-- where the text has not exactly that form. A text with an offset is NULL too: a TIMESTAMP would lose it.
CREATE OR REPLACE MACRO odm_datetime(text) AS
  CASE WHEN regexp_full_match(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?')
      AND left(text, 4) <> '0000'
    THEN try_cast(text AS TIMESTAMP) END;

-- odm_time(text): the value of DataType time, hh:mm:ss with at most six decimals, as TIME; NULL where the text has not
-- exactly that form.
CREATE OR REPLACE MACRO odm_time(text) AS
  CASE WHEN regexp_full_match(text, '[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?') THEN try_cast(text AS TIME) END;

-- odm_is_partial(text, has_date, has_time): whether the text has the form of DataType partialDate (true, false: YYYY,
-- YYYY-MM or YYYY-MM-DD), partialTime (false, true: hh, hh:mm or hh:mm:ss, with decimals and an offset or without) or
-- partialDatetime (true, true: a partial date, or a whole one, T and a partial time), and a whole date is a day that
-- exists. BOOLEAN, NULL for NULL.
CREATE OR REPLACE MACRO odm_is_partial(text, has_date, has_time) AS
  CASE
    WHEN has_date AND left(text, 4) = '0000' THEN false
    WHEN has_date AND regexp_full_match(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}.*') AND try_cast(left(text, 10) AS DATE) IS NULL
      THEN false
    WHEN NOT has_date THEN regexp_full_match(text,
      '([01][0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?')
    WHEN NOT has_time THEN regexp_full_match(text, '[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?')
    ELSE regexp_full_match(text, '[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2}(T([01][0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9]'
      || '(\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?')
  END;

-- odm_has_form(text, data_type): whether the text has the form of the ODM DataType and, where staged has a typed column
-- for it, that column holds it exactly. True for DataTypes that are texts by nature or not known. BOOLEAN.
CREATE OR REPLACE MACRO odm_has_form(text, data_type) AS
  CASE data_type
    WHEN 'integer' THEN odm_integer(text) IS NOT NULL
    WHEN 'float' THEN odm_float(text) IS NOT NULL
    WHEN 'decimal' THEN odm_float(text) IS NOT NULL
    WHEN 'double' THEN odm_double(text) IS NOT NULL
    WHEN 'date' THEN odm_date(text) IS NOT NULL
    WHEN 'datetime' THEN odm_datetime(text) IS NOT NULL
    WHEN 'time' THEN odm_time(text) IS NOT NULL
    WHEN 'boolean' THEN text IN ('true', 'false', '1', '0')
    WHEN 'partialDate' THEN odm_is_partial(text, true, false)
    WHEN 'partialTime' THEN odm_is_partial(text, false, true)
    WHEN 'partialDatetime' THEN odm_is_partial(text, true, true)
    ELSE true END;

-- odm_is_longer(text, data_type, max_length): whether the text has more characters than the Length of its ItemDef, as sent,
-- allows a text, string or integer. Length limits nothing else in characters. BOOLEAN.
CREATE OR REPLACE MACRO odm_is_longer(text, data_type, max_length) AS
  coalesce(data_type IN ('text', 'string', 'integer') AND length(text) > try_cast(max_length AS BIGINT), false);
