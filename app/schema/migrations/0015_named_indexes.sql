-- Reversible: yes
-- Transaction: no

-- Up Migration

-- Built while the tables are in use. A build that was cut off leaves an index that is there and serves nobody:
-- it goes first. A statement each, with an empty line between them.
DROP INDEX CONCURRENTLY IF EXISTS accounts.idx_users_email_active;

CREATE INDEX CONCURRENTLY idx_users_email_active ON accounts.users (email) WHERE is_active;

DROP INDEX CONCURRENTLY IF EXISTS learning.idx_courses_published;

CREATE INDEX CONCURRENTLY idx_courses_published ON learning.courses (is_published, status);

DROP INDEX CONCURRENTLY IF EXISTS learning.idx_enrollments_progress;

CREATE INDEX CONCURRENTLY idx_enrollments_progress ON learning.enrollments (user_id, progress_percentage);

DO $$
DECLARE
    lacking text;
BEGIN
    SELECT string_agg(wanted.name, ', ') INTO lacking
    FROM (VALUES ('accounts.idx_users_email_active'), ('learning.idx_courses_published'),
                 ('learning.idx_enrollments_progress')) AS wanted (name)
    LEFT JOIN pg_index i ON i.indexrelid = to_regclass(wanted.name)
    WHERE (i.indisvalid AND i.indisready) IS NOT TRUE;
    IF lacking IS NOT NULL THEN
        RAISE EXCEPTION 'these indexes were not built: %', lacking;
    END IF;
END $$;

-- Down Migration

DROP INDEX CONCURRENTLY IF EXISTS learning.idx_enrollments_progress;

DROP INDEX CONCURRENTLY IF EXISTS learning.idx_courses_published;

DROP INDEX CONCURRENTLY IF EXISTS accounts.idx_users_email_active;
