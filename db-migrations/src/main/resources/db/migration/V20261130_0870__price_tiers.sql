-- Prices by kind of token and by the size of the prompt; counts of the kinds in every record, so that
-- it can be charged anew by its own numbers.
ALTER TABLE policy.price
  ADD COLUMN from_input_tokens bigint NOT NULL DEFAULT 0 CHECK (from_input_tokens >= 0),
  ADD COLUMN cache_write_5m bigint CHECK (cache_write_5m >= 0),
  ADD COLUMN cache_write_1h bigint CHECK (cache_write_1h >= 0),
  ADD COLUMN audio_input bigint CHECK (audio_input >= 0),
  ADD COLUMN reasoning bigint CHECK (reasoning >= 0),
  ADD COLUMN audio_output bigint CHECK (audio_output >= 0),
  DROP CONSTRAINT price_model_deployment_id_valid_from_key,
  ADD UNIQUE NULLS NOT DISTINCT (model, deployment_id, valid_from, from_input_tokens);

ALTER TABLE usage.request_record
  ADD COLUMN cache_write_1h_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN audio_input_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN audio_output_tokens bigint NOT NULL DEFAULT 0;
