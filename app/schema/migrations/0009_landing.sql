-- Reversible: yes
-- Transaction: yes

-- Up Migration

-- What a legacy row held that has no column here, and the old values behind what was repaired: legacy column -> value.
DO $$
DECLARE
    landed regclass;
BEGIN
    FOR landed IN
        SELECT a.attrelid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attname = 'legacy_id' AND c.relkind = 'r'
          AND n.nspname IN ('accounts', 'learning', 'quizzes', 'analytics', 'operations')
          AND EXISTS (SELECT FROM pg_attribute s WHERE s.attrelid = a.attrelid AND s.attname = 'source_system')
    LOOP
        EXECUTE format('ALTER TABLE %s ADD COLUMN legacy_extra jsonb', landed);
    END LOOP;
END $$;

-- Who has what is known by the two ends alone: not every legacy system numbers these rows.
ALTER TABLE accounts.role_permissions DROP CONSTRAINT role_permissions_role_id_permission_id_key, DROP COLUMN id;
ALTER TABLE accounts.role_permissions ADD PRIMARY KEY (role_id, permission_id);
ALTER TABLE accounts.user_roles DROP CONSTRAINT user_roles_user_id_role_id_key, DROP COLUMN id;
ALTER TABLE accounts.user_roles ADD PRIMARY KEY (user_id, role_id);
ALTER TABLE accounts.user_permissions DROP CONSTRAINT user_permissions_user_id_permission_id_key, DROP COLUMN id;
ALTER TABLE accounts.user_permissions ADD PRIMARY KEY (user_id, permission_id);

-- Chunks of the copies through which rows pass that come from anything but PostgreSQL. The sums are the source's own.
CREATE TABLE migration.staged_chunks (
    system text NOT NULL REFERENCES provenance.systems (name),
    source_table text NOT NULL,
    number integer NOT NULL,
    shape_hash text NOT NULL,
    low text,
    high text,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'copied')),
    epoch bigint,
    rows bigint,
    first_sum numeric,
    second_sum numeric,
    bytes bigint NOT NULL DEFAULT 0,
    seconds double precision NOT NULL DEFAULT 0,
    PRIMARY KEY (system, source_table, number),
    CHECK (state = 'waiting' OR (rows IS NOT NULL AND first_sum IS NOT NULL AND second_sum IS NOT NULL))
);

-- Indexes and constraints that were taken off an empty table so that it fills faster, and are put back after it.
CREATE TABLE migration.suspended (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('index', 'unique', 'foreign key')),
    definition text NOT NULL,
    UNIQUE (table_name, name)
);

-- Text as the values that it stands for. NULL where it stands for none; never an error.
-- The plain case is decided by a pattern; what is left is tried, which costs a subtransaction, and those a parallel
-- worker must not start.

CREATE FUNCTION migration.try_numeric(value text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
DECLARE
    result numeric;
BEGIN
    result := btrim(value)::numeric;
    RETURN CASE WHEN result IN ('NaN', 'Infinity', '-Infinity') THEN NULL ELSE result END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

CREATE FUNCTION migration.read_numeric(value text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    IF octet_length(value) <= 100 AND value ~ '^-?[0-9]+(\.[0-9]+)?$' THEN
        RETURN value::numeric;
    END IF;
    RETURN migration.try_numeric(value);
END $$;

CREATE FUNCTION migration.read_bigint(value text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
DECLARE
    number numeric;
BEGIN
    IF octet_length(value) <= 18 AND value ~ '^-?[0-9]+$' THEN
        RETURN value::bigint;
    END IF;
    number := migration.try_numeric(value);
    IF number BETWEEN -9223372036854775808 AND 9223372036854775807 AND number = trunc(number) THEN
        RETURN number::bigint;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION migration.try_double(value text) RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    RETURN btrim(value)::double precision;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

CREATE FUNCTION migration.read_double(value text) RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    IF octet_length(value) <= 36 AND value ~ '^-?[0-9]+(\.[0-9]+)?$' THEN
        RETURN value::double precision;
    END IF;
    RETURN migration.try_double(value);
END $$;

CREATE FUNCTION migration.read_boolean(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    IF value = '1' THEN
        RETURN true;
    ELSIF value = '0' THEN
        RETURN false;
    END IF;
    RETURN CASE WHEN lower(btrim(value)) IN ('1', '1.0', 't', 'true', 'y', 'yes', 'on') THEN true
                WHEN lower(btrim(value)) IN ('0', '0.0', 'f', 'false', 'n', 'no', 'off') THEN false END;
END $$;

CREATE FUNCTION migration.try_timestamp(value text) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
DECLARE
    part text[];
    result timestamp;
BEGIN
    -- Year first, with a fraction of up to nine digits and an offset from UTC, each where it is given.
    part := regexp_match(btrim(value),
        '^(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d)(\.\d{1,9})?)?)? ?(Z|[+-]\d\d(?::?\d\d)?)?$');
    IF part IS NULL THEN
        -- Month first, as it is written in the United States, where it cannot be taken for the day.
        part := regexp_match(btrim(value), '^(\d\d?)/(\d\d?)/(\d{4})(?: (\d\d?):(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?$');
        IF part IS NULL OR (part[2]::integer <= 12 AND part[1]::integer <> part[2]::integer) THEN
            RETURN NULL;
        END IF;
        part := ARRAY[part[3], part[1], part[2], part[4], part[5], part[6], part[7], NULL];
    END IF;
    IF part[4]::integer > 23 THEN
        RETURN NULL;
    END IF;
    result := make_date(part[1]::integer, part[2]::integer, part[3]::integer)
        + make_time(coalesce(part[4]::integer, 0), coalesce(part[5]::integer, 0),
                    coalesce(part[6], '0')::integer + coalesce(left(part[7], 7), '0')::double precision);
    IF part[8] IS NOT NULL AND part[8] <> 'Z' THEN
        result := result - (left(part[8], 3) || ':' || coalesce(nullif(right(replace(part[8], ':', ''), -3), ''), '00'))::interval;
    END IF;
    -- An offset may lead out of the years that calendars know.
    RETURN CASE WHEN result >= '0001-01-01' AND result < '10000-01-01' THEN result END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

-- Days that their month has in every year, and moments of such days, as databases print them. A pattern costs by its
-- length, so the places are looked at one by one. The bodies are texts: a parsed one does not come out of a dump as it
-- went in.
CREATE FUNCTION migration.is_plain_date(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT octet_length(value) = 10 AND substr(value, 5, 1) = '-' AND substr(value, 8, 1) = '-'
    AND substr(value, 1, 4) || substr(value, 6, 2) || substr(value, 9, 2) ~ '^[0-9]+$'
    AND substr(value, 1, 4) <> '0000'
    AND substr(value, 6, 2) COLLATE "C" BETWEEN '01' AND '12'
    AND (substr(value, 9, 2) COLLATE "C" BETWEEN '01' AND '28'
        OR substr(value, 9, 2) IN ('29', '30') AND substr(value, 6, 2) <> '02'
        OR substr(value, 9, 2) = '31' AND substr(value, 6, 2) IN ('01', '03', '05', '07', '08', '10', '12'))
$$;

CREATE FUNCTION migration.is_plain_instant(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT (octet_length(value) = 19 OR octet_length(value) BETWEEN 21 AND 26 AND substr(value, 20, 1) = '.')
    AND substr(value, 5, 1) = '-' AND substr(value, 8, 1) = '-' AND substr(value, 11, 1) IN (' ', 'T')
    AND substr(value, 14, 1) = ':' AND substr(value, 17, 1) = ':'
    AND substr(value, 1, 4) || substr(value, 6, 2) || substr(value, 9, 2) || substr(value, 12, 2) || substr(value, 15, 2)
        || substr(value, 18, 2) || substr(value, 21) ~ '^[0-9]+$'
    AND substr(value, 1, 4) <> '0000'
    AND substr(value, 6, 2) COLLATE "C" BETWEEN '01' AND '12'
    AND (substr(value, 9, 2) COLLATE "C" BETWEEN '01' AND '28'
        OR substr(value, 9, 2) IN ('29', '30') AND substr(value, 6, 2) <> '02'
        OR substr(value, 9, 2) = '31' AND substr(value, 6, 2) IN ('01', '03', '05', '07', '08', '10', '12'))
    AND substr(value, 12, 2) COLLATE "C" <= '23' AND substr(value, 15, 1) COLLATE "C" <= '5'
    AND substr(value, 18, 1) COLLATE "C" <= '5'
$$;

-- Without an offset it is UTC.
CREATE FUNCTION migration.read_timestamptz(value text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    IF migration.is_plain_instant(value) THEN
        RETURN timezone('UTC', value::timestamp);
    END IF;
    RETURN timezone('UTC', migration.try_timestamp(value));
END $$;

CREATE FUNCTION migration.read_date(value text) RETURNS date LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
DECLARE
    moment timestamp;
BEGIN
    IF migration.is_plain_date(value) THEN
        RETURN value::date;
    END IF;
    moment := migration.try_timestamp(value);
    IF moment::time = '00:00' THEN
        RETURN moment::date;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION migration.read_jsonb(value text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    RETURN value::jsonb;
EXCEPTION WHEN data_exception OR statement_too_complex OR program_limit_exceeded THEN
    RETURN NULL;
END $$;

CREATE FUNCTION migration.read_uuid(value text) RETURNS uuid LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    IF btrim(value) ~* '^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$' THEN
        RETURN translate(btrim(value), '{}-', '')::uuid;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION migration.read_inet(value text) RETURNS inet LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    RETURN btrim(value)::inet;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

CREATE FUNCTION migration.read_interval(value text) RETURNS interval LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    RETURN btrim(value)::interval;
EXCEPTION WHEN data_exception OR interval_field_overflow THEN
    RETURN NULL;
END $$;

CREATE FUNCTION migration.read_bytea(value text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED STRICT AS $$
BEGIN
    IF value ~ '^([0-9A-Fa-f]{2})*$' THEN
        RETURN decode(value, 'hex');
    END IF;
    RETURN NULL;
END $$;

-- Down Migration

DROP FUNCTION migration.read_bytea, migration.read_interval, migration.read_inet, migration.read_uuid, migration.read_jsonb,
    migration.read_date, migration.read_timestamptz, migration.is_plain_instant, migration.is_plain_date,
    migration.try_timestamp, migration.read_boolean, migration.read_double, migration.try_double,
    migration.read_bigint, migration.read_numeric, migration.try_numeric;
DROP TABLE migration.suspended;
DROP TABLE migration.staged_chunks;
ALTER TABLE accounts.user_permissions DROP CONSTRAINT user_permissions_pkey;
ALTER TABLE accounts.user_permissions
    ADD COLUMN id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 1099511627775) PRIMARY KEY,
    ADD UNIQUE (user_id, permission_id);
ALTER TABLE accounts.user_roles DROP CONSTRAINT user_roles_pkey;
ALTER TABLE accounts.user_roles
    ADD COLUMN id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 1099511627775) PRIMARY KEY,
    ADD UNIQUE (user_id, role_id);
ALTER TABLE accounts.role_permissions DROP CONSTRAINT role_permissions_pkey;
ALTER TABLE accounts.role_permissions
    ADD COLUMN id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 1099511627775) PRIMARY KEY,
    ADD UNIQUE (role_id, permission_id);
DO $$
DECLARE
    landed regclass;
BEGIN
    FOR landed IN
        SELECT a.attrelid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attname = 'legacy_extra' AND c.relkind = 'r' AND NOT a.attisdropped
          AND n.nspname IN ('accounts', 'learning', 'quizzes', 'analytics', 'operations')
    LOOP
        EXECUTE format('ALTER TABLE %s DROP COLUMN legacy_extra', landed);
    END LOOP;
END $$;
