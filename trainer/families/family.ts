// The contract of a model family: parameters in, a fitted model out, and the fitted model writes itself into an ONNX graph.

import type * as z from "zod";
import type { Explanation } from "#core/bundle/explanation.ts";
import type { Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec, TaskName } from "#core/dataset/spec.ts";
import type { LabelledTable, Table } from "#core/dataset/table.ts";
import type { GraphBuilder } from "#core/onnx/graph-builder.ts";
import type { Random } from "../random.ts";

export interface FitContext {
  readonly spec: DatasetSpec;
  readonly random: Random;
  /** Called as the fit goes on, for the progress bar. */
  readonly progress?: (done: number, total: number) => void;
}

/** A fitted model: nothing unfitted can predict. */
export interface FittedModel {
  /** Prices in the target's unit, one a row, computed natively (the evaluator on the exported graph is the reference). */
  predict(table: Table): Float64Array;
  /**
   * Adds the road from the raw inputs to the price in the target's unit. `inputs` maps a feature to its [N,1] graph input
   * (float, NaN missing; or string, "" missing). Returns the name of a [N,1] value, float or double.
   */
  addTo(graph: GraphBuilder, inputs: Readonly<Record<string, string>>): string;
  /** What this family alone can say of the model, as JSON for the manifest's `report`. */
  report(): Readonly<Record<string, unknown>>;
  /** What explaining a price takes and the graph does not hold, for the bundle's explain.json; without it there is no such file. */
  explanation?(): Explanation;
}

/** The values that a search may give one parameter; `log` makes each decade as likely as the next. */
export type SearchRange =
  | { readonly type: "float" | "int"; readonly low: number; readonly high: number; readonly log?: boolean }
  | { readonly type: "category"; readonly choices: readonly (string | number | boolean | null)[] };

export type SearchSpace = Readonly<Record<string, SearchRange>>;

export interface Candidate<P> {
  readonly name: string;
  readonly params: P;
}

export interface Family<P extends Params = Params> {
  readonly name: string;
  readonly title: string;
  /** What it can be fitted to. */
  readonly tasks: readonly TaskName[];
  /** Accepts and completes parameters; its messages name the parameter and what is allowed. */
  readonly params: z.ZodType<P>;
  /** The settings that are tried where the caller names none, the default first; they may depend on how many rows there are to fit on. */
  candidates(spec: DatasetSpec, rows?: number): readonly Candidate<P>[];
  /** Settings by name that cost or give up more than a default may: they are tried where the caller names one. */
  readonly presets?: Readonly<Record<string, Candidate<P>>>;
  /** The parameters that are worth a search, and their ranges; the others stay as the first candidate has them. */
  readonly space?: SearchSpace;
  /** Fits on `train` only. Same parameters, rows and seed give the same model. Throws InputError for rows it cannot be fitted on. */
  fit(params: P, train: LabelledTable, context: FitContext): FittedModel | Promise<FittedModel>;
}
