-- Merges and conversions: shares that became dollars, and shares of other tokens, outside the order book.
CREATE TABLE settlements (
    id         TEXT    PRIMARY KEY,
    market     TEXT    NOT NULL,
    kind       TEXT    NOT NULL, -- Merge or Convert
    shares     INTEGER NOT NULL, -- of each token given, and of each that came
    dollars    INTEGER NOT NULL, -- what it brings
    state      TEXT    NOT NULL, -- Started: nobody knows yet; Done or Refused
    why        TEXT    NOT NULL DEFAULT '',
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NULL
) WITHOUT ROWID;

-- What those that were done did to each token. What comes by a conversion has no price in the table positions: it was not bought.
CREATE TABLE settled_tokens (
    settlement TEXT    NOT NULL,
    token      TEXT    NOT NULL,
    market     TEXT    NOT NULL,
    condition  TEXT    NOT NULL,
    outcome    TEXT    NOT NULL,
    change     INTEGER NOT NULL, -- below zero: given
    seen       INTEGER NOT NULL, -- number of the fact that ended it
    PRIMARY KEY (settlement, token)
) WITHOUT ROWID;

CREATE INDEX settled_by_token ON settled_tokens (token, seen);
