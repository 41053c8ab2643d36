-- What came from outside and could not be read stands among the errors with its bytes. It is no fact: its n is below zero and
-- counts down, and a rebuild from the facts leaves it alone.
ALTER TABLE errors ADD COLUMN bytes BLOB NULL;                     -- the first 64 KB as they came; null: a fact's error
ALTER TABLE errors ADD COLUMN length INTEGER NULL;                 -- bytes in all
ALTER TABLE errors ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0; -- more from this place that were not kept, since the one before
