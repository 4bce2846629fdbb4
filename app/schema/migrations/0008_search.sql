-- Reversible: yes
-- Transaction: yes

-- Up Migration

-- Full text of courses, modules and quizzes. No row says its language, so every text is indexed as each of the
-- languages in turn, and asked for in each; what none of them knows is indexed as it is written.
-- Rewrites the three tables under a lock.
CREATE SCHEMA search;

-- A trusted extension: the owner of the database may create it.
CREATE EXTENSION unaccent WITH SCHEMA search;

CREATE TEXT SEARCH CONFIGURATION search.english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION search.english
    ALTER MAPPING FOR hword, hword_part, word WITH search.unaccent, pg_catalog.english_stem;
CREATE TEXT SEARCH CONFIGURATION search.german (COPY = pg_catalog.german);
ALTER TEXT SEARCH CONFIGURATION search.german
    ALTER MAPPING FOR hword, hword_part, word WITH search.unaccent, pg_catalog.german_stem;
CREATE TEXT SEARCH CONFIGURATION search.spanish (COPY = pg_catalog.spanish);
ALTER TEXT SEARCH CONFIGURATION search.spanish
    ALTER MAPPING FOR hword, hword_part, word WITH search.unaccent, pg_catalog.spanish_stem;

CREATE FUNCTION search.words(content text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN to_tsvector('search.english'::regconfig, content) || to_tsvector('search.german'::regconfig, content)
        || to_tsvector('search.spanish'::regconfig, content);

-- A tsvector holds 1 MB; 100,000 characters never come to that.
CREATE FUNCTION search.document(title text, body text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN setweight(search.words(left(title, 1000)), 'A') || setweight(search.words(left(body, 100000)), 'D');

-- What a person typed, which is never an error: words, "phrases", or, -not.
CREATE FUNCTION search.query(typed text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN websearch_to_tsquery('search.english'::regconfig, typed)
        || websearch_to_tsquery('search.german'::regconfig, typed)
        || websearch_to_tsquery('search.spanish'::regconfig, typed);

ALTER TABLE learning.courses
    ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (search.document(title, description)) STORED;
ALTER TABLE learning.modules
    ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (search.document(title, content)) STORED;
ALTER TABLE quizzes.quizzes
    ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (search.document(title, '')) STORED;

CREATE INDEX courses_search ON learning.courses USING gin (search);
CREATE INDEX modules_search ON learning.modules USING gin (search);
CREATE INDEX quizzes_search ON quizzes.quizzes USING gin (search);

-- What an index outside of the database has yet to hear of: one row a document, however often it changed.
CREATE TABLE search.changes (
    kind text NOT NULL CHECK (kind IN ('course', 'module', 'quiz')),
    id bigint NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, id)
);
CREATE INDEX changes_since ON search.changes (since);

-- The row is updated even where it is there, so that whoever is taking it up is waited for and the change is not lost.
CREATE FUNCTION search.note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search.changes (kind, id) SELECT TG_ARGV[0], id FROM changed ORDER BY id
    ON CONFLICT (kind, id) DO UPDATE SET since = excluded.since;
    RETURN NULL;
END
$$;

CREATE TRIGGER search_insert AFTER INSERT ON learning.courses REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.note_changes('course');
CREATE TRIGGER search_update AFTER UPDATE ON learning.courses REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.note_changes('course');
CREATE TRIGGER search_delete AFTER DELETE ON learning.courses REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.note_changes('course');
CREATE TRIGGER search_insert AFTER INSERT ON learning.modules REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.note_changes('module');
CREATE TRIGGER search_update AFTER UPDATE ON learning.modules REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.note_changes('module');
CREATE TRIGGER search_delete AFTER DELETE ON learning.modules REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.note_changes('module');
CREATE TRIGGER search_insert AFTER INSERT ON quizzes.quizzes REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.note_changes('quiz');
CREATE TRIGGER search_update AFTER UPDATE ON quizzes.quizzes REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.note_changes('quiz');
CREATE TRIGGER search_delete AFTER DELETE ON quizzes.quizzes REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.note_changes('quiz');

-- What is there already is a change to who has heard of nothing.
INSERT INTO search.changes (kind, id)
SELECT 'course', id FROM learning.courses
UNION ALL SELECT 'module', id FROM learning.modules
UNION ALL SELECT 'quiz', id FROM quizzes.quizzes;

-- Down Migration

DROP TRIGGER search_insert ON learning.courses;
DROP TRIGGER search_update ON learning.courses;
DROP TRIGGER search_delete ON learning.courses;
DROP TRIGGER search_insert ON learning.modules;
DROP TRIGGER search_update ON learning.modules;
DROP TRIGGER search_delete ON learning.modules;
DROP TRIGGER search_insert ON quizzes.quizzes;
DROP TRIGGER search_update ON quizzes.quizzes;
DROP TRIGGER search_delete ON quizzes.quizzes;
ALTER TABLE learning.courses DROP COLUMN search;
ALTER TABLE learning.modules DROP COLUMN search;
ALTER TABLE quizzes.quizzes DROP COLUMN search;
DROP SCHEMA search CASCADE;
