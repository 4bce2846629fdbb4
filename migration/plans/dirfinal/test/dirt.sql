-- What a directory can hold that has been in use for years without a foreign key or a type that is minded.

-- Users: nothing but a number; a name that is another's, and one that stands for another; texts that no index holds;
-- numbers out of the window; bytes that no text has.
INSERT INTO user (id) VALUES (1001);
INSERT INTO user (id, username, email, password_hash, role, is_admin, approved, score, created_at, last_seen) VALUES
  (1002, 'user1', 'shared@example.org', 'hunter2', '', 0, 1, 3.5, 'yesterday', 1577836799),
  (1003, replace(hex(zeroblob(1500)), '0', 'ü'), replace(hex(zeroblob(2000)), '00', 'x@'), '!', replace(hex(zeroblob(800)), '0', 'r'),
    'x', 'maybe', 9223372036854775807, '0000-00-00 00:00:00', '2026-02-29 10:00:00'),
  (1004, '#1001', '', '$2y$05$LLE89Chp4MakiwjCeflkuOgnkYc8UYFLM3Xf8aUVv0PffJ5AMc4z2', 'user', 0, 1, 0, '2024-01-01', NULL),
  (1005, 'nul' || char(0) || 'byte', 'josé@example.org', '0421b5a2ced1d50421b5a2ced1d5abcd', 'user', 'false', 'yes', '12', '2024-01-01T10:00:00+02:00', ''),
  (1006, x'ff00fe', 'USER1@EXAMPLE.ORG', 'crypt$$abc', 'Éditeur 🔑', 1, 0, -7, '2024-01-01 10:00:00', 'now'),
  (-5, 'below', '', '!', 'user', 0, 1, 0, '2024-01-01 10:00:00', NULL),
  (1099511627776, 'above', '', '!', 'user', 1, 1, 0, '2024-01-01 10:00:00', NULL);
INSERT INTO profile (user_id, display_name, phone, address, photo, visibility) VALUES
  (13, NULL, NULL, NULL, '', 'Family '), (26, '', '', '', '../../etc/passwd', 'everyone'), (-5, 'below', '', '', NULL, 'public'), (9999, 'nobody', '', '', 'photos/9999.png', 'public');
INSERT INTO user_permission (user_id, permission, granted_by, granted_at) VALUES
  (2, '', 1, '2024-01-01 10:00:00'), (77777, 'export', 1, '2024-01-01 10:00:00'), (3, 'export', 77777, 'never'),
  ('abc', 'export', 1, '2024-01-01 10:00:00'), (-5, 'fly: low', NULL, NULL), (4, 'a:b', NULL, NULL);

-- The phone book.
INSERT INTO phonebook_entry (id) VALUES (9001);
INSERT INTO phonebook_entry (id, name, phone, email, address, category, notes, tags, status, owner_id, created_at, updated_at) VALUES
  (9002, ' ', 573001234567, 'x', 'y', '', replace(hex(zeroblob(500000)), '0', 'n'), ' a , ,b,', 'Approved', 77777, '2019-02-30 10:00:00', '31/12/2019 23:59'),
  (9003, x'4162ff', NULL, NULL, NULL, NULL, NULL, '', 'deleted', -5, '2019-02-28', '2020-01-01T00:00:00+02:00'),
  (9004, 'one who owns by name', NULL, NULL, NULL, NULL, NULL, 'a,"b', 'pending', 'user1', 1577836799.5, '2020-1-1 1:02');
INSERT INTO entry_image (id, entry_id, path, caption, bytes, approved) VALUES
  (9001, NULL, 'lost/1.png', NULL, NULL, NULL), (9002, 77777, 'lost/2.png', NULL, 10, 1),
  (9003, 9001, 'lost/é.png', NULL, 'big', 'perhaps'), (9004, 9001, NULL, NULL, -1, NULL), (9005, 9001, 'entries/1.png', NULL, 100, 1);
INSERT INTO search_history (id, user_id, query, filters, results, at) VALUES
  (9001, 77777, NULL, '{broken', 'many', NULL), (9002, NULL, '', '"\ud800"', NULL, '2026-13-01 00:00:00'),
  (9003, 1, 'x', '{"b": 1e400, "a": [null]}', 9007199254740993, '2026-01-01 00:00:00.1');

-- Families: of nobody; a contact that is twice in one; parents of one another.
INSERT INTO family_group (id, name, created_by, created_at) VALUES (9001, NULL, 77777, 'x');
INSERT INTO family_member (id, group_id, entry_id, role, born) VALUES
  (9001, NULL, 1, 'parent', NULL), (9002, 77777, 1, 'parent', NULL), (9003, 9001, 77777, NULL, '02/30/2001'),
  (9004, 9001, 1, '', '12/31/2019'), (9005, 9001, 1, 'child', '2001-01-01 00:00:00');
INSERT INTO family_relationship (id, from_member, to_member, kind) VALUES
  (9001, NULL, 1, 'parent'), (9002, 1, 2, NULL), (9003, 1, 2, ''), (9004, 9002, 1, 'parent'),
  (9005, 9003, 9004, 'parent'), (9006, 9004, 9005, 'parent'), (9007, 9005, 9003, 'parent'), (9008, 'mum', 1, 'parent'),
  (9009, 1, NULL, 'parent'), (9010, 2, 3, replace(hex(zeroblob(600)), '0', 'k')), (9011, 9007199254740993, 1, 'x');

-- Records.
INSERT INTO score_event (id, user_id, points, reason, at) VALUES
  (9001, 1, 'lots', 'x', NULL), (9002, 1, NULL, 'x', NULL), (9003, NULL, 1, 'x', NULL), (9004, 1, 3.5, 'x', NULL),
  (9005, 1, '7.0', NULL, 'later'), (9006, -5, 1, 'x', NULL), (9007, 77777, 1, 'x', NULL);
INSERT INTO moderation_item (id, kind, target_id, state, moderator_id, reason, at) VALUES
  (9001, NULL, NULL, NULL, NULL, NULL, NULL), (9002, 'user', 5, 'APPROVED', 77777, '', 'x'), (9003, 'entry', 'first', 'open', 1, NULL, NULL),
  (9004, 'image', -1, 'closed', 1, NULL, NULL);
INSERT INTO system_config ("key", value, kind) VALUES
  ('count', '1.5', 'int'), ('mode', 'dark', NULL), ('flag', 'perhaps', 'bool'), ('rate', '1e3', 'float'), ('shape', '{', 'json'),
  ('nothing', NULL, 'str'), ('', 'empty', 'str'), ('null', 'null', 'json'), (replace(hex(zeroblob(600)), '0', 'k'), '1', 'int');
INSERT INTO audit_log (id, user_id, action, detail, ip, at) VALUES
  (9001, 1, 'edit', '{}', '::1', NULL), (9002, 1, 'edit', '{}', '::1', 'garbage'), (9003, NULL, NULL, 'not json', '0:0:0:0:0:0:0:1', '2026-01-01 00:00:00'),
  (9004, 'root', 'edit', NULL, NULL, '2026-01-01 00:00:00'), (9005, 1, 'edit', '{"a": "\u0000"}', '10.0.0.0/8', '2026-01-01 00:00:00'),
  (9006, 1, 'edit', '[1, 2]', '999.1.1.1', '2026-01-01 00:00:00');
INSERT INTO media_file (id, path, mime, size, sha256, owner_id, at) VALUES
  (549755813891, 'high.png', NULL, NULL, NULL, NULL, NULL), (9001, NULL, NULL, 'big', NULL, 77777, 'x'), (9002, 'entries/1.png', 'image/png', 100, 'AB', -5, NULL);
