-- What becomes of images, sounds and files, which no guard can search. Until now they went on and stood in the record.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.guard ADD COLUMN unscannable text NOT NULL DEFAULT 'flag'
  CHECK (unscannable IN ('allow', 'flag', 'refuse'));

RESET ROLE;
