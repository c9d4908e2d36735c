// The log of requests, for whoever runs the service.
import { createRoute, z } from "@hono/zod-openapi";
import { pageOf } from "#core/api/page.ts";
import { Refusal } from "#core/api/refusal.ts";
import { LoggedRequest, OutcomeSummary } from "#core/api/requests.ts";
import type { App } from "../../http/context.ts";
import { json, pageQuery, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { summariseOutcomes } from "../store/outcomes.ts";
import { findRequest, listRequests } from "../store/requests.ts";

const Instant = z.iso.datetime({ offset: true }).optional();

const RequestPage = pageOf(LoggedRequest).extend({
  /** Null beyond the first page, without a dataset, and where no true price is known. */
  outcomes: OutcomeSummary.nullable(),
});

const list = createRoute({
  method: "get",
  path: "/v1/requests",
  operationId: "listRequests",
  tags: ["Requests"],
  summary: "List logged requests, newest first",
  description:
    "An entry appears a few seconds after its answer. The first page for one dataset sums up the true prices that are known of its " +
    `requests in the span from and to, the latest ${limits.summarisedOutcomes} at most: how far prices were off, altogether and by model.`,
  security: secured,
  request: {
    query: pageQuery.extend({
      dataset: z.string().max(63).optional(),
      status: z.coerce.number().int().min(100).max(599).optional(),
      from: Instant.meta({ description: "From this moment on." }),
      to: Instant.meta({ description: "Before this moment." }),
    }),
  },
  responses: { 200: json(RequestPage, "A page of requests."), ...problems(400, 401, 403) },
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
    const page = await listRequests(c.env, filter, { cursor, limit });
    const isSummed = dataset !== undefined && cursor === undefined;
    const outcomes = isSummed
      ? await summariseOutcomes(c.env, dataset, filter, limits.summarisedOutcomes)
      : null;
    return c.json({ ...page, outcomes }, 200);
  });

  app.openapi(read, async (c) => {
    const request = await findRequest(c.env, c.req.valid("param").id);
    if (!request) throw new Refusal("not-found", "no request of this id is logged (yet)");
    return c.json(request, 200);
  });
}
