-- The oldest are taken first; where many wait, they must be found without a look at all of them.
CREATE INDEX unsummed_oldest ON usage.unsummed (received_at, spool_id, last_seq);
