// Which model prices a request: the query that names it, and the model found.
import { z } from "@hono/zod-openapi";
import { findInstant, Instant } from "#core/api/instant.ts";
import { Refusal } from "#core/api/refusal.ts";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import type { Row } from "#core/dataset/row.ts";
import { findAlias } from "../aliases/store/aliases.ts";
import { championAlias } from "../datasets/store/datasets.ts";
import { parseWith } from "../http/body.ts";
import type { AppContext } from "../http/context.ts";
import { limits } from "../http/limits.ts";
import { loggableRow } from "../requests/redaction.ts";
import { isShadowed, parseShare } from "../shadow/share.ts";
import { resolveModel } from "./model-reference.ts";
import type { Price, PricedBy, ServedModel } from "./pricing.ts";
import { requireDataset } from "./requested-dataset.ts";
import type { ModelPlace } from "./served-model.ts";

export const PredictQuery = z.strictObject({
  model: z
    .string()
    .max(100)
    .optional()
    .meta({ description: "A model's id or an alias; the champion otherwise." }),
  at: Instant.optional().meta({
    description:
      "A moment of the past, as RFC 3339 or milliseconds since 1970: the model that the alias pointed to then prices.",
  }),
  coverage: z.coerce
    .number()
    .min(0.5)
    .max(0.99)
    .default(defaultCoverage)
    .meta({ description: "The share of true values that the interval holds." }),
});

export interface ChosenModel {
  readonly model: ServedModel;
  /** The model that prices in its shadow: only beside the champion of the moment. */
  readonly challenger: ModelPlace | undefined;
  readonly pricedBy: PricedBy;
}

/** The moment that the query names; read here, for every route that prices. Throws InputError for what is none. */
function parseAt(c: AppContext): number | undefined {
  const text = c.req.query("at");
  return text === undefined ? undefined : findInstant(parseWith(Instant, text, ["at"]));
}

/**
 * The model that `reference` names, or the champion, as it is or at the query's moment, noted for the log and in X-Model.
 * Throws a refusal where there is none.
 */
export async function chooseModel(
  c: AppContext,
  reference: string | undefined,
  known?: Awaited<ReturnType<typeof requireDataset>>,
): Promise<ChosenModel> {
  const dataset = known ?? (await requireDataset(c));
  const { catalogue } = c.get("isolate");
  const at = parseAt(c);
  const named = { model: reference, at };
  const { model, alias } = await resolveModel({ catalogue, env: c.env }, dataset.name, dataset, named);
  c.get("notes").modelId = model.id;
  c.header("x-model", model.id);
  c.header("cache-control", "no-store");
  const isPlain = alias === championAlias && at === undefined && dataset.challenger?.model !== model.id;
  const challenger = isPlain ? dataset.challenger : undefined;
  return { model, challenger, pricedBy: { id: model.id, family: model.manifest.family, alias } };
}

/** The id that an alias points to. Throws a refusal where there is none of this name. */
export async function findModelId(c: AppContext, alias: string): Promise<string> {
  const { name } = await requireDataset(c);
  const found = await findAlias(c.env, name, alias);
  if (found) return found.model;
  throw new Refusal("not-found", `${name} has no model or alias called "${alias}"`);
}

/** What is left to do once a row is priced: the log keeps the row, and the challenger prices it too, behind the answer. */
export function notePrediction(c: AppContext, chosen: ChosenModel, row: Row, price: Price): void {
  c.get("notes").requestBody = loggableRow(row, limits.loggedBodyBytes);
  const { model, challenger } = chosen;
  const request = c.get("requestId");
  if (!challenger || !isShadowed(request, parseShare(c.env.SHADOW_SHARE))) return;
  const isolate = c.get("isolate");
  const dataset = c.get("dataset") ?? "";
  const shadowed = { dataset, request, champion: model.id, championPrice: price.prediction, challenger, row };
  c.executionCtx.waitUntil(isolate.shadow.follow(c.env, isolate.catalogue, shadowed));
}
