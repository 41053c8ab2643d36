-- Made from the facts, in the transaction that appends them.
CREATE TABLE baskets (
    id        text COLLATE "C" PRIMARY KEY,
    market    text COLLATE "C" NOT NULL,
    kind      text   NOT NULL,
    qty       bigint NOT NULL, -- complete baskets: expected while open, then what came of it
    outlay    bigint NOT NULL, -- all it can cost
    locked    bigint NOT NULL, -- what it pays for certain; 0 while open
    state     text   NOT NULL, -- Open, or how it ended
    note      text   NOT NULL DEFAULT '',
    opened_at bigint NOT NULL,
    closed_at bigint NULL
);

CREATE TABLE orders (
    id         text COLLATE "C" PRIMARY KEY,
    basket     text COLLATE "C" NOT NULL,
    market     text COLLATE "C" NOT NULL,
    condition  text COLLATE "C" NOT NULL,
    token      text COLLATE "C" NOT NULL,
    outcome    text   NULL,     -- where the kind of its basket says it
    side       text   NOT NULL,
    type       text   NOT NULL,
    price      bigint NOT NULL, -- the limit
    size       bigint NOT NULL,
    announced  bigint NOT NULL, -- matched in all, as the venue said without naming trades
    matched    bigint NOT NULL, -- that or what its trades add up to, the greater; failed trades do not count
    status     text   NOT NULL,
    rank       bigint NOT NULL, -- how far the status is in an order's life: late news does not lead back
    why        text   NOT NULL DEFAULT '',
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL
);

CREATE INDEX orders_by_token ON orders (token);
CREATE INDEX orders_by_basket ON orders (basket);
CREATE INDEX orders_by_time ON orders (created_at);

-- What was signed, to the integer.
CREATE TABLE order_intents (
    order_id     text COLLATE "C" PRIMARY KEY,
    basket       text COLLATE "C" NOT NULL,
    market       text COLLATE "C" NOT NULL,
    purpose      text    NOT NULL,
    reservation  text    NOT NULL,
    leg          bigint  NOT NULL,
    attempt      bigint  NOT NULL,
    maker_amount bigint  NOT NULL,
    taker_amount bigint  NOT NULL,
    worst_fee    bigint  NOT NULL,
    neg_risk     boolean NOT NULL,
    salt         bigint  NOT NULL,
    timestamp_ms bigint  NOT NULL,
    expiration_s bigint  NOT NULL,
    at           bigint  NOT NULL
);

-- One row for each trade of each of our orders, however often it is told.
CREATE TABLE fills (
    trade_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    seen     bigint NOT NULL, -- number of the fact that told it first
    token    text COLLATE "C" NULL, -- null: a trade of an order that is not in this journal
    side     text   NULL,
    price    bigint NOT NULL,
    size     bigint NOT NULL,
    amount   bigint NOT NULL,
    fee      bigint NOT NULL,
    status   text   NOT NULL,
    rank     bigint NOT NULL,
    at       bigint NOT NULL,
    PRIMARY KEY (trade_id, order_id)
);

CREATE INDEX fills_by_order ON fills (order_id);
CREATE INDEX fills_by_token ON fills (token, seen);

CREATE TABLE positions (
    token     text COLLATE "C" PRIMARY KEY,
    market    text COLLATE "C" NULL,
    condition text COLLATE "C" NULL,
    outcome   text   NULL,
    opening   bigint NOT NULL, -- held before the first start
    qty       bigint NOT NULL,
    avg_price bigint NULL      -- millionths of a dollar a share, before fees, of the shares bought here and still held
);

-- Facts of what a person should look at, by the fact's number; and, below zero and counting down, what came from outside and could not be read,
-- which is no fact and which a rebuild leaves alone.
CREATE TABLE errors (
    n        bigint PRIMARY KEY,
    at       bigint NOT NULL,
    "where"  text   NOT NULL,
    what     text   NOT NULL,
    bytes    bytea  NULL,              -- the first 64 KB as they came; null: a fact's error
    length   bigint NULL,              -- bytes in all
    left_out bigint NOT NULL DEFAULT 0 -- more from this place that were not kept, since the one before
);

CREATE INDEX errors_by_time ON errors (at);

-- Merges and conversions: shares that became dollars, and shares of other tokens, outside the order book.
CREATE TABLE settlements (
    id         text COLLATE "C" PRIMARY KEY,
    market     text COLLATE "C" NOT NULL,
    kind       text   NOT NULL, -- Merge or Convert
    shares     bigint NOT NULL, -- of each token given, and of each that came
    dollars    bigint NOT NULL, -- what it brings
    state      text   NOT NULL, -- Started: nobody knows yet; Done or Refused
    why        text   NOT NULL DEFAULT '',
    started_at bigint NOT NULL,
    ended_at   bigint NULL
);

-- What those that were done did to each token. What comes by a conversion has no price in the table positions: it was not bought.
CREATE TABLE settled_tokens (
    settlement text COLLATE "C" NOT NULL,
    token      text COLLATE "C" NOT NULL,
    market     text COLLATE "C" NOT NULL,
    condition  text COLLATE "C" NOT NULL,
    outcome    text   NOT NULL,
    change     bigint NOT NULL, -- below zero: given
    seen       bigint NOT NULL, -- number of the fact that ended it
    PRIMARY KEY (settlement, token)
);

CREATE INDEX settled_by_token ON settled_tokens (token, seen);

-- Shares that came or went beside trades and calls of ours: credits, redemptions, roundings, figures a person accepted.
CREATE TABLE moved_tokens (
    seen   bigint NOT NULL, -- number of the fact
    token  text COLLATE "C" NOT NULL,
    change bigint NOT NULL, -- millionths of a share; below zero: gone
    why    text   NOT NULL,
    PRIMARY KEY (seen, token)
);

CREATE INDEX moved_by_token ON moved_tokens (token, seen);
