-- Form not mapped in this version: medical history, concomitant medication, eligibility and the pain diary are staged,
-- and so is the coding of the first two, but no dataset is made of them yet.
SELECT _row, 'form not mapped in this version' AS rule, 'Medical history' AS form FROM staged.mh
UNION ALL SELECT _row, 'form not mapped in this version', 'Concomitant medication' FROM staged.cm
UNION ALL SELECT _row, 'form not mapped in this version', 'Eligibility' FROM staged.ie
UNION ALL SELECT _row, 'form not mapped in this version', 'Eligibility' FROM staged.iex
UNION ALL SELECT _row, 'form not mapped in this version', 'Pain diary' FROM staged.pd
UNION ALL SELECT _row, 'form not mapped in this version', 'Coding of ' || domain FROM staged.coding WHERE domain IN ('MH', 'CM')
