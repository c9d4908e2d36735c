// What if: the price over the levels or the range of one feature, or over a grid of two, everything else fixed.
import { createRoute } from "@hono/zod-openapi";
import { InputError } from "#core/api/problem.ts";
import { planSweep, Sweep, SweepAnswer } from "#core/api/sweep.ts";
import { parseWith, readJson } from "../../http/body.ts";
import type { App } from "../../http/context.ts";
import { DatasetPath, json, problems, securedOrPublic } from "../../http/description.ts";
import { boundText, limits, limitsFor } from "../../http/limits.ts";
import { chooseModel, PredictQuery } from "../../serving/model-choice.ts";
import { notFinite, priceRows } from "../../serving/pricing.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";

const route = createRoute({
  method: "post",
  path: "/v1/{dataset}/sweep",
  operationId: "sweep",
  tags: ["Prices"],
  summary: "Price a row while one or two features vary",
  description:
    "vary names one feature, or two for a grid: its values, or for a number from, to and steps; all levels, or the training range in " +
    `${limits.sweepDefaultSteps} steps, otherwise. At most ${boundText("sweepPoints")} points. The prices of a grid come with the second feature varying fastest.`,
  security: securedOrPublic,
  request: {
    params: DatasetPath,
    query: PredictQuery,
    body: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/Sweep" } } },
    },
  },
  responses: { 200: json(SweepAnswer, "One price a point."), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

export function mountSweep(app: App): void {
  app.openapi(route, async (c) => {
    const { model: reference, coverage } = c.req.valid("query");
    await requireDataset(c);
    const sweep = parseWith(Sweep, await readJson(c, limits.sweepBytes));
    const { model, pricedBy } = await chooseModel(c, reference);
    const points = limitsFor(c.var.principal.kind).sweepPoints;
    const bounds = { points, defaultSteps: limits.sweepDefaultSteps };
    const { axes, rows } = planSweep(model.spec, sweep, model.manifest.ranges, bounds);
    const prices = priceRows(model, rows, coverage);
    const priced = prices.map((price, at) => {
      if (!price) throw new InputError([notFinite]);
      const { prediction, interval, warnings } = price;
      return { at: axes.map(({ feature }) => rows[at][feature]), prediction, interval, warnings };
    });
    const missing = prices[0]?.missing ?? [];
    const { unit } = model.spec.target;
    return c.json(
      { id: c.var.requestId, unit, model: pricedBy, axes: [...axes], missing, points: priced },
      200,
    );
  });
}
