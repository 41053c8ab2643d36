-- The first line of the capture that this file was imported from; what a silo records has none, its markets are in the inputs.
CREATE TABLE header (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    m  TEXT    NOT NULL
);
