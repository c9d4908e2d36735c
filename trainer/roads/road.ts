// What training does differently by task: how predictions are calibrated, how a graph ends, and what is measured of unseen rows.
import type { Explanation } from "#core/bundle/explanation.ts";
import type { Manifest, Metrics } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import type { GraphBuilder } from "#core/onnx/graph-builder.ts";
import type { OnnxModel } from "#core/onnx/model.ts";
import type { FittedModel } from "../families/family.ts";
import type { Difficulty } from "../intervals/difficulty.ts";
import type { HeldOutRow, JudgedRows } from "../intervals/judged-rows.ts";
import type { PreparedData } from "../prepare.ts";
import type { Random } from "../random.ts";
import type { CopiedFolds, Trial } from "../search/cross-validation.ts";

/** What cross-validation says of a candidate's predictions beyond their error. */
export interface Calibrated {
  readonly conformal: Manifest["conformal"];
  readonly difficulty: Difficulty | undefined;
  /** Out-of-fold metrics of the calibrated predictions. */
  readonly crossValidated: Metrics;
  /** Of a model of classes. */
  readonly classes?: Manifest["classes"];
  /** The model with its predictions put right. */
  apply(model: FittedModel): FittedModel;
}

/** What a manifest says of rows that calibrated nothing, and what the card draws of them. */
export interface Unseen {
  readonly metrics: Pick<Manifest["metrics"], "intervals" | "sets" | "confusion">;
  readonly intervals: readonly JudgedRows[];
}

export type ManifestPart = Pick<Manifest, "conformal" | "ranges" | "relations">;

export interface Road {
  calibrate(data: PreparedData, trial: Trial, folds: CopiedFolds): Calibrated;
  /** Ends the graph whose value `predicted` is what the family adds. */
  finish(
    graph: GraphBuilder,
    spec: DatasetSpec,
    inputs: Readonly<Record<string, string>>,
    predicted: string,
    difficulty: Difficulty | undefined,
  ): void;
  /** Mean size of each feature's exact contributions over the rows, in the spec's order. */
  contributionSizes(spec: DatasetSpec, explanation: Explanation, table: Table): Float64Array;
  /** What a probe row of the manifest says of its prediction, given as many numbers as the task has. */
  tellProbe(spec: DatasetSpec, predicted: Float64Array): Omit<Manifest["probes"][number], "row">;
  measureUnseen(
    spec: DatasetSpec,
    loaded: OnnxModel,
    rows: readonly HeldOutRow[],
    manifest: ManifestPart,
    random: Random,
  ): Unseen;
}
