-- Reference list: lists in which models look things up. Their rows are not data of the trial.
SELECT _row, 'reference list' AS rule, 'arms' AS list FROM staged.arms
UNION ALL SELECT _row, 'reference list', 'exclusions' FROM staged.exclusions
UNION ALL SELECT _row, 'reference list', 'lab_tests' FROM staged.lab_tests
UNION ALL SELECT _row, 'reference list', 'sdtm_ct' FROM staged.sdtm_ct
UNION ALL SELECT _row, 'reference list', 'sites' FROM staged.sites
UNION ALL SELECT _row, 'reference list', 'visits' FROM staged.visits
UNION ALL SELECT _row, 'reference list', 'xpt_replacements' FROM staged.xpt_replacements
