import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { notFound, Problem } from "../http/problem.ts";
import { sendPage } from "../http/send-page.ts";
import type { ServerParts } from "../server-parts.ts";
import { viewer } from "../sessions/visitor.ts";
import { deploymentLog } from "./deployments.ts";
import { envelope, snakeCase } from "./json.ts";
import { lastReport, type FoundReport } from "./landing-reports.ts";
import { overviewPage, systemPage, type SystemDetail } from "./migration-pages.ts";
import { migrationStatus, rollbackPoints, tableStatus, verificationResults } from "./migration-status.ts";
import { deploymentsPage, healthPage } from "./operation-pages.ts";
import { pageNumber } from "./paging.ts";
import { quarantinePage } from "./quarantine-page.ts";
import { reportPage } from "./report-page.ts";
import { quarantinedRows, quarantineGroups, type QuarantineFilter } from "./quarantine.ts";

const systemParams = z.object({ system: z.string().regex(/^[a-z][a-z0-9_]*$/) });
// An empty choice of a form means none.
const choice = z
  .string()
  .max(200)
  .regex(/^[^\0]*$/)
  .transform((value) => (value === "" ? undefined : value))
  .optional();
const listQuery = z.object({ page: pageNumber, system: choice, table: choice, rule: choice });

/** The console for operators, and the same as JSON below /api/v1. */
export function consoleRoutes(server: FastifyInstance, parts: ServerParts): void {
  const { database, configuration, health } = parts;
  const options = { preHandler: parts.guards.operator };
  const seenBy = (request: FastifyRequest) => viewer(request, configuration.secretKey);

  const detail = async (request: FastifyRequest): Promise<SystemDetail> => {
    const { system } = parsed(systemParams, request.params);
    const [statuses, tables, verification, points] = await Promise.all([
      migrationStatus(database, system),
      tableStatus(database, system),
      verificationResults(database, system),
      rollbackPoints(database, system),
    ]);
    const [status] = statuses;
    if (status === undefined) throw notFound();
    return { status, tables, verification, rollbackPoints: points };
  };

  server.get("/console", options, async (request, reply) => {
    const systems = await migrationStatus(database);
    const refresh = z.object({ refresh: z.string() }).safeParse(request.query).success;
    return sendPage(reply, overviewPage(seenBy(request), systems, refresh));
  });

  server.get("/console/migration/:system", options, async (request, reply) => {
    return sendPage(reply, systemPage(seenBy(request), await detail(request)));
  });

  const report = async (request: FastifyRequest): Promise<FoundReport> => {
    const { system } = parsed(systemParams, request.params);
    const found = await lastReport(database, system);
    if (found === undefined) throw notFound();
    return found;
  };

  server.get("/console/migration/:system/report", options, async (request, reply) => {
    return sendPage(reply, reportPage(seenBy(request), await report(request)));
  });

  // To the byte, so that its digest is the one on the page.
  server.get("/api/v1/migration/report/:system", options, async (request, reply) => {
    const { text } = await report(request);
    return reply.header("cache-control", "no-store").type("application/json; charset=utf-8").send(text);
  });

  server.get("/console/migration/:system/quarantine", options, async (request, reply) => {
    const { system: name } = parsed(systemParams, request.params);
    const { page, ...query } = parsed(listQuery, request.query);
    const filter = given({ ...query, system: name });
    const [[system], groups, found] = await Promise.all([
      migrationStatus(database, name),
      quarantineGroups(database, name),
      quarantinedRows(database, filter, page),
    ]);
    if (system === undefined) throw notFound();
    return sendPage(reply, quarantinePage(seenBy(request), { system, filter, groups, found }));
  });

  server.get("/console/deployments", options, async (request, reply) => {
    const { page } = parsed(listQuery, request.query);
    return sendPage(reply, deploymentsPage(seenBy(request), await deploymentLog(database, page)));
  });

  server.get("/console/health", options, async (request, reply) => {
    return sendPage(reply, healthPage(seenBy(request), await health.fresh(), configuration.release));
  });

  server.get("/api/v1/migration/status", options, async (_request, reply) => {
    const systems = await migrationStatus(database);
    return reply.header("cache-control", "no-store").send(envelope({ page: 1, total: systems.length, rows: systems }));
  });

  server.get("/api/v1/migration/status/:system", options, async (request, reply) => {
    const { status, tables, verification, rollbackPoints: points } = await detail(request);
    const answer = { ...status, tables, verification, rollbackPoints: points };
    return reply.header("cache-control", "no-store").send(snakeCase(answer));
  });

  server.get("/api/v1/migration/quarantine", options, async (request, reply) => {
    const { page, ...query } = parsed(listQuery, request.query);
    return reply
      .header("cache-control", "no-store")
      .send(envelope(await quarantinedRows(database, given(query), page)));
  });

  server.get("/api/v1/deployment/log", options, async (request, reply) => {
    const { page } = parsed(listQuery, request.query);
    return reply.header("cache-control", "no-store").send(envelope(await deploymentLog(database, page)));
  });
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw new Problem(400, "The address has a part that cannot be understood.");
  return result.data;
}

function given(filter: { readonly [Name in keyof QuarantineFilter]?: string | undefined }): QuarantineFilter {
  const { system, table, rule } = filter;
  return {
    ...(system === undefined ? {} : { system }),
    ...(table === undefined ? {} : { table }),
    ...(rule === undefined ? {} : { rule }),
  };
}
