{%- set ns = namespace(first=true) -%}
{%- for model in ['events', 'vitals', 'labs'] -%}
{%- if not ns.first %}
union
{% endif -%}
select subject, '{{ model }}' as found_in from {{ ref(model) }}
{%- set ns.first = false -%}
{%- endfor %}
