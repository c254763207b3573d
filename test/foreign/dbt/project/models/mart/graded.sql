select e.*, s.grade
from {{ ref('events') }} as e
left join {{ ref('severities') }} as s on s.severity = e.severity
