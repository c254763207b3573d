{%- set tests = ['ALT', 'AST'] -%}
select
    subject,
    {% for test in tests -%}
    max(case when test = '{{ test }}' then number end) as {{ test | lower }},
    max(case when test = '{{ test }}' then result end) as {{ test ~ '_text' }}
    {%- if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('judge', 'labs') }}
group by subject
