-- What each source is declared as now: what the ledger says last, else what was declared when its last delivery
-- arrived. raw.delivery keeps what was declared when each did.
CREATE SCHEMA IF NOT EXISTS state;

CREATE OR REPLACE VIEW state.source AS
SELECT d.source, coalesce(any_value(c.classification), max_by(d.classification, d.delivery_key)) AS classification
FROM raw.delivery d
LEFT JOIN (
  SELECT object, max_by(meta ->> '$.after', sequence) AS classification
  FROM audit.history
  WHERE action = 'source.classification' AND outcome = 'committed' GROUP BY object
) c ON c.object = 'source/' || d.source
GROUP BY d.source ORDER BY d.source;
COMMENT ON VIEW state.source IS 'Every source that has delivered, as it was declared in the configuration of the project (warehouse.yml) at the last load, all that it ever delivered included.';
COMMENT ON COLUMN state.source.source IS 'The source, by its name there.';
COMMENT ON COLUMN state.source.classification IS 'none, identifier, restricted or unblinding. raw.delivery.classification is what was declared when each delivery arrived; audit.history says who changed it when (source.classification).';
