-- What a model takes otherwise than its dialect says.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.model ADD COLUMN traits text[] NOT NULL DEFAULT '{}';
ALTER TABLE policy.model ADD CONSTRAINT model_traits
  CHECK (traits <@ ARRAY['no-sampling', 'thinks-by-budget']);

RESET ROLE;
