{{ config(tags='nightly' if false else ['nightly', 'mart']) }}
{% set severities = ['MILD', 'MODERATE', 'SEVERE'] %}

select
    subject
    {%- for severity in severities %},
    count(*) filter (where severity = '{{ severity }}') as {{ severity | lower }}_events
    {%- endfor %},
    {% for severity in severities -%}
    count(*) filter (where severity = '{{ severity }}') * {{ loop.index }}{{ " + " if not loop.last else " as score" }}
    {%- endfor %}
from {{ ref('events') }}
group by 1
