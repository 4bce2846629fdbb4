-- Reversible: yes
-- Transaction: yes

-- Up Migration

-- What a runner does at the moment; none while nothing runs. The states say how far a system is, the phase with what
-- it is busy, and its figures are of the phase alone.
ALTER TABLE operations.migration_status
    ADD phase text CHECK (phase IN ('rollback-point', 'surveying', 'staging', 'copying', 'indexing', 'files', 'verifying')),
    ADD phase_started_at timestamptz,
    ADD files_total bigint NOT NULL DEFAULT 0,
    ADD files_done bigint NOT NULL DEFAULT 0,
    ADD files_missing bigint NOT NULL DEFAULT 0,
    ADD files_damaged bigint NOT NULL DEFAULT 0,
    ADD file_bytes_total bigint NOT NULL DEFAULT 0,
    ADD file_bytes_done bigint NOT NULL DEFAULT 0;

ALTER TABLE operations.migration_tables
    ADD phase text CHECK (phase IN ('surveying', 'staging', 'copying', 'indexing', 'verifying')),
    ADD phase_rows_total bigint NOT NULL DEFAULT 0,
    ADD phase_rows_done bigint NOT NULL DEFAULT 0,
    ADD phase_bytes bigint NOT NULL DEFAULT 0,
    ADD rows_per_second double precision,
    ADD seconds_left double precision;

-- The record of each landing and of each verification, to the byte: its digest stands on the page that is signed.
CREATE TABLE operations.migration_reports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    system text NOT NULL REFERENCES provenance.systems (name),
    run_id bigint,
    at timestamptz NOT NULL DEFAULT now(),
    ok boolean NOT NULL,
    sha256 text NOT NULL,
    report text NOT NULL
);
CREATE INDEX migration_reports_system ON operations.migration_reports (system, id);

-- Down Migration

DROP TABLE operations.migration_reports;

ALTER TABLE operations.migration_tables
    DROP phase,
    DROP phase_rows_total,
    DROP phase_rows_done,
    DROP phase_bytes,
    DROP rows_per_second,
    DROP seconds_left;

ALTER TABLE operations.migration_status
    DROP phase,
    DROP phase_started_at,
    DROP files_total,
    DROP files_done,
    DROP files_missing,
    DROP files_damaged,
    DROP file_bytes_total,
    DROP file_bytes_done;
