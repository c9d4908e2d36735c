// The price of one row; on request also why, and what is like it.
import { createRoute, z } from "@hono/zod-openapi";
import { Prediction } from "#core/api/answers.ts";
import { type FieldError, InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { checkRow } from "#core/dataset/row.ts";
import { answerSimilar } from "../../comparables/index.ts";
import type { App } from "../../http/context.ts";
import { DatasetPath, json, problems, rowBody, securedOrPublic } from "../../http/description.ts";
import { limits, times } from "../../http/limits.ts";
import { loggable } from "../../requests/index.ts";
import { PredictQuery } from "../../serving/model-choice.ts";
import { withinTime, withStorage } from "../../storage/database.ts";
import { priceBody } from "../price-body.ts";

const query = PredictQuery.extend({
  explain: z
    .enum(["true", "false"])
    .default("false")
    .meta({ description: "Whether to answer why: the explanation of POST …/explain." }),
  similar: z.coerce
    .number()
    .int()
    .min(1)
    .max(limits.similarItems)
    .optional()
    .meta({ description: "How many comparable items to answer at most, as POST …/similar finds them." }),
});

const predict = createRoute({
  method: "post",
  path: "/v1/{dataset}/predict",
  operationId: "predict",
  tags: ["Prices"],
  summary: "Price one row",
  description:
    "A value beyond what the model was trained on, or one that contradicts another, is priced and warned of; missing names the features " +
    "that the row does not give. What explain and similar ask for never keeps the price from being answered: it is null, with a warning, " +
    "where it cannot be had. A row may carry key beside its features, the sender's own name for it: it is answered and logged. X-Model names the model, X-Request-Id the log entry.",
  security: securedOrPublic,
  request: { params: DatasetPath, query, body: rowBody },
  responses: { 200: json(Prediction, "The price."), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

/** What was asked for beside the price, or null and a warning where it cannot be had. */
async function orWarning<T>(what: string, warnings: FieldError[], work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof InputError)) throw error;
    warnings.push({ pointer: "", detail: `no ${what}: ${error.message}` });
    return null;
  }
}

export function mountPredictions(app: App): void {
  app.openapi(predict, async (c) => {
    const { model: reference, coverage, explain, similar: n } = c.req.valid("query");
    const { dataset, value, row, model, price, answer } = await priceBody(c, reference, coverage);
    const warnings = [...price.warnings];
    const findExplanation = () =>
      c.var.isolate.explainers.explain(c.env, dataset.name, model, row, price.prediction);
    const findComparables = (most: number) => async () => {
      // The items are of the registered spec, from which the model's own may differ.
      const item = checkRow(dataset.spec, value);
      const found = answerSimilar(c.env, dataset, item, { n: most, relaxed: false, model });
      return withStorage(() => withinTime(found, times.explanationPatienceMs));
    };
    const [explanation, similar] = await Promise.all([
      explain === "true" ? orWarning("explanation", warnings, findExplanation) : undefined,
      n === undefined ? undefined : orWarning("comparables", warnings, findComparables(n)),
    ]);
    const told = { ...answer, warnings, explanation, similar };
    // Written twice, since reading it back out of the answer costs ten times as much.
    c.get("notes").answerHead = loggable(JSON.stringify(told), limits.loggedBodyBytes);
    return c.json(told, 200);
  });
}
