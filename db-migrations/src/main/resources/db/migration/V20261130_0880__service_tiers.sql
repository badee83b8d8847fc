-- Multiples of all rates by the provider's word for a service tier, in thousandths: the same in every
-- row of a version. And the tier that a request was charged in.
ALTER TABLE policy.price
  ADD COLUMN service_tiers jsonb NOT NULL DEFAULT '{}'
    CHECK (jsonb_typeof(service_tiers) = 'object');

ALTER TABLE usage.request_record ADD COLUMN service_tier text NOT NULL DEFAULT '';
