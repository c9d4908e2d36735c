// Prices: of one row, and of many at once.
import { createRoute, z } from "@hono/zod-openapi";
import { BatchPrediction, Prediction } from "#core/api/answers.ts";
import { type FieldError, InputError, quoted } from "#core/api/problem.ts";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import { readJson } from "../body.ts";
import type { App } from "../context.ts";
import { limits } from "../limits.ts";
import { priceRows, type ServedModel } from "../pricing.ts";
import { requireDataset } from "./dataset.ts";
import { DatasetPath, json, problems, securedOrPublic } from "./description.ts";

const PredictQuery = z.strictObject({
  model: z
    .string()
    .max(100)
    .optional()
    .meta({ description: "A model's id or an alias; the champion otherwise." }),
  coverage: z.coerce
    .number()
    .min(0.5)
    .max(0.99)
    .default(defaultCoverage)
    .meta({ description: "The share of true values that the interval holds." }),
});

const rowBody = {
  required: true,
  content: { "application/json": { schema: { $ref: "#/components/schemas/Row" } } },
};
const rowsBody = {
  required: true,
  content: { "application/json": { schema: { $ref: "#/components/schemas/Rows" } } },
};

const one = createRoute({
  method: "post",
  path: "/v1/{dataset}/predict",
  operationId: "predict",
  tags: ["Prices"],
  summary: "Price one row",
  description:
    "A value beyond what the model was trained on is priced and warned of. X-Model names the model, X-Request-Id the log entry.",
  security: securedOrPublic,
  request: { params: DatasetPath, query: PredictQuery, body: rowBody },
  responses: { 200: json(Prediction, "The price."), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

const many = createRoute({
  method: "post",
  path: "/v1/{dataset}/predict/batch",
  operationId: "predictBatch",
  tags: ["Prices"],
  summary: "Price many rows",
  description: `At most ${limits.batchRows} rows and ${limits.batchBytes} bytes. A bad row fails alone, with its index and its faults.`,
  security: securedOrPublic,
  request: { params: DatasetPath, query: PredictQuery, body: rowsBody },
  responses: {
    200: json(BatchPrediction, "One entry a row, in their order."),
    ...problems(400, 401, 403, 404, 413, 415, 422),
  },
});

/** The rows of a batch's body. Throws InputError where the body is not such. */
function parseBatch(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError(`expected an object with the field rows; got ${quoted(value)}`);
  }
  const { rows, ...others } = value as { rows?: unknown };
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new InputError([
      { pointer: `/${other.slice(0, 64)}`, detail: "unknown field; expected only rows" },
    ]);
  }
  if (!Array.isArray(rows)) throw new InputError([{ pointer: "/rows", detail: "expected an array of rows" }]);
  if (rows.length > limits.batchRows) {
    throw new InputError([
      { pointer: "/rows", detail: `expected at most ${limits.batchRows} rows; got ${rows.length}` },
    ]);
  }
  return rows;
}

const notFinite: FieldError = { pointer: "", detail: "the model gives no finite price for this row" };

/** Each row's price or its faults. */
function priceEach(model: ServedModel, given: readonly unknown[], coverage: number) {
  const faults = new Map<number, readonly FieldError[]>();
  const rows: Row[] = [];
  const places: number[] = [];
  given.forEach((value, index) => {
    try {
      rows.push(checkRow(model.spec, value));
      places.push(index);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.set(index, error.errors);
    }
  });
  const prices = new Map(priceRows(model, rows, coverage).map((price, at) => [places[at], price]));
  return given.map((_, index) => {
    const price = prices.get(index);
    return price ? { index, ...price } : { index, errors: [...(faults.get(index) ?? [notFinite])] };
  });
}

export function mountPredictions(app: App): void {
  app.openapi(one, async (c) => {
    const { model: reference, coverage } = c.req.valid("query");
    const dataset = await requireDataset(c);
    const value = await readJson(c, limits.rowBytes);
    const { model, alias } = await c.var.isolate.catalogue.resolve(c.env, dataset.name, dataset, reference);
    c.var.notes.modelId = model.id;
    const [price] = priceRows(model, [checkRow(model.spec, value)], coverage);
    if (!price) throw new InputError([notFinite]);
    const { prediction, interval, warnings } = price;
    c.header("x-model", model.id);
    c.header("cache-control", "no-store");
    return c.json(
      {
        id: c.var.requestId,
        prediction,
        unit: model.spec.target.unit,
        interval,
        model: { id: model.id, family: model.manifest.family, alias },
        warnings,
      },
      200,
    );
  });

  app.openapi(many, async (c) => {
    const { model: reference, coverage } = c.req.valid("query");
    const dataset = await requireDataset(c);
    const given = parseBatch(await readJson(c, limits.batchBytes));
    const { model, alias } = await c.var.isolate.catalogue.resolve(c.env, dataset.name, dataset, reference);
    c.var.notes.modelId = model.id;
    c.header("x-model", model.id);
    c.header("cache-control", "no-store");
    return c.json(
      {
        id: c.var.requestId,
        unit: model.spec.target.unit,
        model: { id: model.id, family: model.manifest.family, alias },
        items: priceEach(model, given, coverage),
      },
      200,
    );
  });
}
