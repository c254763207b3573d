{% test plausible(model, column_name, low, high) %}
SELECT * FROM {{ model }} WHERE {{ column_name }} NOT BETWEEN {{ low }} AND {{ high }}
{% endtest %}
