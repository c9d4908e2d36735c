// The true price of something that was priced, once it is known: kept beside the request, for how good prices really are.
import { createRoute, z } from "@hono/zod-openapi";
import { Interval } from "#core/api/prices.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import * as requests from "#core/api/requests.ts";
import { findTargetFault } from "#core/dataset/target.ts";
import { parseWith, readJson } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { json, jsonBody, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { keepOutcome, readOutcome } from "../store/outcomes.ts";
import { findRequest } from "../store/requests.ts";

const route = createRoute({
  method: "post",
  path: "/v1/requests/{id}/outcome",
  operationId: "postOutcome",
  tags: ["Requests"],
  summary: "Tell what a priced thing really cost",
  description:
    "Of a request that was answered with one price, a few seconds after it at the earliest. Telling it again corrects it. GET /v1/requests " +
    "shows outcomes beside their requests and, for one dataset, sums up how far prices were off.",
  security: secured,
  request: { params: z.object({ id: z.string() }), body: jsonBody("NewOutcome") },
  responses: {
    200: json(requests.Outcome, "Corrected."),
    201: json(requests.Outcome, "Kept."),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422),
  },
});

/** What matters here of an answer with one price. */
const Priced = z.object({
  prediction: z.number(),
  interval: Interval.nullish(),
  model: z.object({ id: z.string() }),
});

function parseJsonOr(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    // An answer that the log had to cut is none that can be read.
    return null;
  }
}

async function requirePriced(c: AppContext, id: string) {
  const logged = await findRequest(c.env, id);
  if (!logged) throw new Refusal("not-found", "no request of this id is logged (yet)");
  const priced = Priced.safeParse(parseJsonOr(logged.responseBody));
  if (logged.dataset !== null && logged.status === 200 && priced.success)
    return { dataset: logged.dataset, ...priced.data };
  throw new Refusal("conflict", "this request was not answered with one price: it has no outcome");
}

export function mountOutcomes(app: App): void {
  app.openapi(route, async (c) => {
    const request = c.req.valid("param").id;
    const { target: actual } = parseWith(requests.NewOutcome, await readJson(c, limits.outcomeBytes));
    const { dataset, prediction, interval, model } = await requirePriced(c, request);
    const known = await c.var.isolate.catalogue.find(c.env, dataset, (work) =>
      c.executionCtx.waitUntil(work),
    );
    const fault = known && findTargetFault(known.spec, actual, "/target");
    if (fault) throw new InputError([fault]);
    const { low = null, high = null, coverage = null } = interval ?? {};
    const told = { actual, actor: c.var.principal.subject, time: Date.now() };
    const row = { request, dataset, model: model.id, prediction, low, high, coverage, ...told };
    const isNew = await keepOutcome(c.env, row);
    return isNew ? c.json(readOutcome(row), 201) : c.json(readOutcome(row), 200);
  });
}
