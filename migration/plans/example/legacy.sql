CREATE TABLE visitor (
    id INTEGER PRIMARY KEY,
    email VARCHAR(200),
    name VARCHAR(200),
    password VARCHAR(200),
    joined DATETIME
);
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    visitor_id INTEGER REFERENCES visitor (id),
    text TEXT,
    stars INTEGER,
    at DATETIME
);
CREATE TABLE session (id INTEGER PRIMARY KEY, data TEXT);

INSERT INTO visitor VALUES
    (1, 'ada@example.org', 'Ada', '$2b$12$Zb2IQ1VaWFbyGqcmEXpXhOz0mQeJ1ZyZ1c6CkXkPoTqZr3yPqQYVe', '2019-05-04 12:30:00'),
    (2, NULL, 'Ben', NULL, 'last summer');
INSERT INTO message VALUES
    (1, 1, 'A fine place.', 5, '2020-01-01 08:00:00'),
    (2, 2, 'Good soup.', 'many', '2020-01-02 09:15:00'),
    (3, 1, '', 4, '2020-01-03 10:00:00'),
    (4, 99, 'Who am I?', 3, '2020-01-04 11:00:00');
INSERT INTO session VALUES (1, 'signed in');
