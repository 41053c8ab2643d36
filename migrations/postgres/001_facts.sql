-- The journal, as in SQLite (migrations/sqlite/journal). Facts are the truth; the tables of 002 are made from them and can be rebuilt. Moments are
-- microseconds of Unix time, prices 1/10,000 dollar, money and shares millionths. Names and words compare byte by byte, whatever the
-- database's language.
CREATE TABLE facts (
    n      bigint PRIMARY KEY, -- without gaps: whoever appends holds the fence
    at     bigint NOT NULL,
    kind   text COLLATE "C" NOT NULL,
    market text COLLATE "C" NULL,
    basket text COLLATE "C" NULL,
    body   text NOT NULL
);

-- For readers: each finds its rows without reading through all there are.
CREATE INDEX facts_by_kind ON facts (lower(kind), n);
CREATE INDEX facts_by_market ON facts (market, n) WHERE market IS NOT NULL;

-- Whoever holds the newest token may append. Every append locks this row until it is committed, so a taker cannot slip in between.
CREATE TABLE fence (
    "only"  integer PRIMARY KEY CHECK ("only" = 1),
    token bigint  NOT NULL
);

INSERT INTO fence ("only", token) VALUES (1, 0);

-- The number of the last append of each journal, written with it: how one whose answer got lost is asked for.
CREATE TABLE appends (
    journal uuid        PRIMARY KEY,
    number  bigint      NOT NULL,
    at      timestamptz NOT NULL
);

-- Whose history this is; at most one row.
CREATE TABLE identity (
    "only"     integer PRIMARY KEY CHECK ("only" = 1),
    mode     text    NOT NULL,
    chain_id bigint  NOT NULL,
    venue    text    NOT NULL,
    wallet   text    NOT NULL
);
