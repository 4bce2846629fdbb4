-- Reversible: yes
-- Transaction: yes

-- Up Migration

-- PostgreSQL takes 0x1F and 1_000 for numbers from 16 on. No legacy system meant them so, and what lands must not hang on
-- the target's version.
CREATE OR REPLACE FUNCTION migration.try_numeric(value text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
DECLARE
    result numeric;
BEGIN
    IF value ~ '_|0[xXoObB]' THEN
        RETURN NULL;
    END IF;
    result := btrim(value)::numeric;
    RETURN CASE WHEN result IN ('NaN', 'Infinity', '-Infinity') THEN NULL ELSE result END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

-- Down Migration

CREATE OR REPLACE FUNCTION migration.try_numeric(value text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
DECLARE
    result numeric;
BEGIN
    result := btrim(value)::numeric;
    RETURN CASE WHEN result IN ('NaN', 'Infinity', '-Infinity') THEN NULL ELSE result END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;
