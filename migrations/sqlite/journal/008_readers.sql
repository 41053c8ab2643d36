-- For who reads beside the writer: each finds its rows without reading through all there are. No more of them than there are questions, since every
-- fact pays for them (docs/performance.md). Facts come in the order of n within each of these.
CREATE INDEX facts_by_kind ON facts (kind COLLATE NOCASE);
CREATE INDEX facts_by_market ON facts (market) WHERE market IS NOT NULL;
CREATE INDEX orders_by_time ON orders (created_at);
CREATE INDEX errors_by_time ON errors (at);
