-- Plain SQL, that says in a comment what it depends on: depends_on: {{ ref('graded') }} {{ ref('lab_wide') }}
SELECT 'events' AS what, count(*) AS n FROM mart.graded
UNION ALL BY NAME
SELECT 'laboratory' AS what, count(*) AS n FROM mart.lab_wide
