-- recon: what files refer to and nobody has sent. Run with the rules of state, so that a load can tell of it.
CREATE SCHEMA IF NOT EXISTS recon;

CREATE OR REPLACE VIEW recon.unresolved_includes AS
WITH version AS MATERIALIZED (FROM meta.version_in_force),
include AS (
  SELECT v.metadata_version_key, v.system, v.study_oid, v.oid, coalesce(v.include_study_oid, v.study_oid) AS include_study_oid,
    v.include_oid, t.metadata_version_key AS included_key
  FROM version v
  LEFT JOIN version t ON t.system = v.system AND t.study_oid = coalesce(v.include_study_oid, v.study_oid) AND t.oid = v.include_oid
  WHERE v.include_oid IS NOT NULL
)
SELECT p.source, p.name AS part, i.study_oid, i.oid AS metadata_version_oid, i.include_study_oid, i.include_oid,
  CASE WHEN i.included_key IS NULL THEN 'missing' ELSE 'circle' END AS problem,
  (SELECT string_agg(DISTINCT d.source, ', ' ORDER BY d.source)
   FROM meta.metadata_version o JOIN raw.delivery d USING (delivery_key)
   WHERE i.included_key IS NULL AND d.system <> i.system AND o.study_oid = i.include_study_oid AND o.oid = i.include_oid) AS elsewhere,
  p.delivery_key
FROM include i
JOIN (
  SELECT first_key, last_key, source, name, delivery_key FROM state.part
  QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank DESC) = 1
) p ON i.metadata_version_key BETWEEN p.first_key AND p.last_key
WHERE i.included_key IS NULL
  OR EXISTS (FROM meta.version_chain c WHERE c.metadata_version_key = i.included_key AND c.included_key = i.metadata_version_key);
COMMENT ON VIEW recon.unresolved_includes IS 'MetaDataVersions in force whose Include (ODM 1.3.2, 3.1.1.3.1) leads to a version that its source system has not sent, or round to itself. What they define themselves holds; of a missing version nothing does.';
COMMENT ON COLUMN recon.unresolved_includes.source IS 'The source that sent it last.';
COMMENT ON COLUMN recon.unresolved_includes.part IS 'The file.';
COMMENT ON COLUMN recon.unresolved_includes.study_oid IS 'OID of its Study.';
COMMENT ON COLUMN recon.unresolved_includes.metadata_version_oid IS 'Its OID.';
COMMENT ON COLUMN recon.unresolved_includes.include_study_oid IS 'Include/@StudyOID, else the Study it stands in.';
COMMENT ON COLUMN recon.unresolved_includes.include_oid IS 'Include/@MetaDataVersionOID.';
COMMENT ON COLUMN recon.unresolved_includes.problem IS 'missing: no source of the system has sent that version. circle: that version includes this one, however far round; each definition is taken from where it is first met.';
COMMENT ON COLUMN recon.unresolved_includes.elsewhere IS 'Sources of other systems that have sent that version; they count only once both have the same system in warehouse.yml.';
COMMENT ON COLUMN recon.unresolved_includes.delivery_key IS 'The delivery that brought it last.';

CREATE OR REPLACE VIEW recon.prior_file_gaps AS
SELECT p.source, p.name AS part, r.file_oid, r.prior_file_oid, r.creation_datetime, p.delivery_key
FROM state.part p JOIN raw.part r USING (delivery_key, ordinal)
WHERE p.transactional AND p.superseded_by IS NULL AND r.prior_file_oid <> ''
  AND NOT EXISTS (
    FROM raw.part o JOIN raw.delivery d USING (delivery_key)
    WHERE d.source = p.source AND o.file_oid = r.prior_file_oid AND o.content_sha256 <> r.content_sha256)
QUALIFY row_number() OVER (PARTITION BY p.source, p.content_sha256 ORDER BY p.delivery_key DESC) = 1;
COMMENT ON VIEW recon.prior_file_gaps IS 'Transactional files that stand, and name a file before them (PriorFileOID; ODM 1.3.2, 3.1) that their source has not delivered: what that said may be missing.';
COMMENT ON COLUMN recon.prior_file_gaps.source IS 'The source.';
COMMENT ON COLUMN recon.prior_file_gaps.part IS 'The file.';
COMMENT ON COLUMN recon.prior_file_gaps.file_oid IS 'Its FileOID.';
COMMENT ON COLUMN recon.prior_file_gaps.prior_file_oid IS 'The PriorFileOID, which is the FileOID of no other file of the source.';
COMMENT ON COLUMN recon.prior_file_gaps.creation_datetime IS 'CreationDateTime of the file, as sent.';
COMMENT ON COLUMN recon.prior_file_gaps.delivery_key IS 'The delivery that brought the file last.';
