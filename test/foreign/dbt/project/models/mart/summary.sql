{% set parts = [] %}
{% for name in ['graded', 'event_order', 'worst', 'high', 'lab_wide', 'subjects'] %}
    {% do parts.append("select '" ~ name ~ "' as model, count(*) as n from " ~ ref(name)) %}
{% endfor %}
{{ parts | join('\nunion all\n') }}
