-- Each kit that was dispensed, with what was in it: the EDC says which, the list of kits what.
-- What counts is the kit she was given, whatever kit was meant for her.
SELECT
  s.usubjid,
  e.subject_key,
  e.exkit,
  e.exlot,
  e.exstdat,
  e.exsttim,
  e.exendat,
  e.exadj,
  k.treatment,
  CAST(k.dose AS INTEGER)               AS dose,
  k.doseu,
  a.armcd,
  a.arm,
  a.dosfrq,
  e._row                                AS exposure_row,
  k._row                                AS kit_row,
  s.crosswalk_row
FROM staged.ex e
JOIN staged.screening s USING (subject_key)
LEFT JOIN staged.kits k ON k.kitno = e.exkit
LEFT JOIN staged.arms a ON a.treatment = k.treatment AND a.dose = k.dose
