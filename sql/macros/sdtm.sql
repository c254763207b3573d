-- Macros for SDTM datasets (SDTMIG 3.4). Each is one expression without tables or other macros of ours, so that it
-- also works in a file that is attached. None raises an error: what cannot be said is NULL, what is not known to a
-- table stays as it is and is left to the tests of the dataset.

-- iso8601(on_day, at_time): date and time of collection as --DTC. VARCHAR.
-- Both are texts as collected: YYYY, YYYY-MM or YYYY-MM-DD; hh, hh:mm or hh:mm:ss. What is not known at the end is left
-- off; what is not known before something that is known is a hyphen (SDTMIG 4.4.2): '2025-11' stays '2025-11'; with the
-- time 13:15 it is '2025-11--T13:15'. NULL where both are.
CREATE OR REPLACE MACRO iso8601(on_day, at_time) AS
  CASE
    WHEN nullif(trim(at_time), '') IS NULL THEN nullif(trim(on_day), '')
    ELSE CASE length(coalesce(trim(on_day), ''))
        WHEN 0 THEN '-----'
        WHEN 4 THEN trim(on_day) || '----'
        WHEN 7 THEN trim(on_day) || '--'
        ELSE trim(on_day)
      END || 'T' || trim(at_time)
  END;

-- iso8601_parts(year, month, day, hour, minute, second): date and time of collection as --DTC, from parts. VARCHAR.
-- Each is a text of digits; anything else ('UN', 'UNK', '', NULL) is not known (SDTMIG 4.4.2). '2003', NULL, '15' with
-- no time is '2003---15'; no date and 07:15 is '-----T07:15'. One digit is filled up to two, in the year to four.
-- That a month is 1 to 12 is for is_iso8601 to test.
CREATE OR REPLACE MACRO iso8601_parts(year, month, day, hour, minute, second) AS (
  WITH part AS (
    SELECT
      CASE WHEN regexp_full_match(trim(year), '[0-9]{1,4}') THEN lpad(trim(year), 4, '0') END AS y,
      CASE WHEN regexp_full_match(trim(month), '[0-9]{1,2}') THEN lpad(trim(month), 2, '0') END AS mo,
      CASE WHEN regexp_full_match(trim(day), '[0-9]{1,2}') THEN lpad(trim(day), 2, '0') END AS d,
      CASE WHEN regexp_full_match(trim(hour), '[0-9]{1,2}') THEN lpad(trim(hour), 2, '0') END AS h,
      CASE WHEN regexp_full_match(trim(minute), '[0-9]{1,2}') THEN lpad(trim(minute), 2, '0') END AS mi,
      CASE WHEN regexp_full_match(trim(second), '[0-9]{1,2}') THEN lpad(trim(second), 2, '0') END AS s
  )
  SELECT nullif(concat(
    CASE
      WHEN coalesce(d, h, mi, s) IS NOT NULL
        THEN coalesce(y, '-') || '-' || coalesce(mo, '-') || '-' || coalesce(d, '-')
      WHEN mo IS NOT NULL THEN coalesce(y, '-') || '-' || mo
      ELSE y
    END,
    CASE
      WHEN s IS NOT NULL THEN 'T' || coalesce(h, '-') || ':' || coalesce(mi, '-') || ':' || s
      WHEN mi IS NOT NULL THEN 'T' || coalesce(h, '-') || ':' || mi
      WHEN h IS NOT NULL THEN 'T' || h
    END), '')
  FROM part
);

-- is_iso8601(dtc): whether a --DTC is what SDTMIG 4.4.1 and 4.4.2 allow: a date that may be cut off at the right or
-- have hyphens for parts that are not known, and a time only after it. BOOLEAN, NULL for NULL. Days that do not exist
-- (2025-02-30, and in no year --02-30) are refused, and so are offsets from UTC of more than 14 hours.
CREATE OR REPLACE MACRO is_iso8601(dtc) AS
  regexp_full_match(dtc,
    '([0-9]{4}|-)(-((0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?|-(-(0[1-9]|[12][0-9]|3[01]))))?'
    || '|([0-9]{4}|-)-(0[1-9]|1[0-2]|-)-(0[1-9]|[12][0-9]|3[01]|-)'
    || 'T([01][0-9]|2[0-3]|-)(:([0-5][0-9]|-)(:[0-5][0-9](\.[0-9]+)?)?)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?')
  AND dtc NOT IN ('-', '') AND NOT regexp_matches(dtc, '[T:]-(Z|[+-][0-9:]+)?$')
  AND (NOT regexp_matches(dtc, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') OR try_cast(left(dtc, 10) AS DATE) IS NOT NULL)
  AND (NOT regexp_matches(dtc, '^--[0-9]{2}-[0-9]{2}') OR try_cast('2000' || substr(dtc, 2, 6) AS DATE) IS NOT NULL);

-- is_iso8601_duration(dur): whether a --DUR or --ELTM is what SDTMIG 4.4.3 allows: PnYnMnDTnHnMnS or PnW, of which any
-- part may be left out that is not all, and the last may have a decimal fraction; with a minus before it, the time before
-- a reference point. BOOLEAN, NULL for NULL. P3M14D, PT0.5H, P4.5W, -PT15M.
CREATE OR REPLACE MACRO is_iso8601_duration(dur) AS
  regexp_full_match(regexp_replace(dur, '([0-9])\.[0-9]+([YMWDHS])$', '\1\2'),
    '-?P([0-9]+W|([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?)')
  AND NOT regexp_matches(dur, '[PT]$');

-- study_day(dtc, rfstdtc): --DY (SDTMIG 4.4.4). BIGINT.
-- Days from the reference start, which is day 1; the day before it is day -1: there is no day 0. Both are --DTC texts;
-- NULL unless both have a complete date. Times do not count.
CREATE OR REPLACE MACRO study_day(dtc, rfstdtc) AS
  CASE WHEN regexp_matches(dtc, '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)')
        AND regexp_matches(rfstdtc, '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)')
    THEN date_diff('day', try_cast(left(rfstdtc, 10) AS DATE), try_cast(left(dtc, 10) AS DATE))
      + CASE WHEN left(dtc, 10) >= left(rfstdtc, 10) THEN 1 ELSE 0 END
  END;

-- lobxfl(usubjid, test, result, dtc, rfxstdtc): --LOBXFL: 'Y' for the last result before the first dose, else NULL. VARCHAR.
-- One for each subject and test; `test` is the column that tells tests apart, or a row of columns. A result counts from
-- before where its --DTC is earlier than RFXSTDTC; where not both have a time, where its day is no later: what is
-- planned for the day of the first dose is done before it. Results without a complete date never count.
CREATE OR REPLACE MACRO lobxfl(usubjid, test, result, dtc, rfxstdtc) AS
  CASE WHEN result IS NOT NULL AND dtc = max(
      CASE WHEN result IS NOT NULL AND length(dtc) >= 10
            AND CASE WHEN length(dtc) > 10 AND length(rfxstdtc) > 10 THEN dtc < rfxstdtc
                  ELSE left(dtc, 10) <= left(rfxstdtc, 10) END
        THEN dtc END
    ) OVER (PARTITION BY usubjid, test)
    THEN 'Y' END;

-- seq(usubjid, content): --SEQ (SDTMIG 4.1.5): 1, 2, ... within each subject, in the order of `content`. BIGINT.
-- `content` is a row of columns that no two records of a subject share: dates and terms first, to be read in a sensible
-- order, and at the end the identity _row, which comes from the keys of the record and never from when it was loaded:
-- seq(USUBJID, (AESTDTC, AETERM, _row)). The same records have the same numbers in every build.
CREATE OR REPLACE MACRO seq(usubjid, content) AS
  row_number() OVER (PARTITION BY usubjid ORDER BY content);

-- rows_of(identities): `_rows` of a row of a dataset, from the identities of the records that it was made from. BIGINT[].
-- The first is that of the record that the row stands for. Each is there once, where it stands first; NULL is left out.
CREATE OR REPLACE MACRO rows_of(identities) AS
  list_filter(identities, lambda r, place: r IS NOT NULL AND list_position(identities, r) = place);

-- ct_term(text, terms): the term of controlled terminology that `text` means. VARCHAR.
-- `terms` is the list of the codelist's submission values. The one that is the same but for case and outer blanks;
-- where there is none, `text` as it is, so that the codelist's test shows it instead of a NULL that hides it.
CREATE OR REPLACE MACRO ct_term(text, terms) AS
  coalesce(list_extract(terms, list_position(list_transform(terms, lambda t: upper(t)), upper(trim(text)))), text);

-- xpt_text(text): text in the characters that XPT v5 may carry (printable ASCII), by a reviewed table. VARCHAR.
-- The table is data/standards/xpt_replacements.csv; a test holds the two together. Line breaks and tabs become one
-- blank. What has no entry stays, and the export refuses it with row and code point (XPT_NOT_ASCII): a replacement is
-- a decision that a person takes.
CREATE OR REPLACE MACRO xpt_text(text) AS
  translate(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
      regexp_replace(text, '\r\n|[\r\n\t\x{85}\x{2028}\x{2029}]', ' ', 'g'),
      '…', '...'), '≤', '<='), '≥', '>='), '±', '+/-'), '×', ' x '), '½', ' 1/2'), '™', '(TM)'), '®', '(R)'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
    'áàâäãåéèêëíìîïóòôöõøúùûüñçýÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕØÚÙÛÜÑÇÝµμ‘’‚“”„–—‐‑−   ',
    'aaaaaaeeeeiiiioooooouuuuncyAAAAAAEEEEIIIIOOOOOOUUUUNCYuu''''''"""-----   ');
