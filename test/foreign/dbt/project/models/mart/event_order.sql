{{ config(materialized="view") }}
select
    *,
    row_number() over (partition by subject order by grade desc nulls last, term) as place
from {{ ref('graded') }}
{% if is_incremental() %}
where n > (select max(n) from {{ this }})
{% endif %}
