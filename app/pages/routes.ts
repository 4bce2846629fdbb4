import type { FastifyInstance } from "fastify";
import { iconImage, styleSheet } from "./styles.ts";

/** The files that pages refer to; browsers keep them for a year, since a change changes their name. */
export function assetRoutes(server: FastifyInstance): void {
  for (const { path, type, content } of [styleSheet, iconImage]) {
    server.get(path, async (_request, reply) => {
      return reply.type(type).header("cache-control", "public, max-age=31536000, immutable").send(content);
    });
  }
}
