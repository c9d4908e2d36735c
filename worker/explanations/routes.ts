// Why a price is what it is: one exact step a feature, from the price of the average thing to the one answered.
import { createRoute } from "@hono/zod-openapi";
import { ExplainedPrediction } from "#core/api/answers.ts";
import type { App } from "../http/context.ts";
import { DatasetPath, json, problems, rowBody, securedOrPublic } from "../http/description.ts";
import { limits } from "../http/limits.ts";
import { priceBody } from "../prices/index.ts";
import { PredictQuery } from "../serving/model-choice.ts";

const route = createRoute({
  method: "post",
  path: "/v1/{dataset}/explain",
  operationId: "explain",
  tags: ["Prices"],
  summary: "Explain the price of one row",
  description:
    "The price as POST …/predict answers it, and its explanation: the price of the average thing, then one step a feature, the largest " +
    "first. Contributions are exact Shapley values (TreeSHAP, or weight times distance from the mean); where the model works on logarithms " +
    "a step multiplies, otherwise it adds, and the price after the last step is the prediction to the last digit. 409 for a model that was " +
    `published without explain.json, or with one that explains another model or exceeds ${limits.explainFileBytes} bytes.`,
  security: securedOrPublic,
  request: { params: DatasetPath, query: PredictQuery, body: rowBody },
  responses: {
    200: json(ExplainedPrediction, "The price and its steps."),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422),
  },
});

export function mountExplanations(app: App): void {
  app.openapi(route, async (c) => {
    const { model: reference, coverage } = c.req.valid("query");
    const { dataset, row, model, price, answer } = await priceBody(c, reference, coverage);
    const { explainers } = c.var.isolate;
    const explanation = await explainers.explain(c.env, dataset.name, model, row, price.prediction);
    return c.json({ ...answer, explanation }, 200);
  });
}
