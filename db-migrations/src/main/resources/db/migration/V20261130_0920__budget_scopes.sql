-- Budgets narrowed to a subject, to a provider (the root tenant's alone; a rule of the application,
-- which knows the tree) or to a tag with its value.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.budget
  ADD COLUMN scope_subject text,
  ADD COLUMN scope_provider text REFERENCES policy.provider DEFERRABLE INITIALLY DEFERRED,
  ADD COLUMN scope_tag_name text,
  ADD COLUMN scope_tag_value text,
  ADD CONSTRAINT budget_scope_tag CHECK ((scope_tag_name IS NULL) = (scope_tag_value IS NULL));

RESET ROLE;
