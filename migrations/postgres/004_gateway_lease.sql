-- Which gateway of the cluster may send. The clock is the database's.
CREATE TABLE gateway_lease (
    "only"       integer     PRIMARY KEY CHECK ("only" = 1),
    owner      text        NOT NULL,
    fence      bigint      NOT NULL, -- of the last that had it: a smaller one never gets it again
    expires    timestamptz NOT NULL,
    must_start boolean     NOT NULL  -- the next gateway begins as after a start, and is no failover
);

INSERT INTO gateway_lease ("only", owner, fence, expires, must_start) VALUES (1, '', 0, '-infinity', true);
