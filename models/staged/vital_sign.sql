-- Each vital sign that was due at a visit, measured or not, in the unit of the form and in the standard one.
-- Standard units are C, kg and cm; sites 109 to 112 send F, LB and in.
WITH due AS (
  SELECT s.usubjid, s.crosswalk_row, e.*, t.*
  FROM staged.vs e
  JOIN staged.screening s USING (subject_key)
  CROSS JOIN LATERAL (VALUES
    ('SYSBP',  e.sysbp,  e.sysbp_unit,  e.vspos_decode),
    ('DIABP',  e.diabp,  e.diabp_unit,  e.vspos_decode),
    ('PULSE',  e.pulse,  e.pulse_unit,  e.vspos_decode),
    ('RESP',   e.resp,   e.resp_unit,   e.vspos_decode),
    ('TEMP',   e.temp,   e.temp_unit,   NULL),           -- nobody is measured or weighed sitting
    ('WEIGHT', e.weight, e.weight_unit, NULL),
    ('HEIGHT', e.height, e.height_unit, NULL)
  ) t(testcd, orres, unit, pos)
  WHERE t.testcd <> 'HEIGHT' OR e.study_event_oid = 'SE.SCR'     -- height is measured at screening only
),
unit(unit, orresu, stresu) AS (VALUES
  ('Millimetre of mercury', 'mmHg',        'mmHg'),
  ('Beats per minute',      'beats/min',   'beats/min'),
  ('Breaths per minute',    'breaths/min', 'breaths/min'),
  ('Degree Celsius',        'C',           'C'),
  ('Degree Fahrenheit',     'F',           'C'),
  ('Kilogram',              'kg',          'kg'),
  ('Pound',                 'LB',          'kg'),
  ('Centimetre',            'cm',          'cm'),
  ('Inch',                  'in',          'cm')
)
SELECT
  d.usubjid,
  d.testcd,
  d.pos,
  d.orres,
  coalesce(u.orresu, d.unit)            AS orresu,
  in_metric(d.orres, u.orresu)          AS stresc,
  u.stresu,
  v.visitnum,
  v.visit,
  v.visitdy,
  iso8601(d.vsdat, d.vstim)             AS dtc,
  d._row,
  rows_of([d._row, d.crosswalk_row])    AS rows
FROM due d
LEFT JOIN unit u ON u.unit = d.unit AND d.orres IS NOT NULL
LEFT JOIN staged.subject_visit v USING (subject_key, study_event_oid, study_event_repeat_key)
