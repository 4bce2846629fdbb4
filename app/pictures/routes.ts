import multipart from "@fastify/multipart";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { notFound, Problem } from "../http/problem.ts";
import type { ServerParts } from "../server-parts.ts";
import { visitor } from "../sessions/visitor.ts";
import { largestPicture, pictureKey, pictureType } from "./picture.ts";

const pictureBody = z.object({ picture: z.instanceof(Buffer) });

/** The signed-in user's own picture, where there is an object storage to keep it. */
export async function pictureRoutes(server: FastifyInstance, { storage, guards }: ServerParts): Promise<void> {
  if (storage === undefined) return;
  const options = { preHandler: guards.signedIn };
  const limits = { fileSize: largestPicture, files: 1, fields: 4, parts: 5, fieldSize: 4096 };
  await server.register(multipart, { attachFieldsToBody: "keyValues", limits });

  server.get("/account/picture", options, async (request, reply) => {
    const picture = await storage.get(pictureKey(visitor(request).id));
    if (picture === undefined) throw notFound();
    return reply
      .type(picture.contentType)
      .header("cache-control", "private, no-cache")
      .header("x-content-type-options", "nosniff")
      .send(Buffer.from(picture.bytes));
  });

  server.post("/account/picture", options, async (request, reply) => {
    const bytes = pictureBody.safeParse(request.body).data?.picture;
    const contentType = bytes === undefined ? undefined : pictureType(bytes);
    if (bytes === undefined || contentType === undefined) {
      throw new Problem(400, "This is no picture that can be shown. Please choose a PNG, JPEG or WebP file.");
    }
    await storage.put(pictureKey(visitor(request).id), { bytes, contentType });
    return reply.redirect("/account", 303);
  });

  server.post("/account/picture/remove", options, async (request, reply) => {
    await storage.delete(pictureKey(visitor(request).id));
    return reply.redirect("/account", 303);
  });
}
