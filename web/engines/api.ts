// The engine that asks the service: POST /v1/{dataset}/predict for a price, /sweep for a curve, /similar for what is like it.
import type { operations } from "../../sdk/index.ts";
import type { Client } from "./client.ts";
import type { ComparableGroup, Engine, GivenRow, PriceOptions } from "./engine.ts";
import { Failure } from "./failure.ts";

type Answer<Name extends "predict" | "sweep" | "findSimilar"> =
  operations[Name]["responses"][200]["content"]["application/json"];

/** "?coverage=0.8&explain=true&similar=3", or nothing. */
function query({ coverage, explain, similar }: PriceOptions): string {
  const asked = new URLSearchParams();
  if (coverage !== undefined) asked.set("coverage", String(coverage));
  if (explain) asked.set("explain", "true");
  if (similar !== undefined) asked.set("similar", String(similar));
  return asked.size > 0 ? `?${asked}` : "";
}

export function apiEngine(client: Client, dataset: string): Engine {
  const root = `/v1/${encodeURIComponent(dataset)}`;
  return {
    name: "api",
    async price(row, signal, options = {}) {
      const start = performance.now();
      const answer = await client.json<Answer<"predict">>(`${root}/predict${query(options)}`, {
        body: row,
        signal,
      });
      if (!Number.isFinite(answer.prediction)) throw new Failure("service", "the answer holds no price");
      return {
        prediction: answer.prediction,
        unit: answer.unit,
        interval: answer.interval,
        modelId: answer.model.id,
        warnings: answer.warnings ?? [],
        ...(options.explain ? { explanation: answer.explanation ?? null } : {}),
        ...(options.similar === undefined ? {} : { similar: answer.similar?.items ?? null }),
        milliseconds: performance.now() - start,
      };
    },
    async sweep(row, feature, along, signal, options = {}) {
      const ask = (axis: object) =>
        client.json<Answer<"sweep">>(`${root}/sweep${query({ coverage: options.coverage })}`, {
          body: { row, vary: [axis] },
          signal,
        });
      const { points } = await ask(
        typeof along === "object"
          ? { feature, values: along }
          : typeof row[feature] === "number"
            ? { feature, steps: along }
            : { feature },
      );
      return points.map(({ at, prediction, interval }) => ({ at: at[0], prediction, interval }));
    },
  };
}

/** The `n` rows of the data that are most like `row`, nearest first; neighbouring levels fill up what is missing. */
export async function findComparables(
  client: Client,
  dataset: string,
  row: GivenRow,
  n: number,
  signal: AbortSignal,
): Promise<ComparableGroup> {
  const path = `/v1/${encodeURIComponent(dataset)}/similar?n=${n}&relaxed=true`;
  return client.json<Answer<"findSimilar">>(path, { body: row, signal });
}
