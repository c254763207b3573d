-- Exposure (SDTMIG 3.4, 6.1.3): one record for each kit that was dispensed, with the treatment that was in it.
-- In the ordinary, blinded build the list of kits is a dummy: EXTRT and EXDOSE then say nothing about any woman.
SELECT
  'VEXIN-03'                                                    AS STUDYID,
  'EX'                                                          AS DOMAIN,
  t.usubjid                                                     AS USUBJID,
  seq(t.usubjid, (t.exstdat, t.exkit, t.exposure_row))          AS EXSEQ,
  t.exkit                                                       AS EXREFID,
  t.treatment                                                   AS EXTRT,
  t.dose                                                        AS EXDOSE,
  t.doseu                                                       AS EXDOSU,
  'TABLET, FILM COATED'                                         AS EXDOSFRM,
  t.dosfrq                                                      AS EXDOSFRQ,
  'ORAL'                                                        AS EXROUTE,
  t.exlot                                                       AS EXLOT,
  xpt_text(t.exadj)                                             AS EXADJ,
  epoch_of(t.exstdat, dm.RFSTDTC)                               AS EPOCH,
  iso8601(t.exstdat, t.exsttim)                                 AS EXSTDTC,
  t.exendat                                                     AS EXENDTC,
  study_day(t.exstdat, dm.RFSTDTC)                              AS EXSTDY,
  study_day(t.exendat, dm.RFSTDTC)                              AS EXENDY,
  rows_of([t.exposure_row, t.kit_row, t.crosswalk_row])         AS _rows
FROM staged.treatment t
LEFT JOIN sdtm.dm dm ON dm.USUBJID = t.usubjid
