// The contract of an engine: a row in, a price out, wherever it is computed. Types only, so that the widget's own file stays small.
import type { PriceExplanation } from "#core/api/explanation.ts";
import type { FieldError } from "#core/api/problem.ts";
import type { Interval } from "#core/bundle/conformal.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";

export interface Comparable {
  readonly id: string | number;
  readonly features: Row;
  readonly target: number;
  readonly distance: number;
  readonly exact: boolean;
}

export type EngineName = "api" | "browser";

/** Where the model runs in the page: onnxruntime compiled to WebAssembly, or the small evaluator of core. */
export type RuntimeName = "onnxruntime" | "evaluator";

/** What may be asked for beside the price; neither keeps the price from being answered. */
export interface PriceOptions {
  readonly explain?: boolean;
  /** How many comparable items at most; the engine in the page has none. */
  readonly similar?: number;
}

export interface Price {
  /** In `unit`, unrounded. */
  readonly prediction: number;
  readonly unit: string;
  readonly interval: Interval | undefined;
  readonly modelId: string;
  readonly warnings: readonly FieldError[];
  /** Only where it was asked for; null where it cannot be had. */
  readonly explanation?: PriceExplanation | null;
  readonly similar?: readonly Comparable[] | null;
  /** From asking to knowing, as the visitor waits for it. */
  readonly milliseconds: number;
}

export interface Engine {
  readonly name: EngineName;
  /** Throws a Failure (engines/failure.ts) or an InputError of core: both carry `errors` by field. */
  price(row: Row, signal: AbortSignal, options?: PriceOptions): Promise<Price>;
}

/** A loaded model.onnx: rows in, predictions in the target's unit out. */
export interface Runtime {
  predict(rows: readonly Row[]): Promise<ArrayLike<number>>;
}

export type LoadRuntime = (model: Uint8Array, spec: DatasetSpec) => Promise<Runtime>;
