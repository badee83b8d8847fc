-- A suspended tenant and all below it are served nothing until that is taken back.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.tenant ADD COLUMN suspended boolean NOT NULL DEFAULT false;

-- `observe`: what the tenant states is recorded as what would be denied, and not enforced.
ALTER TABLE policy.policy ADD COLUMN mode text NOT NULL DEFAULT 'enforce'
  CHECK (mode IN ('enforce', 'observe'));

RESET ROLE;

-- Whether some rule in observe mode would have denied the request.
SET ROLE penstock_usage_owner;

ALTER TABLE usage.request_record ADD COLUMN would_deny boolean NOT NULL
  GENERATED ALWAYS AS (jsonb_path_exists(decisions, '$[*] ? (@.verdict == "would_deny")')) STORED;
CREATE INDEX request_record_would_deny ON usage.request_record (at DESC, id DESC) WHERE would_deny;

RESET ROLE;
