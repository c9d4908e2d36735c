// The log of requests, for whoever runs the service.
import { createRoute, z } from "@hono/zod-openapi";
import { LoggedRequest, pageOf } from "#core/api/answers.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { App } from "../context.ts";
import { findRequest, listRequests } from "../store/requests.ts";
import { json, pageQuery, problems, secured } from "./description.ts";

const Instant = z.iso.datetime({ offset: true }).optional();

const list = createRoute({
  method: "get",
  path: "/v1/requests",
  operationId: "listRequests",
  tags: ["Requests"],
  summary: "List logged requests, newest first",
  description: "An entry appears a few seconds after its answer.",
  security: secured,
  request: {
    query: pageQuery.extend({
      dataset: z.string().max(63).optional(),
      status: z.coerce.number().int().min(100).max(599).optional(),
      from: Instant.meta({ description: "From this moment on." }),
      to: Instant.meta({ description: "Before this moment." }),
    }),
  },
  responses: { 200: json(pageOf(LoggedRequest), "A page of requests."), ...problems(400, 401, 403) },
});

const read = createRoute({
  method: "get",
  path: "/v1/requests/{id}",
  operationId: "getRequest",
  tags: ["Requests"],
  summary: "Read a logged request",
  security: secured,
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(LoggedRequest, "The request and its answer."), ...problems(401, 403, 404) },
});

const parseInstant = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));

export function mountRequests(app: App): void {
  app.openapi(list, async (c) => {
    const { cursor, limit, dataset, status, from, to } = c.req.valid("query");
    const filter = { dataset, status, from: parseInstant(from), to: parseInstant(to) };
    return c.json(await listRequests(c.env, filter, { cursor, limit }), 200);
  });

  app.openapi(read, async (c) => {
    const request = await findRequest(c.env, c.req.valid("param").id);
    if (!request) throw new Refusal("not-found", "no request of this id is logged (yet)");
    return c.json(request, 200);
  });
}
