-- Range not used: normal ranges of tests, units or days for which the site has sent no result.
SELECT r._row, 'range not used' AS rule, r.siteid
FROM staged.local_ranges r
WHERE NOT EXISTS (
  FROM staged.lb e JOIN staged.sites s ON s.locationoid = e.site_oid
  WHERE s.siteid = r.siteid AND e.lbtestcd = r.lbtestcd AND e.lborresu = r.lborresu
    AND e.lbdat BETWEEN r.validfrom AND coalesce(r.validto, '9999-12-31'))
