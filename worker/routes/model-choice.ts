// Which model prices a request: the query that names it, and the model found.
import { z } from "@hono/zod-openapi";
import { findInstant, Instant } from "#core/api/instant.ts";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import { parseWith } from "../body.ts";
import type { AppContext } from "../context.ts";
import { resolveModel } from "../model-reference.ts";
import type { PricedBy, ServedModel } from "../pricing.ts";
import { requireDataset } from "./dataset.ts";

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
  /** Whether it was chosen as things stand, not at a moment of the past. */
  readonly isCurrent: boolean;
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
export async function chooseModel(c: AppContext, reference: string | undefined): Promise<ChosenModel> {
  const dataset = await requireDataset(c);
  const { catalogue } = c.var.isolate;
  const at = parseAt(c);
  const named = { model: reference, at };
  const { model, alias } = await resolveModel({ catalogue, env: c.env }, dataset.name, dataset, named);
  c.var.notes.modelId = model.id;
  c.header("x-model", model.id);
  c.header("cache-control", "no-store");
  const isCurrent = at === undefined;
  return { model, isCurrent, pricedBy: { id: model.id, family: model.manifest.family, alias } };
}
