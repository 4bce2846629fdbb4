import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { notFound } from "../http/problem.ts";
import { sendPage } from "../http/send-page.ts";
import type { ServerParts } from "../server-parts.ts";
import { viewer, visitor } from "../sessions/visitor.ts";
import { coursePage } from "./course-page.ts";
import { coursesPage } from "./courses-page.ts";
import { enrolledCourses, findCourse, taughtCourses } from "./courses.ts";

const courseParams = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .transform(Number)
    .refine(Number.isSafeInteger),
});

/** The pages of the courses that the signed-in user takes or teaches. */
export function learningRoutes(server: FastifyInstance, { database, configuration, guards }: ServerParts): void {
  const options = { preHandler: guards.signedIn };

  server.get("/courses", options, async (request, reply) => {
    const user = visitor(request);
    const [enrolled, taught] = await Promise.all([
      enrolledCourses(database, user.id),
      taughtCourses(database, user.id),
    ]);
    const page = coursesPage(viewer(request, configuration.secretKey), user, { enrolled, taught });
    return sendPage(reply, page);
  });

  server.get("/courses/:id", options, async (request, reply) => {
    const user = visitor(request);
    const params = courseParams.safeParse(request.params).data;
    const course = params === undefined ? undefined : await findCourse(database, user, params.id);
    if (course === undefined) throw notFound();
    const page = coursePage(viewer(request, configuration.secretKey), user, course);
    return sendPage(reply, page);
  });
}
