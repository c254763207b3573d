-- Typed values of ODM texts. Each gives NULL unless the whole text has the lexical form of its ODM DataType
-- (ODM 1.3.2, 2.13) and the SQL type holds it exactly: DuckDB's own casts turn '1.5' into 2 and '1E5' into 100000.

-- DataType integer: sign and digits. BIGINT.
CREATE OR REPLACE MACRO odm_integer(text) AS
  CASE WHEN regexp_full_match(text, '[+-]?[0-9]{1,19}') THEN try_cast(text AS BIGINT) END;

-- DataType float (decimal digits) and double (an exponent is allowed). DOUBLE; at most 15 significant digits, which it
-- holds exactly enough to give them back.
CREATE OR REPLACE MACRO odm_float(text) AS
  CASE WHEN regexp_full_match(text, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)')
        AND length(ltrim(replace(ltrim(text, '+-'), '.', ''), '0')) <= 15
    THEN try_cast(text AS DOUBLE) END;
CREATE OR REPLACE MACRO odm_double(text) AS
  CASE WHEN regexp_full_match(text, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?')
        AND length(ltrim(replace(regexp_replace(ltrim(text, '+-'), '[eE].*$', ''), '.', ''), '0')) <= 15
        AND isfinite(try_cast(text AS DOUBLE))
    THEN try_cast(text AS DOUBLE) END;

-- DataType date: YYYY-MM-DD, a day that exists. DATE.
CREATE OR REPLACE MACRO odm_date(text) AS
  CASE WHEN regexp_full_match(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN try_cast(text AS DATE) END;

-- DataType datetime: YYYY-MM-DDThh:mm:ss with at most six decimals. TIMESTAMP. A text with an offset is NULL: a
-- TIMESTAMP would lose it.
CREATE OR REPLACE MACRO odm_datetime(text) AS
  CASE WHEN regexp_full_match(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?')
    THEN try_cast(text AS TIMESTAMP) END;

-- DataType time: hh:mm:ss with at most six decimals. TIME.
CREATE OR REPLACE MACRO odm_time(text) AS
  CASE WHEN regexp_full_match(text, '[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?') THEN try_cast(text AS TIME) END;
