-- Trial summary (SDTMIG 3.4, 7.4.2), as the sponsor's list has it.
SELECT
  studyid                       AS STUDYID,
  'TS'                          AS DOMAIN,
  CAST(tsseq AS INTEGER)        AS TSSEQ,
  tsparmcd                      AS TSPARMCD,
  tsparm                        AS TSPARM,
  xpt_text(tsval)               AS TSVAL,
  tsvalnf                       AS TSVALNF,
  tsvalcd                       AS TSVALCD,
  tsvcdref                      AS TSVCDREF,
  tsvcdver                      AS TSVCDVER,
  [_row]                        AS _rows
FROM staged.trial_summary
