-- What all was like from time to time: no facts and nothing made from facts, so a rebuild leaves these alone, and old rows are deleted. Moments
-- are microseconds of Unix time, money and shares millionths, prices 1/10,000 dollar.
CREATE TABLE pnl_snapshots (
    n                 INTEGER PRIMARY KEY,
    at                INTEGER NOT NULL,
    state             TEXT    NOT NULL,
    cash              INTEGER NOT NULL,
    equity            INTEGER NULL, -- null, as the others: not known at that moment
    exposure          INTEGER NOT NULL,
    realized          INTEGER NOT NULL,
    hourly            INTEGER NULL,
    daily             INTEGER NULL,
    drawdown          INTEGER NULL,
    open_orders       INTEGER NOT NULL,
    unresolved_orders INTEGER NOT NULL
);

CREATE INDEX pnl_snapshots_by_time ON pnl_snapshots (at);

-- One row a series and snapshot, over the samples since the one before; none where there were none. Microseconds.
CREATE TABLE latency_metrics (
    n       INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    series  TEXT    NOT NULL,
    samples INTEGER NOT NULL,
    mean    INTEGER NOT NULL,
    p50     INTEGER NOT NULL,
    p95     INTEGER NOT NULL,
    p99     INTEGER NOT NULL
);

CREATE INDEX latency_metrics_by_time ON latency_metrics (at);

-- The top of a condition's book in YES terms, where it differs from the row before. NO: prices from 1, the sides exchanged.
CREATE TABLE book_snapshots (
    n         INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    market    TEXT    NOT NULL,
    condition TEXT    NOT NULL,
    life      TEXT    NOT NULL,
    proof     TEXT    NOT NULL,
    bids      TEXT    NOT NULL, -- [[price, shares], ...], the best level first
    asks      TEXT    NOT NULL
);

CREATE INDEX book_snapshots_by_time ON book_snapshots (at);
CREATE INDEX book_snapshots_by_condition ON book_snapshots (condition, at);
