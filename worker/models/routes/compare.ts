// Two models side by side.
import { createRoute, z } from "@hono/zod-openapi";
import { Refusal } from "#core/api/refusal.ts";
import { ModelId } from "#core/bundle/manifest.ts";
import { Comparison } from "#core/metrics/model-comparison.ts";
import { championAlias } from "../../datasets/index.ts";
import type { App, AppContext } from "../../http/context.ts";
import { DatasetPath, json, problems, secured } from "../../http/description.ts";
import { findModelId } from "../../serving/model-choice.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { comparePublished, type StoredModel } from "../comparison.ts";
import { findModel } from "../store/models.ts";

const Reference = z.string().min(1).max(100);

const route = createRoute({
  method: "get",
  path: "/v1/{dataset}/compare",
  operationId: "compareModels",
  tags: ["Models"],
  summary: "Compare two models",
  description:
    "Metrics, levels, parameters, data and code side by side; differences are b minus a. The gate resamples the difference of both models' " +
    "errors on the same held-out rows, with `a` as the champion, and says so where there are none.",
  security: secured,
  request: {
    params: DatasetPath,
    query: z.strictObject({
      a: Reference.default(championAlias).meta({ description: "A model's id or an alias." }),
      b: Reference.meta({ description: "A model's id or an alias." }),
    }),
  },
  responses: { 200: json(Comparison, "The comparison."), ...problems(400, 401, 403, 404) },
});

async function requireModel(c: AppContext, dataset: string, reference: string): Promise<StoredModel> {
  const id = ModelId.safeParse(reference).success ? reference : await findModelId(c, reference);
  const model = await findModel(c.env, dataset, id);
  if (!model) throw new Refusal("not-found", `${dataset} has no model "${id}"`);
  return model;
}

export function mountCompare(app: App): void {
  app.openapi(route, async (c) => {
    const { name } = await requireDataset(c);
    const { a, b } = c.req.valid("query");
    const [left, right] = await Promise.all([a, b].map((reference) => requireModel(c, name, reference)));
    c.header("cache-control", "no-cache");
    return c.json(await comparePublished(c.env, name, left, right), 200);
  });
}
