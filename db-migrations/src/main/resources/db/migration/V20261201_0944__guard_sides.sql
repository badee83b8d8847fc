-- Where a guard looks, in the words of its manifest. Those that are there were taken for the input of requests alone.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.guard ADD COLUMN sides text[] NOT NULL DEFAULT '{input}'
  CHECK (cardinality(sides) > 0 AND sides <@ '{input,output}');

RESET ROLE;
