{%- set condition -%}
place = 1 and grade >= {{ var('grade', 2) }}
{%- endset -%}
select site, subject, term, grade, '{{ var("arm") }}' as arm
from {{ ref('event_order') }}
where {{ condition }}
