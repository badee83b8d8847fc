-- A write stores what it changed, not the whole list of a snapshot's resources. The present list
-- of a region is one row a resource; a revision names what it put and what was there before, so
-- that the lists of the revisions that are kept can be had by going back from the present one.
SET ROLE penstock_policy_owner;

CREATE TABLE policy.snapshot_resource (
  region text NOT NULL,
  key text NOT NULL,
  sha256 bytea NOT NULL,
  PRIMARY KEY (region, key)
);
CREATE INDEX snapshot_resource_blob ON policy.snapshot_resource (sha256);

-- sha256 is null where the resource is gone, previous where it was not there.
CREATE TABLE policy.snapshot_change (
  region text NOT NULL,
  revision bigint NOT NULL,
  key text NOT NULL,
  sha256 bytea,
  previous bytea,
  PRIMARY KEY (region, revision, key),
  FOREIGN KEY (region, revision) REFERENCES policy.snapshot ON DELETE CASCADE,
  CHECK (sha256 IS DISTINCT FROM previous)
);
CREATE INDEX snapshot_change_blob ON policy.snapshot_change (sha256);
CREATE INDEX snapshot_change_previous ON policy.snapshot_change (previous);

INSERT INTO policy.snapshot_resource (region, key, sha256)
SELECT newest.region, listed.key, listed.sha256
FROM (SELECT DISTINCT ON (region) region, keys, hashes
      FROM policy.snapshot ORDER BY region, revision DESC) newest,
  unnest(newest.keys, newest.hashes) AS listed (key, sha256);

-- A node that is behind gets a full snapshot this once.
DELETE FROM policy.snapshot s
WHERE s.revision < (SELECT max(n.revision) FROM policy.snapshot n WHERE n.region = s.region);
DELETE FROM policy.blob b
WHERE NOT EXISTS (SELECT FROM policy.snapshot_resource r WHERE r.sha256 = b.sha256);

ALTER TABLE policy.snapshot DROP COLUMN keys, DROP COLUMN hashes;

RESET ROLE;
