-- Every input that decisions depend on, in the order it was taken. t: microseconds of Unix time; c: connection; s: kind;
-- m: the raw text; seal: chains this row to the row before it.
CREATE TABLE events (
    n    INTEGER PRIMARY KEY,
    t    INTEGER NOT NULL,
    c    TEXT    NOT NULL,
    s    TEXT    NOT NULL,
    m    TEXT    NOT NULL,
    seal BLOB    NOT NULL
);
