-- Item not mapped in this version: the tablets of a kit (DA), the cause of death (DD) and the version of the consent have
-- no dataset yet, though the records that they stand in have.
SELECT 'ex' AS table_name, unnest(['extabd', 'extabr', 'exmiss']) AS column_name, 'item not mapped in this version' AS rule
UNION ALL SELECT 'dd', 'ddcause', 'item not mapped in this version'
UNION ALL SELECT 'ic', 'icvers', 'item not mapped in this version'
