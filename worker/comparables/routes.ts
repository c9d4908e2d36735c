// Things like this one: rows of the data with the same levels, nearest first.
import { createRoute, z } from "@hono/zod-openapi";
import { SimilarItems } from "#core/api/answers.ts";
import { checkRow } from "#core/dataset/row.ts";
import { readJson } from "../http/body.ts";
import type { App } from "../http/context.ts";
import { DatasetPath, json, problems, rowBody, securedOrPublic } from "../http/description.ts";
import { limits } from "../http/limits.ts";
import { requireDataset } from "../serving/requested-dataset.ts";
import { answerSimilar } from "./answer-similar.ts";

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
