{{ config(
    materialized='table'
) }}
{#- Results as they arrived, and as numbers where they are. -#}
with results as (
    select * from {{ source('central_lab', 'central_lab') }}
)
select
    {% for column in ['accession', 'subject', 'test', 'result', 'unit'] -%}
    {{ column }},
    {% endfor -%}
    try_cast(replace(result, ',', '') as decimal(18, 3)) as number
from results
