{% macro measured(item, testcd, test, unit) -%}
SELECT subject, visit, date, '{{ testcd }}' AS testcd, '{{ test }}' AS test, {{ item }} AS result, '{{ unit }}' AS unit, _row
FROM {{ source('vitals', 'vitals') }}
WHERE {{ item }} IS NOT NULL
{%- endmacro %}
