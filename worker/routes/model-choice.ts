// Which model prices a request: the query that names it, and the model found.
import { z } from "@hono/zod-openapi";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import type { AppContext } from "../context.ts";
import type { PricedBy, ServedModel } from "../pricing.ts";
import { requireDataset } from "./dataset.ts";

export const PredictQuery = z.strictObject({
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

export interface ChosenModel {
  readonly model: ServedModel;
  readonly pricedBy: PricedBy;
}

/** The model that `reference` names, or the champion, noted for the log and in X-Model. Throws a refusal where there is none. */
export async function chooseModel(
  c: AppContext,
  reference: string | undefined,
  known?: Awaited<ReturnType<typeof requireDataset>>,
): Promise<ChosenModel> {
  const dataset = known ?? (await requireDataset(c));
  const { model, alias } = await c.get("isolate").catalogue.resolve(c.env, dataset.name, dataset, reference);
  c.get("notes").modelId = model.id;
  c.header("x-model", model.id);
  c.header("cache-control", "no-store");
  return { model, pricedBy: { id: model.id, family: model.manifest.family, alias } };
}
