// Things like this one: rows of the data with the same levels, nearest first.
import { createRoute, z } from "@hono/zod-openapi";
import { SimilarItems } from "#core/api/answers.ts";
import { Refusal } from "#core/api/refusal.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../env.ts";
import { readJson } from "../http/body.ts";
import type { App } from "../http/context.ts";
import { DatasetPath, json, problems, rowBody, securedOrPublic } from "../http/description.ts";
import { limits } from "../http/limits.ts";
import type { ServedModel } from "../serving/pricing.ts";
import { requireDataset } from "../serving/requested-dataset.ts";
import { byFeatures, byPrediction } from "./nearness.ts";
import { spreadOf } from "./spread.ts";
import { findSimilar } from "./store.ts";

const similar = createRoute({
  method: "post",
  path: "/v1/{dataset}/similar",
  operationId: "findSimilar",
  tags: ["Prices"],
  summary: "Find the items most like a row",
  description:
    "The same match levels and the nearest value of the feature that the spec names. Of equally near items come first those whose prediction " +
    "is nearest to the row's own. spread says what the nearest items with the same levels cost, over more of them than n. " +
    "With relaxed=true other levels fill up what is missing, those one step away first (ordered levels before unordered ones), then two, " +
    `up to ${limits.similarNeighbours} other combinations; each such item says how it differs.`,
  security: securedOrPublic,
  request: {
    params: DatasetPath,
    query: z.strictObject({
      n: z.coerce
        .number()
        .int()
        .min(1)
        .max(limits.similarItems)
        .default(5)
        .meta({ description: "How many at most." }),
      relaxed: z
        .enum(["true", "false"])
        .default("false")
        .meta({ description: "Whether neighbouring levels may fill up." }),
    }),
    body: rowBody,
  },
  responses: { 200: json(SimilarItems, "Nearest first."), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

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

export function mountSimilar(app: App): void {
  app.openapi(similar, async (c) => {
    const { n, relaxed } = c.req.valid("query");
    const dataset = await requireDataset(c);
    const row = checkRow(dataset.spec, await readJson(c, limits.rowBytes));
    return c.json(
      await answerSimilar(c.env, dataset, row, { n, relaxed: relaxed === "true", model: dataset.champion }),
      200,
    );
  });
}
