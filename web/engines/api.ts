// The engine that asks the service: POST /v1/{dataset}/predict.
import type { PriceExplanation } from "#core/api/explanation.ts";
import type { FieldError } from "#core/api/problem.ts";
import type { Interval } from "#core/bundle/conformal.ts";
import type { Row } from "#core/dataset/row.ts";
import type { Client } from "./client.ts";
import type { Comparable, Engine, PriceOptions } from "./engine.ts";
import { Failure } from "./failure.ts";

export type { Comparable } from "./engine.ts";

interface Prediction {
  readonly prediction: number;
  readonly unit: string;
  readonly interval?: Interval;
  readonly model: { readonly id: string };
  readonly warnings?: readonly FieldError[];
  readonly explanation?: PriceExplanation | null;
  readonly similar?: { readonly items: readonly Comparable[] } | null;
}

/** "?explain=true&similar=3", or nothing. */
function queryOf({ explain = false, similar }: PriceOptions): string {
  const query = new URLSearchParams();
  if (explain) query.set("explain", "true");
  if (similar !== undefined) query.set("similar", String(similar));
  return query.size > 0 ? `?${query}` : "";
}

export function apiEngine(client: Client, dataset: string): Engine {
  const path = `/v1/${encodeURIComponent(dataset)}/predict`;
  return {
    name: "api",
    async price(row, signal, options = {}) {
      const start = performance.now();
      const answer = await client.json<Prediction>(path + queryOf(options), { body: row, signal });
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
  };
}

/** The `n` rows of the data that are most like `row`, nearest first. */
export async function findComparables(
  client: Client,
  dataset: string,
  row: Row,
  n: number,
  signal: AbortSignal,
): Promise<readonly Comparable[]> {
  const path = `/v1/${encodeURIComponent(dataset)}/similar?n=${n}`;
  const { items } = await client.json<{ items: readonly Comparable[] }>(path, { body: row, signal });
  return items;
}
