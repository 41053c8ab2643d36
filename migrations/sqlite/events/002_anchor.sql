-- Where the chain of seals begins once the oldest rows were deleted: the number and the seal of the last of them.
CREATE TABLE anchor (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    n    INTEGER NOT NULL,
    seal BLOB    NOT NULL
);
