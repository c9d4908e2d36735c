// The items most like a row, and what the nearest of them cost.
import type { z } from "@hono/zod-openapi";
import type { SimilarItems } from "#core/api/answers.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../env.ts";
import { limits } from "../http/limits.ts";
import type { ServedModel } from "../serving/pricing.ts";
import { byFeatures, byPrediction } from "./nearness.ts";
import { spreadOf } from "./spread.ts";
import { findSimilar } from "./store.ts";

export interface ComparablesOptions {
  readonly n: number;
  /** Whether neighbouring levels may fill up. */
  readonly relaxed: boolean;
  /** The model whose predictions tell equally near items apart; without one their features do. */
  readonly model?: ServedModel;
}

/** Items like a checked row of the dataset. Throws a refusal where the spec compares nothing. */
export async function answerSimilar(
  env: Env,
  { name, spec }: { readonly name: string; readonly spec: DatasetSpec },
  row: Row,
  { n, relaxed, model }: ComparablesOptions,
): Promise<z.infer<typeof SimilarItems>> {
  if (!spec.similar)
    throw new Refusal("not-found", `the spec of ${name} does not say what makes items similar`);
  const neighbours = relaxed ? limits.similarNeighbours : 0;
  const nearness = model ? byPrediction(model) : byFeatures(spec);
  const options = { n, neighbours, nearness, ties: limits.similarTies };
  const { items, members, complete } = await findSimilar(env, spec, row, options);
  return { items, exact: items.filter(({ exact }) => exact).length, complete, spread: spreadOf(members) };
}
