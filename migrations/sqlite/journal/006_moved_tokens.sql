-- Shares that came or went beside trades and calls of ours: credits, redemptions, roundings, figures a person accepted.
CREATE TABLE moved_tokens (
    seen   INTEGER NOT NULL, -- number of the fact
    token  TEXT    NOT NULL,
    change INTEGER NOT NULL, -- millionths of a share; below zero: gone
    why    TEXT    NOT NULL,
    PRIMARY KEY (seen, token)
) WITHOUT ROWID;

CREATE INDEX moved_by_token ON moved_tokens (token, seen);
