SELECT
  'GT1'          AS STUDYID,
  'VS'           AS DOMAIN,
  subject_key    AS USUBJID,
  'SYSBP'        AS VSTESTCD,
  nullif(sysbp, '') AS VSORRES,
  sysbp_n        AS VSSTRESN,
  vsdat          AS VSDTC,
  [_row]         AS _rows
FROM staged.vs
