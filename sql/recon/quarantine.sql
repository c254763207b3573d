-- recon: what was put aside, and what has become of it.
--
-- Each part that is not whole, with the delivery that stored its fragments: bytes that arrive again and are read in the
-- same way are not stored again.
CREATE OR REPLACE VIEW recon._fragments_of AS
WITH kept AS (SELECT DISTINCT delivery_key, part_ordinal AS ordinal FROM raw.quarantine),
read AS (
  SELECT p.delivery_key, p.ordinal, d.source, p.content_sha256, k.delivery_key AS kept_by,
    {source: d.source, policy: d.policy_fingerprint, reader: p.reader_fingerprint,
     bytes: list(p.sha256) OVER (PARTITION BY p.delivery_key ORDER BY p.ordinal ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)} AS reading
  FROM raw.part p JOIN raw.delivery d USING (delivery_key) LEFT JOIN kept k USING (delivery_key, ordinal)
)
SELECT delivery_key, ordinal, source, content_sha256,
  max(kept_by) OVER (PARTITION BY reading, ordinal ORDER BY delivery_key) AS kept_by
FROM read;
COMMENT ON VIEW recon._fragments_of IS 'Each part of each delivery, and which delivery stored its fragments.';
COMMENT ON COLUMN recon._fragments_of.delivery_key IS 'The delivery.';
COMMENT ON COLUMN recon._fragments_of.ordinal IS 'The part of the delivery.';
COMMENT ON COLUMN recon._fragments_of.source IS 'The source.';
COMMENT ON COLUMN recon._fragments_of.content_sha256 IS 'SHA-256 of the bytes of the part, unpacked.';
COMMENT ON COLUMN recon._fragments_of.kept_by IS 'The delivery under which its fragments are in raw.quarantine: itself, or an earlier one of the same bytes, read in the same way; NULL where nothing of it was put aside.';

CREATE OR REPLACE VIEW recon.quarantine AS
WITH decision AS (
  SELECT
    regexp_extract(object, '^quarantine/([0-9]+)$', 1)::BIGINT AS quarantine_key,
    count(*) FILTER (action = 'quarantine.retry') AS attempts,
    max_by(time, sequence) FILTER (action = 'quarantine.retry') AS last_attempt,
    max_by(meta ->> '$.outcome', sequence) FILTER (action = 'quarantine.retry') AS last_outcome,
    bool_or(action = 'quarantine.discard') AS discarded,
    max_by({reason: reason, actor: actor, time: time}, sequence) AS last
  FROM audit.history
  WHERE action IN ('quarantine.retry', 'quarantine.discard') AND outcome <> 'not in this database'
  GROUP BY ALL
),
standing AS (
  SELECT f.kept_by AS delivery_key, f.ordinal, max(f.delivery_key) AS stands_as
  FROM recon._fragments_of f JOIN state.part s USING (delivery_key, ordinal) JOIN raw.part p USING (delivery_key, ordinal)
  WHERE s.superseded_by IS NULL AND f.kept_by IS NOT NULL
    -- What is missing of an ODM document is there when the same document has come whole.
    AND NOT EXISTS (
      FROM raw.part n JOIN raw.delivery d USING (delivery_key)
      WHERE d.source = f.source AND n.delivery_key > f.delivery_key AND n.format = 'odm' AND n.complete
        AND n.file_oid = p.file_oid AND n.creation_datetime = p.creation_datetime)
  GROUP BY ALL
),
-- Later readings of the same bytes, by other settings or another version of the reader. The fragments of a part do not
-- overlap, so of those that begin before the end of this one, the last tells.
anew AS (
  SELECT q.quarantine_key, q.place, q.place + q.length AS end_place, n.kept_by AS delivery_key, n.ordinal AS part_ordinal
  FROM raw.quarantine q
  JOIN recon._fragments_of f ON f.delivery_key = q.delivery_key AND f.ordinal = q.part_ordinal
  JOIN recon._fragments_of n ON n.source = f.source AND n.content_sha256 = f.content_sha256
    AND n.delivery_key > f.delivery_key AND n.kept_by IS DISTINCT FROM f.kept_by
),
used AS (
  SELECT a.quarantine_key
  FROM anew a
  ASOF LEFT JOIN raw.quarantine o ON o.delivery_key = a.delivery_key AND o.part_ordinal = a.part_ordinal AND a.end_place > o.place
  GROUP BY a.quarantine_key
  HAVING NOT bool_and(coalesce(o.place + o.length > a.place, false))
)
SELECT
  q.quarantine_key, d.source, p.name AS part, p.format,
  CASE
    WHEN q.code = 'ODM_CONTROL_CHARACTER' THEN 'read'
    WHEN c.discarded THEN 'discarded'
    WHEN s.stands_as IS NOT NULL THEN 'open'
    WHEN u.quarantine_key IS NOT NULL THEN 'used'
    ELSE 'replaced'
  END AS status,
  q.line, q.place, q.length, q.code, q.reason, q.sha256,
  CASE WHEN q.bytes IS NULL AND q.shape IS NULL THEN 'hash' WHEN q.bytes IS NULL THEN 'shape' WHEN q.recipient IS NULL THEN 'bytes' ELSE 'encrypted' END AS kept,
  q.shape, q.recipient, coalesce(c.attempts, 0) AS attempts, c.last_attempt, c.last_outcome,
  c.last.reason AS decision_reason, c.last.actor AS decided_by, c.last.time AS decided_at,
  q.delivery_key, q.part_ordinal, s.stands_as
FROM raw.quarantine q
JOIN raw.part p ON p.delivery_key = q.delivery_key AND p.ordinal = q.part_ordinal
JOIN raw.delivery d ON d.delivery_key = q.delivery_key
LEFT JOIN standing s ON s.delivery_key = q.delivery_key AND s.ordinal = q.part_ordinal
LEFT JOIN used u USING (quarantine_key)
LEFT JOIN decision c USING (quarantine_key)
ORDER BY q.quarantine_key;
COMMENT ON VIEW recon.quarantine IS 'Every fragment that was put aside (raw.quarantine), and what has become of it. Its bytes are not here. WHERE status = ''open'': what of files that stand nobody has decided about.';
COMMENT ON COLUMN recon.quarantine.quarantine_key IS 'Number of the fragment.';
COMMENT ON COLUMN recon.quarantine.source IS 'The source.';
COMMENT ON COLUMN recon.quarantine.part IS 'The file.';
COMMENT ON COLUMN recon.quarantine.format IS 'Its format: odm or csv.';
COMMENT ON COLUMN recon.quarantine.status IS 'open: its file stands, and nobody has decided. used: the same bytes were read anew, and it was not put aside. replaced: its file does not stand any more, the same ODM document (FileOID and CreationDateTime) has come whole, or its bytes were put aside anew under another number. read: a control character that was read as a blank (control_characters: replace), so that nothing is missing. discarded: a person decided that it holds nothing that is to be landed.';
COMMENT ON COLUMN recon.quarantine.line IS 'Line in the file, unpacked, from 1.';
COMMENT ON COLUMN recon.quarantine.place IS 'Byte offset in the file, unpacked.';
COMMENT ON COLUMN recon.quarantine.length IS 'Number of bytes.';
COMMENT ON COLUMN recon.quarantine.code IS 'Stable code of the reason why it could not be used.';
COMMENT ON COLUMN recon.quarantine.reason IS 'Why it could not be used.';
COMMENT ON COLUMN recon.quarantine.sha256 IS 'SHA-256 of its bytes.';
COMMENT ON COLUMN recon.quarantine.kept IS 'What raw.quarantine keeps of its bytes. bytes: they themselves. encrypted: an age file that holds them. shape: neither. hash: not even their shape, for they are of a study that is not the project''s.';
COMMENT ON COLUMN recon.quarantine.shape IS 'Its shape, where no bytes are kept.';
COMMENT ON COLUMN recon.quarantine.recipient IS 'For whom its bytes are encrypted; NULL if they are not.';
COMMENT ON COLUMN recon.quarantine.attempts IS 'How often warehouse quarantine retry was tried; at most three times.';
COMMENT ON COLUMN recon.quarantine.last_attempt IS 'When it was tried last, UTC; NULL if never.';
COMMENT ON COLUMN recon.quarantine.last_outcome IS 'What the last attempt came to: used, or the code of what was wrong; NULL where there was none.';
COMMENT ON COLUMN recon.quarantine.decision_reason IS 'Why it was discarded; NULL where it was not.';
COMMENT ON COLUMN recon.quarantine.decided_by IS 'Who did the last retry or discard; NULL where there was none.';
COMMENT ON COLUMN recon.quarantine.decided_at IS 'When, UTC.';
COMMENT ON COLUMN recon.quarantine.delivery_key IS 'The delivery under which it is stored.';
COMMENT ON COLUMN recon.quarantine.part_ordinal IS 'The part of that delivery.';
COMMENT ON COLUMN recon.quarantine.stands_as IS 'The last delivery of the same bytes, read in the same way, that stands; NULL where none does.';
