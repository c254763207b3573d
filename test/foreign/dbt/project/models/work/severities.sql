{% set grades = {'MILD': 1, 'MODERATE': 2, 'SEVERE': 3} %}
select * from (values
{%- for severity, grade in grades.items() %}
    ('{{ severity }}', {{ grade }}){{ ',' if not loop.last }}
{%- endfor %}
) as t (severity, grade)
