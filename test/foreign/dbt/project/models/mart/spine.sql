{{ config(materialized='view') }}
with days as (
    {% for i in range(0, 6, 2) -%}
    select {{ i }} as day, '{% raw %}{{ day }}{% endraw %}' as text, {{ 2 ** i }} as square, {{ 7 // 2 + i }} as half
    {%- if not loop.last %} union all{% endif %}
    {% endfor %}
)
select *, {{ ['a', 'b'] }} as letters, day in {{ (0, 2) }} as early from days
