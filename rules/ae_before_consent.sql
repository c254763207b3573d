-- Adverse events that started before the woman consented. Of a partial date only what is certain: 2025-03 is not before
-- 2025-03-14, 2025-02 is.
SELECT
  ae._row,
  'aestdat'                                      AS item,
  ae.aestdat                                     AS value,
  'Informed consent was on ' || ic.icdtm || '.'  AS message
FROM staged.ae AS ae
JOIN staged.ic AS ic USING (subject_key)
WHERE ae.aestdat < left(ic.icdtm, length(ae.aestdat))
