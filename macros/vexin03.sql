-- Macros of this study.

-- epoch_of(dtc, rfstdtc): EPOCH of what happened then. VARCHAR.
-- The trial has two epochs: SCREENING until the first dose, TREATMENT from it on. Where both have a time, times decide,
-- else days. NULL where the date is not complete. A woman who was never treated stays in SCREENING.
CREATE OR REPLACE MACRO epoch_of(dtc, rfstdtc) AS
  CASE
    WHEN dtc IS NULL OR NOT regexp_matches(dtc, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN NULL
    WHEN rfstdtc IS NULL THEN 'SCREENING'
    WHEN left(dtc, least(length(dtc), length(rfstdtc))) < left(rfstdtc, least(length(dtc), length(rfstdtc)))
      THEN 'SCREENING'
    ELSE 'TREATMENT'
  END;

-- in_metric(result, unit): a vital sign in C, kg or cm, to one decimal. VARCHAR.
-- `unit` is a term of VSRESU. Other than F, LB and in: the text stays as it is. NULL where the text is no number.
CREATE OR REPLACE MACRO in_metric(result, unit) AS
  CASE unit
    WHEN 'F'  THEN CAST(CAST((odm_float(result) - 32) / 1.8 AS DECIMAL(6, 1)) AS VARCHAR)
    WHEN 'LB' THEN CAST(CAST(CAST(odm_float(result) AS DECIMAL(7, 2)) * 0.45359237 AS DECIMAL(6, 1)) AS VARCHAR)
    WHEN 'in' THEN CAST(CAST(CAST(odm_float(result) AS DECIMAL(7, 2)) * 2.54 AS DECIMAL(6, 1)) AS VARCHAR)
    ELSE result
  END;

-- in_si(result, factor): a result of a site's laboratory in SI units, in whole units as the central laboratory gives
-- them. VARCHAR; NULL for what is no number, such as <0.5. `factor` as text, from lab_tests.csv; 1: the unit is SI already
-- and the text stays as it is.
CREATE OR REPLACE MACRO in_si(result, factor) AS
  CASE WHEN factor = '1' THEN result
    ELSE CAST(CAST(round(CAST(odm_float(result) AS DECIMAL(18, 4)) * CAST(factor AS DECIMAL(9, 4)), 0) AS BIGINT) AS VARCHAR)
  END;
