-- Reversible: yes
-- Transaction: yes

-- Up Migration

-- What the migration engine remembers. Nothing about a move is kept anywhere else, so that
-- an engine that was killed goes on from here, on whichever machine it starts again.
CREATE SCHEMA migration;

-- The one runner that may write. Every transaction that moves rows commits only while the epoch is
-- still its own, so a left-over of an older runner cannot get past a newer one.
CREATE TABLE migration.runner (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    epoch bigint NOT NULL DEFAULT 0,
    host text,
    process_id integer,
    started_at timestamptz
);

INSERT INTO migration.runner DEFAULT VALUES;

-- failed: the verification found differences, nothing that this run wrote is trusted again.
-- superseded: a later run started over.
CREATE TABLE migration.runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    system text NOT NULL REFERENCES provenance.systems (name),
    plan_hash text NOT NULL,
    hash_tier text NOT NULL,
    release text NOT NULL,
    epoch bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('copying', 'verifying', 'verified', 'failed', 'superseded')),
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    failure text
);
CREATE INDEX runs_system ON migration.runs (system, id);
CREATE UNIQUE INDEX runs_unfinished ON migration.runs (system) WHERE state IN ('copying', 'verifying');

-- A range of a legacy table's key, from low (or its beginning) up to and without high (or its end). rows, bytes and
-- the counts and sums of the source commit in one transaction with the rows themselves.
CREATE TABLE migration.chunks (
    run_id bigint NOT NULL REFERENCES migration.runs (id) ON DELETE CASCADE,
    source_table text NOT NULL,
    number integer NOT NULL,
    low text,
    high text,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'copied')),
    epoch bigint,
    rows bigint NOT NULL DEFAULT 0,
    quarantined bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    source_rows bigint,
    first_sum numeric,
    second_sum numeric,
    seconds double precision NOT NULL DEFAULT 0,
    copied_at timestamptz,
    PRIMARY KEY (run_id, source_table, number),
    CHECK (state = 'waiting' OR (source_rows IS NOT NULL AND first_sum IS NOT NULL AND second_sum IS NOT NULL))
);

-- How many landed rows each repair rule touched.
CREATE TABLE migration.repairs (
    run_id bigint NOT NULL REFERENCES migration.runs (id) ON DELETE CASCADE,
    source_table text NOT NULL,
    rule text NOT NULL,
    rows bigint NOT NULL,
    PRIMARY KEY (run_id, source_table, rule)
);

-- Down Migration

DROP SCHEMA migration CASCADE;
