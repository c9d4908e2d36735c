// Reasons without a request: the model's explain.json, fetched once, and the code that reads it, a chunk of its own.
import type { PriceExplanation } from "#core/api/explanation.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { compileExplainer, type PriceExplainer } from "#core/explain/price-explanation.ts";
import type { Client } from "./client.ts";

export type Explain = (row: Row, prediction: number) => PriceExplanation;

/**
 * What explains the prices of the model at `path`, /v1/{dataset}/models/{id}; kept for the next visit, unless it is unsound.
 * Throws a Failure, or an InputError for an unsound file.
 */
export async function loadExplanations(client: Client, spec: DatasetSpec, path: string): Promise<Explain> {
  const file = `${path}/explain.json`;
  const explanation = await client.json(file, { keep: "for good" });
  let explainer: PriceExplainer;
  try {
    explainer = compileExplainer(spec, explanation);
  } catch (error) {
    await client.forget(file);
    throw error;
  }
  return (row, prediction) => explainer.explain(row, prediction);
}
