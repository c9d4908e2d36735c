// The engine that asks the service: POST /v1/{dataset}/predict.
import type { FieldError } from "#core/api/problem.ts";
import type { Interval } from "#core/bundle/conformal.ts";
import type { Row } from "#core/dataset/row.ts";
import type { Client } from "./client.ts";
import type { Engine } from "./engine.ts";
import { Failure } from "./failure.ts";

interface Prediction {
  readonly prediction: number;
  readonly unit: string;
  readonly interval?: Interval;
  readonly model: { readonly id: string };
  readonly warnings?: readonly FieldError[];
}

export interface Comparable {
  readonly id: string | number;
  readonly features: Row;
  readonly target: number;
  readonly distance: number;
  readonly exact: boolean;
}

export function apiEngine(client: Client, dataset: string): Engine {
  const path = `/v1/${encodeURIComponent(dataset)}/predict`;
  return {
    name: "api",
    async price(row, signal) {
      const start = performance.now();
      const answer = await client.json<Prediction>(path, { body: row, signal });
      if (!Number.isFinite(answer.prediction)) throw new Failure("service", "the answer holds no price");
      return {
        prediction: answer.prediction,
        unit: answer.unit,
        interval: answer.interval,
        modelId: answer.model.id,
        warnings: answer.warnings ?? [],
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
