-- The journal. Facts are the truth; every other table of this file but fence, identity and the grain storage is made
-- from them and can be rebuilt. Moments are microseconds of Unix time, prices 1/10,000 dollar, money and shares millionths.
CREATE TABLE facts (
    n      INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    kind   TEXT    NOT NULL,
    market TEXT    NULL,
    basket TEXT    NULL,
    body   TEXT    NOT NULL
);

-- Whoever holds the newest token may append.
CREATE TABLE fence (
    only  INTEGER PRIMARY KEY CHECK (only = 1),
    token INTEGER NOT NULL
);

INSERT INTO fence (only, token) VALUES (1, 0);

-- Whose history this is; at most one row.
CREATE TABLE identity (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    mode     TEXT    NOT NULL,
    chain_id INTEGER NOT NULL,
    venue    TEXT    NOT NULL,
    wallet   TEXT    NOT NULL
);
