-- The root may change hands within one apply, and a tenant that names itself as its parent deserves
-- an answer that names the field: both are judged over the whole state, so the database, too, looks
-- at the end of a transaction only.
SET ROLE penstock_policy_owner;

DROP INDEX policy.tenant_root;
ALTER TABLE policy.tenant
  DROP CONSTRAINT tenant_check,
  ADD CONSTRAINT tenant_root EXCLUDE USING btree ((parent IS NULL) WITH =)
    WHERE (parent IS NULL) DEFERRABLE INITIALLY DEFERRED;

RESET ROLE;
