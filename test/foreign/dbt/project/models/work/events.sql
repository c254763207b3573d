{{ config(materialized='view', tags=['clinical']) }}

-- {{ this }} is a view over what arrived.
select
    site_oid as site,
    subject_key as subject,
    item_group_repeat_key as n,
    aeterm as term,
    aesev as severity
from {{ source('edc', 'ae') }}
