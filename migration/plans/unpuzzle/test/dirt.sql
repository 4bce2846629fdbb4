-- What MariaDB lets a database hold when nobody minds: no strict mode, foreign keys and checks off, few unique keys.
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0, check_constraint_checks = 0, time_zone = '+00:00';

INSERT INTO users (id, uuid, email, name, password, is_active, created_at, updated_at) VALUES
  (401, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (402, 'CD613E30-D8F1-4ADF-91B7-584A2265B1F5', 'user1@unpuzzle.example', 'The other one', '44c22c80cb09a28705198898dfc63ee9', 2,
   '0000-00-00 00:00:00', '2024-02-00 00:00:00'),
  (403, 'no uuid', '', '', 'as it was typed', -1, '2024-01-01 00:00:00', '9999-12-31 23:59:59'),
  (404, '', 'USER1@unpuzzle.example', CONCAT('nul', CHAR(0), 'l 🧩'), '', 1, '1000-01-01 00:00:00', NULL),
  (-5, NULL, 'minus@unpuzzle.example', 'Minus', '!', 1, '2024-01-01 00:00:00', NULL);
INSERT INTO roles (id, name) VALUES (4, NULL), (5, 'student'), (6, 'Student');
INSERT INTO user_roles (user_id, role_id) VALUES (401, 9), (402, 5), (402, 6), (403, 4), (-5, 1), (999999, 1);

INSERT INTO categories (id, name, parent_id) VALUES
  (20, 'Round', 21), (21, 'and', 22), (22, 'round', 20), (23, 'Itself', 23), (24, 'Below', 20), (25, 'Lost', 999), (26, NULL, NULL);
INSERT INTO courses (id, title, summary, category_id, instructor_id, price, currency, published, created_at) VALUES
  (60, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (61, 'Cheap', 'Less than nothing', 999, 999999, -5, 'eur', 2, '2024-01-01 00:00:00'),
  (62, '', '', 20, -5, 0, '€', 0, '0000-00-00 00:00:00');
INSERT INTO sections (id, course_id, title, position) VALUES
  (300, NULL, 'Of no course', 0), (301, 9999, 'Of a course that is gone', 0), (302, 60, NULL, -3), (303, 61, '', NULL);
INSERT INTO videos (id, section_id, title, seconds, b2_file_id, transcripts) VALUES
  (700, 302, NULL, -1, NULL, '{"en": "nul \\u0000"}'),
  (701, 302, '', NULL, '', '{"en": "half a pair \\ud83d"}'),
  (702, 302, 'Twice', 0, 'x', '{"en": 1, "en": 2.50, "big": 1e400}'),
  (703, 300, 'Of no course', 1, 'x', '{"en": 1e4000000}'),
  (704, 302, 'Nothing', 1, 'x', 'not json'),
  (705, 301, 'Below what is gone', 1, 'x', 'null');
INSERT INTO video_progress (user_id, video_id, position, watched, at) VALUES
  (403, 700, 16777217, 1, '2024-01-01 00:00:00'), (403, 701, 0.1, 2, '0000-00-00 00:00:00'), (403, 702, -1, 0, NULL),
  (403, 704, NULL, NULL, '2024-01-01 00:00:00'), (999999, 700, 1, 1, NULL), (403, 703, 1, 1, NULL), (402, 700, 1, 1, NULL);

INSERT INTO enrollments (id, user_id, course_id, paid, at, completed_at) VALUES
  (2001, 297, 44, 1, '2026-01-01 00:00:00', NULL),
  (2002, 402, 61, NULL, '0000-00-00 00:00:00', '0000-00-00 00:00:00'),
  (2003, 403, 60, -1, '2026-01-01 00:00:00', NULL),
  (2004, NULL, 60, 1, '2026-01-01 00:00:00', NULL),
  (2005, 401, NULL, 1, '2026-01-01 00:00:00', NULL),
  (2006, -5, 60, 1, '2026-01-01 00:00:00', NULL);
INSERT INTO certificates (id, enrollment_id, serial, issued_at) VALUES
  (900, 2001, 'UZ-0', '2026-01-01 00:00:00'), (901, NULL, NULL, NULL), (902, 2002, NULL, '0000-00-00 00:00:00');
INSERT INTO reviews (id, course_id, user_id, stars, body, at) VALUES
  (900, 60, 999999, 9, 'Much', '2026-01-01 00:00:00'), (901, NULL, 1, 5, '', NULL), (902, 60, NULL, NULL, NULL, '0000-00-00 00:00:00');
INSERT INTO discounts (id, course_id, code, percent, starts, ends) VALUES
  (100, 60, '', 10, NULL, NULL), (101, 60, 'ALL', 150, NULL, NULL), (102, 60, 'EVER', 100, '2026-01-01', '0000-00-00'),
  (103, NULL, 'NONE', 0, NULL, NULL), (104, 60, 'WHAT', NULL, NULL, NULL), (105, 9999, 'GONE', 5, NULL, NULL);
INSERT INTO revenue (id, enrollment_id, gross, fee, day) VALUES
  (2001, 2001, 1.0001, 0.0001, '2026-01-01'), (2002, NULL, NULL, NULL, '0000-00-00'), (2003, 2003, -99999999.9999, 0, '2026-01-01');

INSERT INTO ai_chat_sessions (id, user_id, course_id, started_at) VALUES (300, 999999, 9999, '0000-00-00 00:00:00'), (301, NULL, NULL, NULL);
INSERT INTO ai_chat_messages (id, session_id, role, content, tokens, at) VALUES
  (3000, 9999, 'user', 'To nobody', 1, NULL), (3001, 300, NULL, NULL, -4, '0000-00-00 00:00:00'), (3002, NULL, 'user', '', NULL, NULL),
  (3003, 301, '', '\\N', 0, '2026-01-01 00:00:00');
INSERT INTO ai_token_usage (id, user_id, day, prompt_tokens, completion_tokens, cost) VALUES
  (900, NULL, '0000-00-00', -1, NULL, 9999.99999999), (901, 999999, '2026-01-01', 2147483647, 0, -0.00000001);
INSERT INTO notifications (id, user_id, kind, body, read_at, at) VALUES
  (3000, NULL, 'system', 'To nobody', NULL, NULL), (3001, 999999, 'system', 'To somebody gone', NULL, NULL),
  (3002, 401, NULL, NULL, '0000-00-00 00:00:00', '2026-01-00 00:00:00');
INSERT INTO media_files (id, owner_id, bucket, object_key, bytes, sha1, status) VALUES
  (900, 999999, NULL, '../../etc/passwd', 922337203685477580, NULL, NULL), (901, NULL, '', NULL, -1, 'none', '');
INSERT INTO activity_log (id, user_id, verb, object, meta, at) VALUES
  (0, 999999, NULL, NULL, NULL, NULL),
  (1, 1, '', 'video:99999999999999', '"nul \\u0000"', '0000-00-00 00:00:00'),
  (2, 1, 'play', 'video:1099511627776', 'null', '2026-01-01 00:00:00.000001'),
  (3, 1, 'open', 'page:home', '[]', '9999-12-31 23:59:59.999999'),
  (4, 1, 'open', 'Video:1', '1', '1000-01-01 00:00:00'),
  (1099511627775, -5, 'last', 'course:60', '{}', '2026-01-01 00:00:00'),
  (1099511627776, 1, 'beyond', 'course:60', '{}', '2026-01-01 00:00:00');
