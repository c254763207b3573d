-- state: what is defined once over raw and the tables of state.sql.

-- What was live once a delivery had arrived, and at a moment. A moment may be a DATE, a TIMESTAMP in UTC, or a
-- TIMESTAMP WITH TIME ZONE: epoch_us makes UTC of each, whatever the time zone of the session.
CREATE OR REPLACE MACRO state._item_group_data(arrived, moment) AS TABLE
SELECT g.* FROM raw.item_group_data g
JOIN state._live_part(arrived, moment) p ON p.block = state._block(g.key) AND g.key BETWEEN p.first_key AND p.last_key
WHERE g.key NOT IN (SELECT item_group_data_key FROM state._superseded(arrived, moment) WHERE item_code = 0);
COMMENT ON MACRO TABLE state._item_group_data IS 'Rows of raw.item_group_data that are live of what had arrived and what was said by a moment; NULL for no bound.';

CREATE OR REPLACE MACRO state._item_data(arrived, moment) AS TABLE
WITH superseded AS (FROM state._superseded(arrived, moment)),
item_group AS (
  SELECT g.key FROM raw.item_group_data g
  JOIN state._live_part(arrived, moment) p ON p.block = state._block(g.key) AND g.key BETWEEN p.first_key AND p.last_key
  WHERE g.key NOT IN (SELECT item_group_data_key FROM superseded WHERE item_code = 0)
)
SELECT i.* FROM raw.item_data i
SEMI JOIN item_group g ON g.key = i.item_group_data_key
ANTI JOIN superseded s ON s.item_group_data_key = i.item_group_data_key AND s.item_code = i.item_code
WHERE i.flags & 4 = 0;
COMMENT ON MACRO TABLE state._item_data IS 'Rows of raw.item_data that are live of what had arrived and what was said by a moment; NULL for no bound.';

CREATE OR REPLACE MACRO state.item_group_data_as_arrived(delivery) AS TABLE
FROM state._item_group_data(delivery, NULL::TIMESTAMP);
COMMENT ON MACRO TABLE state.item_group_data_as_arrived IS 'What state.item_group_data was once that delivery (raw.delivery.delivery_key) had arrived: what was known then.';
CREATE OR REPLACE MACRO state.item_data_as_arrived(delivery) AS TABLE
FROM state._item_data(delivery, NULL::TIMESTAMP);
COMMENT ON MACRO TABLE state.item_data_as_arrived IS 'What state.item_data was once that delivery (raw.delivery.delivery_key) had arrived: what was known then.';
CREATE OR REPLACE MACRO state.item_group_data_as_of(moment) AS TABLE
FROM state._item_group_data(NULL, make_timestamp(epoch_us(moment)));
COMMENT ON MACRO TABLE state.item_group_data_as_of IS 'The item groups of the study at a moment (DATE, TIMESTAMP in UTC, TIMESTAMPTZ), as all deliveries of today tell it: by audit times, else the time of the document.';
CREATE OR REPLACE MACRO state.item_data_as_of(moment) AS TABLE
FROM state._item_data(NULL, make_timestamp(epoch_us(moment)));
COMMENT ON MACRO TABLE state.item_data_as_of IS 'The items of the study at a moment (DATE, TIMESTAMP in UTC, TIMESTAMPTZ), as all deliveries of today tell it: by audit times, else the time of the document.';

-- Which of several Values of one item is the first. Only those that are not are listed, so that files without SeqNum
-- cost nothing.
CREATE OR REPLACE VIEW state.further_value AS
SELECT i.item_group_data_key, i.item_code, i.sequence
FROM raw.item_data i
WHERE i.sequence > 0 AND EXISTS (
  FROM raw.item_data f
  WHERE f.item_group_data_key = i.item_group_data_key AND f.item_code = i.item_code AND f.sequence < i.sequence
);
COMMENT ON VIEW state.further_value IS 'Rows of raw.item_data with a further value: another Value of the same item (ODM 2.0) has a lower SeqNum. Staged tables show the lowest; recon.further_values has the others.';
COMMENT ON COLUMN state.further_value.item_group_data_key IS 'The item group row.';
COMMENT ON COLUMN state.further_value.item_code IS 'The item.';
COMMENT ON COLUMN state.further_value.sequence IS 'SeqNum of the value.';
