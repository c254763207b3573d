-- Item is a key: items that say which records belong together, or what to look up, and nothing beside that. What is
-- found by them stands in the datasets: LBTESTCD of TESTCODE, VISITNUM of VISITCODE, the terms of a verbatim.
SELECT 'central_lab' AS table_name, unnest(['scrnum', 'testcode', 'unit', 'siunit', 'visitcode', 'repeatof']) AS column_name, 'item is a key' AS rule
UNION ALL SELECT 'coding', unnest(['domain', 'verbatim']), 'item is a key'
UNION ALL SELECT 'crosswalk', unnest(['source', 'source_subject']), 'item is a key'
UNION ALL SELECT 'kits', 'kitno', 'item is a key'
UNION ALL SELECT 'lb', unnest(['lbtestcd', 'lborresu']), 'item is a key'
UNION ALL SELECT 'local_ranges', unnest(['siteid', 'lbtestcd', 'lborresu', 'validfrom', 'validto']), 'item is a key'
UNION ALL SELECT 'randomisation', 'subject', 'item is a key'
