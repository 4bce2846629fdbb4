-- Reversible: yes
-- Transaction: yes

-- Up Migration

-- Where a row came from. Every legacy system owns a window of 2^40 identifiers:
-- target id = window * 2^40 + legacy id. The mapping of a key, and of every foreign key to it,
-- is then plain arithmetic in the source's own SELECT, its inverse too, and all ids stay below 2^53.
-- Window 0 belongs to rows that were born here.
CREATE SCHEMA provenance;

CREATE TABLE provenance.systems (
    name text PRIMARY KEY,
    id_window smallint NOT NULL UNIQUE CHECK (id_window BETWEEN 1 AND 8191),
    title text NOT NULL
);

INSERT INTO provenance.systems (name, id_window, title) VALUES
    ('learnmore', 1, 'LearnMore'),
    ('dirfinal', 2, 'dirfinal'),
    ('unpuzzle', 3, 'Unpuzzle'),
    ('openlearn', 4, 'OpenLearn / Colombia Intel'),
    ('listcutter', 5, 'List Cutter');

-- Down Migration

DROP SCHEMA provenance CASCADE;
