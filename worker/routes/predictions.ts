// The price of one row.
import { createRoute } from "@hono/zod-openapi";
import { Prediction } from "#core/api/answers.ts";
import { InputError } from "#core/api/problem.ts";
import { checkRow } from "#core/dataset/row.ts";
import { readJson } from "../body.ts";
import type { App } from "../context.ts";
import { limits } from "../limits.ts";
import { notFinite, priceRows } from "../pricing.ts";
import { requireDataset } from "./dataset.ts";
import { DatasetPath, json, problems, rowBody, securedOrPublic } from "./description.ts";
import { chooseModel, notePrediction, PredictQuery } from "./model-choice.ts";

const predict = createRoute({
  method: "post",
  path: "/v1/{dataset}/predict",
  operationId: "predict",
  tags: ["Prices"],
  summary: "Price one row",
  description:
    "A value beyond what the model was trained on, or one that contradicts another, is priced and warned of; missing names the features " +
    "that the row does not give. X-Model names the model, X-Request-Id the log entry.",
  security: securedOrPublic,
  request: { params: DatasetPath, query: PredictQuery, body: rowBody },
  responses: { 200: json(Prediction, "The price."), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

export function mountPredictions(app: App): void {
  app.openapi(predict, async (c) => {
    const { model: reference, coverage } = c.req.valid("query");
    await requireDataset(c);
    const value = await readJson(c, limits.rowBytes);
    const chosen = await chooseModel(c, reference);
    const { model, pricedBy } = chosen;
    const row = checkRow(model.spec, value);
    const [price] = priceRows(model, [row], coverage);
    if (!price) throw new InputError([notFinite]);
    notePrediction(c, chosen, row, price);
    const { prediction, interval, missing, warnings } = price;
    const { unit } = model.spec.target;
    const answer = { id: c.var.requestId, prediction, unit, interval, model: pricedBy, missing, warnings };
    return c.json(answer, 200);
  });
}
