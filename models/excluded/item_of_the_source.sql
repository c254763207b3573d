-- Item of the source: what the system that sent it keeps for itself (its numbers, states and dates), and what the datasets
-- have from another source: site and lot from the EDC, names of tests from controlled terminology.
SELECT 'central_lab' AS table_name, unnest(['studyid', 'siteid', 'testname', 'recvdt']) AS column_name, 'item of the source' AS rule
UNION ALL SELECT 'coding', unnest(['dictionary', 'status', 'coded']), 'item of the source'
UNION ALL SELECT 'kits', unnest(['list', 'lotno', 'randno', 'visitnum', 'assigned', 'expiry', 'status']), 'item of the source'
UNION ALL SELECT 'randomisation', unnest(['list', 'randno', 'siteid']), 'item of the source'
