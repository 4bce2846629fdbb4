import { z } from "zod";
import { deployUser, sshdSettings } from "../cloud-init/access.ts";
import { dockerSettings } from "../cloud-init/docker.ts";

/** What `landfall-inspect` prints. */
const inspectionSchema = z.object({
  sshd: z.record(z.string(), z.string()),
  sshdForRoot: z.record(z.string(), z.string()),
  docker: z
    .object({
      version: z.string(),
      liveRestore: z.boolean(),
      securityOptions: z.array(z.string()),
      logDriver: z.string(),
    })
    .nullable(),
  dockerSettings: z.record(z.string(), z.unknown()).nullable(),
  dockerGroup: z.array(z.string()),
  listening: z.array(z.string()),
  firewall: z.object({ hash: z.string().nullable(), loaded: z.boolean(), atBoot: z.boolean() }),
  usersWithPassword: z.array(z.string()),
  upgrades: z.object({ on: z.boolean(), rebootWanted: z.boolean() }),
  timeSync: z.boolean(),
  intrusionDetection: z.boolean(),
  data: z.object({ mounted: z.boolean() }).nullable(),
});

/** How a server is set up, as it says itself. */
export type Inspection = z.infer<typeof inspectionSchema>;

/** Something on a server that is not as it was asked for. */
export interface Deviation {
  readonly what: string;
  readonly found: string;
  readonly wanted: string;
}

/** @throws when the text is not what `landfall-inspect` prints */
export function readInspection(text: string): Inspection {
  try {
    return inspectionSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`landfall-inspect printed what cannot be read: ${reason}`, { cause: error });
  }
}

/** All that differs from what the server's user data asks for. None means that it is as hard as it should be. */
export function deviations(inspection: Inspection, { dataVolume }: { dataVolume: boolean }): Deviation[] {
  const { sshd, sshdForRoot, docker, dockerGroup, listening, firewall } = inspection;
  const compare = (what: string, found: unknown, wanted: unknown): Deviation[] =>
    show(found) === show(wanted) ? [] : [{ what, found: show(found), wanted: show(wanted) }];
  return [
    ...Object.entries(sshdSettings).flatMap(([name, wanted]) =>
      compare(`sshd ${name}`, sshd[name.toLowerCase()], wanted),
    ),
    ...compare("sshd PermitEmptyPasswords", sshd["permitemptypasswords"], "no"),
    ...compare("sshd PermitRootLogin for root", sshdForRoot["permitrootlogin"], "no"),
    ...compare("sshd PasswordAuthentication for root", sshdForRoot["passwordauthentication"], "no"),
    ...Object.entries(dockerSettings).flatMap(([name, wanted]) =>
      compare(`daemon.json ${name}`, inspection.dockerSettings?.[name], wanted),
    ),
    ...compare("daemon.json hosts", inspection.dockerSettings?.["hosts"], undefined),
    ...compare("Docker daemon", docker === null ? "does not answer" : "answers", "answers"),
    ...compare("Docker live-restore", docker?.liveRestore, true),
    ...compare("Docker log driver", docker?.logDriver, dockerSettings["log-driver"]),
    ...compare("Docker no-new-privileges", docker?.securityOptions.includes("name=no-new-privileges"), true),
    ...compare(
      "Docker's TCP sockets",
      listening.filter((socket) => socket.endsWith(" dockerd")),
      [],
    ),
    ...compare("members of the group docker", dockerGroup, [deployUser]),
    ...compare("users with a password", inspection.usersWithPassword, []),
    ...compare("host firewall loaded", firewall.loaded, true),
    ...compare("host firewall loaded at boot", firewall.atBoot, true),
    ...compare("unattended security updates", inspection.upgrades.on, true),
    ...compare("time synchronization", inspection.timeSync, true),
    ...compare("fail2ban watches sshd", inspection.intrusionDetection, true),
    ...(dataVolume ? compare("data volume mounted", inspection.data?.mounted, true) : []),
  ];
}

function show(value: unknown): string {
  if (value === undefined) return "(not set)";
  return typeof value === "string" ? value : JSON.stringify(value);
}
