-- Which server answers in OpenAI's words, where it is known to do more than these say.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.provider ADD COLUMN compatibility text;
ALTER TABLE policy.provider ADD CONSTRAINT provider_compatibility
  CHECK (compatibility IS NULL OR (compatibility = 'vllm' AND protocol IN ('openai', 'openai-compatible')));

RESET ROLE;
