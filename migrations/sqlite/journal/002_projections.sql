-- Made from the facts, in the transaction that appends them. Moments are microseconds of Unix time, prices 1/10,000
-- dollar, money and shares millionths.
CREATE TABLE baskets (
    id        TEXT    PRIMARY KEY,
    market    TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    qty       INTEGER NOT NULL, -- complete baskets: expected while open, then what came of it
    outlay    INTEGER NOT NULL, -- all it can cost
    locked    INTEGER NOT NULL, -- what it pays for certain; 0 while open
    state     TEXT    NOT NULL, -- Open, or how it ended
    note      TEXT    NOT NULL DEFAULT '',
    opened_at INTEGER NOT NULL,
    closed_at INTEGER NULL
) WITHOUT ROWID;

CREATE TABLE orders (
    id         TEXT    PRIMARY KEY,
    basket     TEXT    NOT NULL,
    market     TEXT    NOT NULL,
    condition  TEXT    NOT NULL,
    token      TEXT    NOT NULL,
    outcome    TEXT    NULL,     -- where the kind of its basket says it
    side       TEXT    NOT NULL,
    type       TEXT    NOT NULL,
    price      INTEGER NOT NULL, -- the limit
    size       INTEGER NOT NULL,
    announced  INTEGER NOT NULL, -- matched in all, as the venue said without naming trades
    matched    INTEGER NOT NULL, -- that or what its trades add up to, the greater; failed trades do not count
    status     TEXT    NOT NULL,
    rank       INTEGER NOT NULL, -- how far the status is in an order's life: late news does not lead back
    why        TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX orders_by_token ON orders (token);
CREATE INDEX orders_by_basket ON orders (basket);

-- What was signed, to the integer.
CREATE TABLE order_intents (
    order_id     TEXT    PRIMARY KEY,
    basket       TEXT    NOT NULL,
    market       TEXT    NOT NULL,
    purpose      TEXT    NOT NULL,
    reservation  TEXT    NOT NULL,
    leg          INTEGER NOT NULL,
    attempt      INTEGER NOT NULL,
    maker_amount INTEGER NOT NULL,
    taker_amount INTEGER NOT NULL,
    worst_fee    INTEGER NOT NULL,
    neg_risk     INTEGER NOT NULL,
    salt         INTEGER NOT NULL,
    timestamp_ms INTEGER NOT NULL,
    expiration_s INTEGER NOT NULL,
    at           INTEGER NOT NULL
) WITHOUT ROWID;

-- One row for each trade of each of our orders, however often it is told.
CREATE TABLE fills (
    trade_id TEXT    NOT NULL,
    order_id TEXT    NOT NULL,
    seen     INTEGER NOT NULL, -- number of the fact that told it first
    token    TEXT    NULL,     -- null: a trade of an order that is not in this journal
    side     TEXT    NULL,
    price    INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    amount   INTEGER NOT NULL,
    fee      INTEGER NOT NULL,
    status   TEXT    NOT NULL,
    rank     INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (trade_id, order_id)
) WITHOUT ROWID;

CREATE INDEX fills_by_order ON fills (order_id);
CREATE INDEX fills_by_token ON fills (token, seen);

CREATE TABLE positions (
    token     TEXT    PRIMARY KEY,
    market    TEXT    NULL,
    condition TEXT    NULL,
    outcome   TEXT    NULL,
    opening   INTEGER NOT NULL, -- held before the first start
    qty       INTEGER NOT NULL,
    avg_price INTEGER NULL      -- millionths of a dollar a share, before fees, of the shares bought here and still held
) WITHOUT ROWID;

CREATE TABLE errors (
    n       INTEGER PRIMARY KEY, -- of the fact
    at      INTEGER NOT NULL,
    "where" TEXT    NOT NULL,
    what    TEXT    NOT NULL
);
