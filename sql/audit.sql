-- audit: who did what, when and why. The rows of the ledger, whose format is explained in docs/audit.md.
--
-- The same records lie in .warehouse/ledger/<target>/ledger.jsonl, and their payloads in payload.jsonl: either rebuilds the
-- other. A record's hash covers its line there; `warehouse verify` holds file and rows together.
CREATE SCHEMA audit;

CREATE TABLE audit.ledger (
  sequence BIGINT NOT NULL,
  time TIMESTAMP NOT NULL,
  actor VARCHAR NOT NULL,
  actor_proof VARCHAR NOT NULL,
  action VARCHAR NOT NULL,
  object VARCHAR NOT NULL,
  effect VARCHAR NOT NULL,
  reason VARCHAR,
  correlation_id VARCHAR NOT NULL,
  before_hash VARCHAR,
  after_hash VARCHAR,
  meta VARCHAR NOT NULL,
  payload_hash VARCHAR,
  previous_hash VARCHAR NOT NULL,
  hash VARCHAR NOT NULL,
  format INTEGER NOT NULL
);
COMMENT ON TABLE audit.ledger IS 'The ledger, one row a record. Append-only; each record holds the hash of the one before. Read it through audit.history.';
COMMENT ON COLUMN audit.ledger.sequence IS 'Place in the ledger, dense from 1.';
COMMENT ON COLUMN audit.ledger.time IS 'When the record was written, UTC, to the millisecond.';
COMMENT ON COLUMN audit.ledger.actor IS 'Who acted.';
COMMENT ON COLUMN audit.ledger.actor_proof IS 'How that is known. os-user: the operating system''s user. environment: WAREHOUSE_ACTOR says so.';
COMMENT ON COLUMN audit.ledger.action IS 'What was done: delivery.load, source.classification, model.build, model.drop, model.failure, export.begin, export.write, export.remove, external.begin, external.write, external.remove, publication.begin, publication, publication.remove, target.clean, quarantine.retry, quarantine.discard, payload.redaction, ledger.recovery or ledger.restoration.';
COMMENT ON COLUMN audit.ledger.object IS 'What it was done to.';
COMMENT ON COLUMN audit.ledger.effect IS 'commit: it took effect with the transaction that holds this row. done: it had taken effect when it was written.';
COMMENT ON COLUMN audit.ledger.reason IS 'Why; NULL if no reason was asked for.';
COMMENT ON COLUMN audit.ledger.correlation_id IS 'Joins the records, deliveries and logs of one run.';
COMMENT ON COLUMN audit.ledger.before_hash IS 'Hash of the object before; NULL if there was none.';
COMMENT ON COLUMN audit.ledger.after_hash IS 'Hash of the object after; NULL if there is none.';
COMMENT ON COLUMN audit.ledger.meta IS 'Particulars, as canonical JSON (RFC 8785).';
COMMENT ON COLUMN audit.ledger.payload_hash IS 'Commitment to the payload: SHA-256 of 0x02, salt and payload, hexadecimal; NULL without a payload.';
COMMENT ON COLUMN audit.ledger.previous_hash IS 'Hash of the record before; of the first, SHA-256 of nothing.';
COMMENT ON COLUMN audit.ledger.hash IS 'Hash of this record: SHA-256 of 0x00 and its line in ledger.jsonl, hexadecimal.';
COMMENT ON COLUMN audit.ledger.format IS 'Version of the record''s format.';

CREATE TABLE audit.payload (
  sequence BIGINT NOT NULL,
  salt VARCHAR,
  payload VARCHAR,
  redacted_by BIGINT
);
COMMENT ON TABLE audit.payload IS 'Payloads of ledger records, apart from them, so that one can be redacted without breaking the chain.';
COMMENT ON COLUMN audit.payload.sequence IS 'The record.';
COMMENT ON COLUMN audit.payload.salt IS '32 random bytes, hexadecimal, without which the commitment cannot be guessed at; NULL once redacted.';
COMMENT ON COLUMN audit.payload.payload IS 'The payload, as canonical JSON (RFC 8785); NULL once redacted.';
COMMENT ON COLUMN audit.payload.redacted_by IS 'The record that tells of the redaction; NULL where the payload is kept.';

CREATE VIEW audit.history AS
WITH recovery AS (
  SELECT (meta ->> '$.first')::BIGINT AS first_sequence, (meta ->> '$.last')::BIGINT AS last_sequence
  FROM audit.ledger
  WHERE action = 'ledger.recovery'
)
SELECT
  l.sequence,
  l.time,
  l.actor,
  l.actor_proof,
  l.action,
  l.object,
  CASE
    WHEN l.effect = 'done' THEN 'done'
    WHEN EXISTS (FROM recovery r WHERE l.sequence BETWEEN r.first_sequence AND r.last_sequence) THEN 'not in this database'
    ELSE 'committed'
  END AS outcome,
  l.reason,
  l.before_hash,
  l.after_hash,
  l.meta,
  CASE
    WHEN l.payload_hash IS NULL THEN 'none'
    WHEN p.sequence IS NULL THEN 'missing'
    WHEN p.redacted_by IS NOT NULL THEN 'redacted'
    ELSE 'kept'
  END AS payload_state,
  p.payload,
  l.correlation_id
FROM audit.ledger l
LEFT JOIN audit.payload p ON p.sequence = l.sequence
ORDER BY l.sequence;
COMMENT ON VIEW audit.history IS 'The ledger to read: what was done, by whom, why, and whether it took effect. One row a record, oldest first.';
COMMENT ON COLUMN audit.history.sequence IS 'Place in the ledger, dense from 1.';
COMMENT ON COLUMN audit.history.time IS 'When the record was written, UTC.';
COMMENT ON COLUMN audit.history.actor IS 'Who acted.';
COMMENT ON COLUMN audit.history.actor_proof IS 'How that is known: os-user or environment.';
COMMENT ON COLUMN audit.history.action IS 'What was done.';
COMMENT ON COLUMN audit.history.object IS 'What it was done to.';
COMMENT ON COLUMN audit.history.outcome IS 'committed: it is in this database. done: it had been done outside a transaction. not in this database: its transaction was rolled back, or the database was replaced; a later record ledger.recovery says so.';
COMMENT ON COLUMN audit.history.reason IS 'Why; NULL if no reason was asked for.';
COMMENT ON COLUMN audit.history.before_hash IS 'Hash of the object before.';
COMMENT ON COLUMN audit.history.after_hash IS 'Hash of the object after.';
COMMENT ON COLUMN audit.history.meta IS 'Particulars, as JSON: meta ->> ''$.rows'' takes one out.';
COMMENT ON COLUMN audit.history.payload_state IS 'none, kept, redacted, or missing.';
COMMENT ON COLUMN audit.history.payload IS 'The payload, as JSON, where it is kept.';
COMMENT ON COLUMN audit.history.correlation_id IS 'Joins the records, deliveries and logs of one run.';
