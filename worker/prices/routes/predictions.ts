// The price of one row; on request also why, and what is like it.
import { createRoute, z } from "@hono/zod-openapi";
import { Prediction } from "#core/api/answers.ts";
import { type FieldError, InputError, quoted } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { answerSimilar } from "../../comparables/routes.ts";
import { readJson } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { DatasetPath, json, problems, rowBody, securedOrPublic } from "../../http/description.ts";
import { limits, times } from "../../http/limits.ts";
import { loggable } from "../../requests/redaction.ts";
import type { KnownDataset } from "../../serving/catalogue.ts";
import { chooseModel, notePrediction, PredictQuery } from "../../serving/model-choice.ts";
import { notFinite, type Price, type PricedBy, priceRows, type ServedModel } from "../../serving/pricing.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { withinTime, withStorage } from "../../storage/database.ts";

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

export interface PricedBody {
  readonly dataset: KnownDataset & { readonly name: string };
  /** The body without its key. */
  readonly value: unknown;
  readonly row: Row;
  readonly model: ServedModel;
  readonly price: Price;
  /** What every answer to one row begins with. */
  readonly answer: Price & {
    readonly id: string;
    readonly key?: string;
    readonly unit: string;
    readonly model: PricedBy;
  };
}

/** The sender's own name for a row, which stands beside its features. Throws InputError for a key that is none. */
function takeKey(spec: DatasetSpec, value: unknown): { key?: string; features: unknown } {
  const isFeature = spec.features.some(({ name }) => name === "key");
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isFeature || !isObject || !Object.hasOwn(value, "key")) return { features: value };
  const { key, ...features } = value as { key: unknown };
  if (typeof key === "string" && key.length >= 1 && key.length <= limits.keptCharacters)
    return { key, features };
  const detail = `expected a text of 1 to ${limits.keptCharacters} characters; got ${quoted(key)}`;
  throw new InputError([{ pointer: "/key", detail }]);
}

/** Prices the row in the body. Throws InputError for its faults. */
export async function priceBody(
  c: AppContext,
  reference: string | undefined,
  coverage: number,
): Promise<PricedBody> {
  const dataset = await requireDataset(c);
  const value = await readJson(c, limits.rowBytes);
  const chosen = await chooseModel(c, reference, dataset);
  const { model, pricedBy } = chosen;
  const { key, features } = takeKey(model.spec, value);
  const row = checkRow(model.spec, features);
  const [price] = priceRows(model, [row], coverage);
  if (!price) throw new InputError([notFinite]);
  notePrediction(c, chosen, row, price);
  const { prediction, interval, missing, warnings } = price;
  const { unit } = model.spec.target;
  const named = key === undefined ? {} : { key };
  const answer = {
    id: c.get("requestId"),
    ...named,
    prediction,
    unit,
    interval,
    model: pricedBy,
    missing,
    warnings,
  };
  return { dataset, value: features, row, model, price, answer };
}

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
