-- VISITNUM and VISIT are found by it.
SELECT 'vitals' AS table_name, 'visit' AS column_name, 'item is a key' AS rule
