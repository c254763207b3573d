{{ config(materialized='view') }}
{%- set items = {'sysbp': ['SYSBP', 'Systolic Blood Pressure', 'mmHg'], 'pulse': ['PULSE', 'Pulse Rate', 'beats/min']} %}
{% for item, (testcd, test, unit) in items.items() %}
{{ measured(item, testcd, test, unit) }}
{{ 'UNION ALL' if not loop.last }}
{% endfor %}
