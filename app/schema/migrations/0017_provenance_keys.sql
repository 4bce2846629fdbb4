-- Reversible: yes
-- Transaction: yes

-- Up Migration

-- Names that machines give are compared byte by byte: in a language's order, an index over them takes several times as
-- long to build. The legacy id comes first in the key, because the rows of a system differ by it alone.
DO $$
DECLARE
    landed record;
BEGIN
    FOR landed IN
        SELECT k.conrelid::regclass AS name, k.conname AS key
        FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
        WHERE n.nspname !~ '^(pg_|information_schema)' AND pg_get_constraintdef(k.oid) = 'UNIQUE (source_system, legacy_id)'
        ORDER BY k.conrelid
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ALTER legacy_id TYPE text COLLATE "C", ADD UNIQUE (legacy_id, source_system)',
            landed.name, landed.key);
    END LOOP;
END $$;

ALTER TABLE analytics.events ALTER object_type TYPE text COLLATE "C";
ALTER TABLE analytics.activities ALTER object_type TYPE text COLLATE "C";
ALTER TABLE accounts.social_identities ALTER provider TYPE text COLLATE "C", ALTER uid TYPE text COLLATE "C";
ALTER TABLE learning.certificates ALTER serial TYPE text COLLATE "C";

-- Of an empty table that many rows are about to fill, the primary key may be put off too.
ALTER TABLE migration.suspended DROP CONSTRAINT suspended_kind_check,
    ADD CHECK (kind IN ('index', 'unique', 'primary key', 'foreign key'));

-- Down Migration

ALTER TABLE migration.suspended DROP CONSTRAINT suspended_kind_check,
    ADD CHECK (kind IN ('index', 'unique', 'foreign key'));

ALTER TABLE learning.certificates ALTER serial TYPE text;
ALTER TABLE accounts.social_identities ALTER provider TYPE text, ALTER uid TYPE text;
ALTER TABLE analytics.activities ALTER object_type TYPE text;
ALTER TABLE analytics.events ALTER object_type TYPE text;
DO $$
DECLARE
    landed record;
BEGIN
    FOR landed IN
        SELECT k.conrelid::regclass AS name, k.conname AS key
        FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
        WHERE n.nspname !~ '^(pg_|information_schema)' AND pg_get_constraintdef(k.oid) = 'UNIQUE (legacy_id, source_system)'
        ORDER BY k.conrelid
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ALTER legacy_id TYPE text, ADD UNIQUE (source_system, legacy_id)',
            landed.name, landed.key);
    END LOOP;
END $$;
