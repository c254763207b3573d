{%- set measures = {'sysbp': 'Systolic Blood Pressure', 'temp': 'Temperature'} -%}

{%- for code, label in measures.items() %}
select
    subject_key as subject,
    '{{ code | upper }}' as test_code,
    '{{ label }}' as test,
    {{ code }} as original,
    {{ code }}_n as number,
    {% if code == 'sysbp' %}sysbp_unit{% else %}cast(null as varchar){% endif %} as unit
from {{ source('vitals', 'vs') }}
where {{ code }} is not null
{% if not loop.last %}union all{% endif %}
{%- endfor %}
