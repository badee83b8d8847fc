-- Azure OpenAI wants the version of its API in every call; no other protocol has one here.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.provider ADD COLUMN api_version text;
ALTER TABLE policy.provider ADD CONSTRAINT provider_api_version
  CHECK ((protocol = 'azure-openai') = (api_version IS NOT NULL));

RESET ROLE;
