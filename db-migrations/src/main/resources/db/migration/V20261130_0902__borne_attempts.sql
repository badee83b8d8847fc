-- What attempts cost that did not serve: charged to nobody, borne by the platform. It stands in the rows of
-- the attempt's own model and provider, which may have no request of their own.
SET ROLE penstock_usage_owner;

ALTER TABLE usage.spend_rollup ADD COLUMN borne_nusd bigint NOT NULL DEFAULT 0;

RESET ROLE;
