import type { ColumnType, Generated } from "kysely";
import type { AssistantTables } from "../assistant/tables.ts";
import type { DirectoryTables } from "../directory/tables.ts";
import type { IntelligenceTables } from "../intelligence/tables.ts";
import type { ListTables } from "../lists/tables.ts";
import type { NotificationTables } from "../notifications/tables.ts";

/*
 * The tables as queries see them; the migrations in schema/ are the source. Only columns that the service uses are here.
 * Numbers of type bigint and numeric come as JavaScript numbers (see pool.ts), timestamps as Date.
 */

/** A column that the database fills in or the migration writes; the service only reads it. */
type ReadOnly<Value> = ColumnType<Value, never, never>;
type Json = Readonly<Record<string, unknown>>;

interface Users {
  id: Generated<number>;
  source_system: string | null;
  legacy_id: string | null;
  username: string;
  email: string;
  first_name: string;
  last_name: string;
  password: string;
  password_reset_required: Generated<boolean>;
  is_active: boolean;
  is_staff: boolean;
  is_superuser: boolean;
  joined_at: Date | null;
  last_sign_in_at: Date | null;
}

interface Profiles {
  user_id: number;
  bio: string;
  timezone: string;
}

interface Roles {
  id: Generated<number>;
  source_system: string | null;
  name: string;
}

interface UserRoles {
  user_id: number;
  role_id: number;
}

interface Courses {
  id: Generated<number>;
  source_system: string | null;
  instructor_id: number | null;
  title: string;
  description: string;
  status: string;
}

interface Sections {
  id: Generated<number>;
  course_id: number;
  position: number;
  title: string;
}

interface Videos {
  id: Generated<number>;
  section_id: number;
  title: string;
  seconds: number | null;
}

interface VideoProgress {
  user_id: number;
  video_id: number;
  position_seconds: number | null;
  watched: boolean;
  updated_at: Date | null;
}

interface CoursePrerequisites {
  course_id: number;
  prerequisite_id: number;
}

interface Modules {
  id: Generated<number>;
  course_id: number;
  position: number;
  title: string;
  content_type: string;
}

interface Enrollments {
  id: Generated<number>;
  user_id: number;
  course_id: number;
  status: string;
  enrolled_at: Date | null;
  progress_percentage: number | null;
}

interface Progress {
  enrollment_id: number;
  module_id: number;
  percent: number;
  completed_at: Date | null;
  time_spent: string;
}

interface Quizzes {
  id: Generated<number>;
  module_id: number;
  title: string;
  pass_mark: number;
}

interface QuizResults {
  attempt_id: ReadOnly<number>;
  user_id: ReadOnly<number>;
  quiz_id: ReadOnly<number>;
  finished_at: ReadOnly<Date | null>;
  score: ReadOnly<number | null>;
  points_possible: ReadOnly<number>;
  points_won: ReadOnly<number>;
  passed: ReadOnly<boolean>;
}

interface Attempts {
  id: Generated<number>;
  user_id: number;
  quiz_id: number;
  started_at: Date;
}

interface Systems {
  name: ReadOnly<string>;
  title: ReadOnly<string>;
}

export type MigrationState = "planned" | "copying" | "verifying" | "verified" | "failed";

interface MigrationStatus {
  system: ReadOnly<string>;
  state: ReadOnly<MigrationState>;
  run_id: ReadOnly<number | null>;
  started_at: ReadOnly<Date | null>;
  finished_at: ReadOnly<Date | null>;
  updated_at: ReadOnly<Date>;
  rows_total: ReadOnly<number>;
  rows_copied: ReadOnly<number>;
  rows_quarantined: ReadOnly<number>;
  bytes_copied: ReadOnly<number>;
  rows_per_second: ReadOnly<number | null>;
  seconds_left: ReadOnly<number | null>;
  failure: ReadOnly<string | null>;
  phase: ReadOnly<string | null>;
  files_total: ReadOnly<number>;
  files_done: ReadOnly<number>;
  files_missing: ReadOnly<number>;
  files_damaged: ReadOnly<number>;
  file_bytes_done: ReadOnly<number>;
}

interface MigrationReports {
  id: ReadOnly<number>;
  system: ReadOnly<string>;
  run_id: ReadOnly<number | null>;
  at: ReadOnly<Date>;
  ok: ReadOnly<boolean>;
  sha256: ReadOnly<string>;
  report: ReadOnly<string>;
}

interface MigrationTables {
  system: ReadOnly<string>;
  source_table: ReadOnly<string>;
  disposition: ReadOnly<"mapped" | "folded" | "dropped">;
  target_table: ReadOnly<string | null>;
  reason: ReadOnly<string | null>;
  source_rows: ReadOnly<number>;
  target_rows: ReadOnly<number>;
  quarantined_rows: ReadOnly<number>;
  repaired_rows: ReadOnly<number>;
  bytes: ReadOnly<number>;
  state: ReadOnly<"waiting" | "copying" | "copied" | "verified" | "differs">;
  phase: ReadOnly<string | null>;
  phase_rows_total: ReadOnly<number>;
  phase_rows_done: ReadOnly<number>;
  rows_per_second: ReadOnly<number | null>;
  seconds_left: ReadOnly<number | null>;
}

interface VerificationResults {
  id: ReadOnly<number>;
  system: ReadOnly<string>;
  run_id: ReadOnly<number>;
  name: ReadOnly<string>;
  subject: ReadOnly<string>;
  passed: ReadOnly<boolean>;
  expected: ReadOnly<string>;
  found: ReadOnly<string>;
  at: ReadOnly<Date>;
}

interface RollbackPoints {
  id: ReadOnly<number>;
  system: ReadOnly<string>;
  run_id: ReadOnly<number>;
  name: ReadOnly<string>;
  taken_at: ReadOnly<Date>;
  location: ReadOnly<string>;
  bytes: ReadOnly<number>;
  sha256: ReadOnly<string>;
  wal_position: ReadOnly<string>;
}

interface Quarantine {
  id: ReadOnly<number>;
  system: ReadOnly<string>;
  run_id: ReadOnly<number>;
  source_table: ReadOnly<string>;
  legacy_id: ReadOnly<string>;
  rule: ReadOnly<string>;
  reason: ReadOnly<string>;
  legacy_row: ReadOnly<Json>;
  at: ReadOnly<Date>;
}

export type DeploymentEvent = "started" | "healthy" | "unhealthy" | "stopped";

interface DeploymentLog {
  id: Generated<number>;
  at: Date;
  release: string;
  environment: string;
  event: DeploymentEvent;
  configuration_hash: string;
  health: ColumnType<Json, string, never>;
}

export interface Tables extends AssistantTables, DirectoryTables, IntelligenceTables, ListTables, NotificationTables {
  "provenance.systems": Systems;
  "accounts.users": Users;
  "accounts.profiles": Profiles;
  "accounts.roles": Roles;
  "accounts.user_roles": UserRoles;
  "learning.courses": Courses;
  "learning.course_prerequisites": CoursePrerequisites;
  "learning.modules": Modules;
  "learning.sections": Sections;
  "learning.videos": Videos;
  "learning.video_progress": VideoProgress;
  "learning.enrollments": Enrollments;
  "learning.progress": Progress;
  "quizzes.quizzes": Quizzes;
  "quizzes.attempts": Attempts;
  "quizzes.results": QuizResults;
  "operations.migration_status": MigrationStatus;
  "operations.migration_tables": MigrationTables;
  "operations.migration_reports": MigrationReports;
  "operations.verification_results": VerificationResults;
  "operations.rollback_points": RollbackPoints;
  "operations.quarantine": Quarantine;
  "operations.deployment_log": DeploymentLog;
}
