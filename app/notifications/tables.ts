import type { Generated } from "kysely";

/* The notifications as queries see them; see database/tables.ts. What may be empty is what the legacy system left out. */

interface Notifications {
  id: Generated<number>;
  user_id: number;
  kind: string | null;
  body: string | null;
  created_at: Date | null;
  read_at: Date | null;
}

export interface NotificationTables {
  "notifications.notifications": Notifications;
}
