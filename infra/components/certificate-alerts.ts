import * as pulumi from "@pulumi/pulumi";
import type { AlertSettings } from "../settings/alerts.ts";
import type { Server } from "./server.ts";

/** Whom a server tells that its certificate needs somebody. */
export interface CertificateAlerts {
  readonly settings: AlertSettings;
  /** Address that alerts are sent to, a secret; undefined when nobody is told. */
  readonly webhook: pulumi.Input<string> | undefined;
}

/** What the container needs that looks after a certificate, so that it can tell. */
export function alertVariables(
  server: Server,
  { settings, webhook }: CertificateAlerts,
): { environment: Record<string, string>; files: Record<string, pulumi.Input<string>> } {
  if (webhook === undefined) return { environment: {}, files: {} };
  return {
    environment: {
      ALERT_WEBHOOK_FILE: "/run/secrets/alert_webhook",
      ALERT_DAYS: String(settings.certificateDays),
      ALERT_SOURCE: `Landfall ${pulumi.getStack()}, ${server.logicalName("certificates")}`,
    },
    files: { alert_webhook: webhook },
  };
}
