-- What the types and decodes of staged are shown by has no test in VS.
SELECT 'vs' AS table_name, unnest(['temp', 'position']) AS column_name, 'item not mapped' AS rule
