{% set limits = [('SYSBP', var('lowest')), ('TEMP', 36)] %}
select * from {{ ref('vitals') }}
where false
{%- for code, limit in limits %}
   or (test_code = '{{ code }}' and number >= {{ limit * 1 }})
{%- endfor %}
