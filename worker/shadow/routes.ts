// What the challenger would have answered: how far its prices are from the champion's.
import { createRoute, z } from "@hono/zod-openapi";
import { ShadowSummary } from "#core/api/answers.ts";
import { ModelId } from "#core/bundle/manifest.ts";
import { furthestApart, relativeShift, summariseDifferences } from "#core/metrics/price-differences.ts";
import { challengerAlias, championAlias } from "../datasets/index.ts";
import type { App, AppContext } from "../http/context.ts";
import { DatasetPath, json, problems, secured } from "../http/description.ts";
import { limits } from "../http/limits.ts";
import { timeOfId } from "../requests/index.ts";
import { findModelId } from "../serving/model-choice.ts";
import { requireDataset } from "../serving/requested-dataset.ts";
import { listShadowPrices } from "./store.ts";

const Reference = z.string().max(100);

const route = createRoute({
  method: "get",
  path: "/v1/{dataset}/shadow",
  operationId: "summariseShadow",
  tags: ["Models"],
  summary: "Compare the challenger's prices with the champion's",
  description:
    "Over the newest predictions that both have priced, the challenger behind the answer: a share of all, SHADOW_SHARE, told by the " +
    "request's id. The worst rows are named by their requests.",
  security: secured,
  request: {
    params: DatasetPath,
    query: z.strictObject({
      challenger: Reference.default(challengerAlias).meta({ description: "A model's id or an alias." }),
      champion: Reference.default(championAlias).meta({ description: "A model's id or an alias." }),
    }),
  },
  responses: { 200: json(ShadowSummary, "The differences."), ...problems(400, 401, 403, 404) },
});

async function summarise(c: AppContext, champion: string, challenger: string): Promise<ShadowSummary> {
  const { name } = await requireDataset(c);
  const kept = await listShadowPrices(c.env, name, champion, challenger);
  const pairs = kept.flatMap(({ request, champion: own, challenger: other }) =>
    other === null ? [] : [{ request, champion: own, challenger: other }],
  );
  const faults: Record<string, number> = {};
  for (const { fault } of kept) if (fault !== null) faults[fault] = (faults[fault] ?? 0) + 1;
  const timeOf = (entry: { request: string } | undefined) => entry && timeOfId(entry.request);
  return {
    ...{ champion, challenger },
    count: pairs.length,
    faults,
    from: timeOf(kept[0]) ?? null,
    to: timeOf(kept.at(-1)) ?? null,
    differences: summariseDifferences(pairs) ?? null,
    worst: furthestApart(pairs, limits.worstRows).map((pair) => ({
      ...pair,
      difference: pair.challenger - pair.champion,
      relative: relativeShift(pair) ?? null,
    })),
  };
}

export function mountShadow(app: App): void {
  app.openapi(route, async (c) => {
    const { champion, challenger } = c.req.valid("query");
    const idOf = async (reference: string) =>
      ModelId.safeParse(reference).success ? reference : findModelId(c, reference);
    const [own, other] = await Promise.all([champion, challenger].map(idOf));
    c.header("cache-control", "no-store");
    return c.json(await summarise(c, own, other), 200);
  });
}
