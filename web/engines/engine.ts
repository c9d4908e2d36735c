// The contract of an engine: a row in, a price out, wherever it is computed. Types only, so that the widget's own file stays small.
import type { PriceExplanation } from "#core/api/explanation.ts";
import type { FieldError } from "#core/api/problem.ts";
import type { Interval } from "#core/bundle/conformal.ts";
import type { Outputs } from "#core/bundle/price.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";

/** A row as it is entered and sent: booleans are true and false. */
export type GivenRow = Readonly<Record<string, number | string | boolean>>;

/** What a curve runs over: these values, or so many over the levels or the training range. */
export type Along = number | readonly (number | string)[];

export interface Difference {
  readonly feature: string;
  readonly wanted: string;
  readonly found: string;
}

export interface Comparable {
  readonly id: string | number;
  readonly features: Row;
  /** null where the item has no price of its own. */
  readonly target: number | null;
  readonly distance: number;
  readonly exact: boolean;
  /** Levels that are not those asked for. */
  readonly differs?: readonly Difference[];
}

export type EngineName = "api" | "browser";

/** Where the model runs in the page: the small evaluator of core, or onnxruntime compiled to WebAssembly. */
export type RuntimeName = "evaluator" | "onnxruntime";

/** How the price is asked for, and what beside it; nothing beside it keeps the price from being answered. */
export interface PriceOptions {
  /** Share of true prices that the interval shall hold; the service's own default where it is left out. */
  readonly coverage?: number;
  /** Whether the price shall come with its explanation. */
  readonly explain?: boolean;
  /** How many comparable items at most; the engine in the page has none. */
  readonly similar?: number;
}

/** What the nearest items with the same match levels cost, over more of them than are shown. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

export interface ComparableGroup {
  readonly items: readonly Comparable[];
  /** Null where no target is known; undefined from a service that does not say it. */
  readonly spread?: Spread | null;
}

export interface Price {
  /** In `unit`, unrounded. */
  readonly prediction: number;
  readonly unit: string;
  readonly interval: Interval | undefined;
  readonly modelId: string;
  readonly warnings: readonly FieldError[];
  /** undefined unless asked for; null where the model holds none, or it cannot be had at the moment. */
  readonly explanation?: PriceExplanation | null;
  /** As explanation. */
  readonly similar?: readonly Comparable[] | null;
  /** From asking to knowing, as the visitor waits for it. */
  readonly milliseconds: number;
}

export interface CurvePoint {
  readonly at: number | string;
  readonly prediction: number;
  readonly interval: Interval | undefined;
}

export interface Engine {
  readonly name: EngineName;
  /** Throws a Failure (engines/failure.ts) or an InputError of core: both carry `errors` by field. */
  price(row: GivenRow, signal: AbortSignal, options?: PriceOptions): Promise<Price>;
  /** The price over `along` values of `feature`; everything else as in `row`. */
  sweep(
    row: GivenRow,
    feature: string,
    along: Along,
    signal: AbortSignal,
    options?: PriceOptions,
  ): Promise<readonly CurvePoint[]>;
}

/** A loaded model.onnx: checked rows in, what its graph says of each out. */
export interface Runtime {
  run(rows: readonly Row[]): Promise<readonly Outputs[]>;
}

export type LoadRuntime = (model: Uint8Array, spec: DatasetSpec) => Promise<Runtime>;
