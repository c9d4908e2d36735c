// A model's outputs for one row as the answer that every runtime gives: price, interval, what was not given, and warnings.
import type { FieldError } from "../api/problem.ts";
import { relationExcess } from "../dataset/number-relations.ts";
import type { Row } from "../dataset/row.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { rangeExcess } from "../dataset/training-range.ts";
import { difficultyOutput, predictionOutput } from "../onnx/outputs.ts";
import { completenessOf } from "./completeness.ts";
import { type Interval, intervalAround } from "./conformal.ts";
import type { Manifest } from "./manifest.ts";
import { absentFeatures, rowWarnings } from "./remarks.ts";

/** What the graph gives for one row. */
export interface Outputs {
  readonly prediction: number;
  /** Undefined for a graph without that output. */
  readonly difficulty: number | undefined;
}

/** What a run of the graph gave, by row. */
export function outputsByRow(
  results: Readonly<Record<string, ArrayLike<number> | undefined>>,
  rows: number,
): Outputs[] {
  const predictions = results[predictionOutput];
  const difficulties = results[difficultyOutput];
  return Array.from({ length: rows }, (_, at) => ({
    prediction: predictions?.[at] ?? Number.NaN,
    difficulty: difficulties?.[at],
  }));
}

export type PriceManifest = Pick<Manifest, "conformal" | "ranges" | "relations">;

export interface Price {
  readonly prediction: number;
  readonly interval: Interval;
  /** Features that the row does not give. */
  readonly missing: string[];
  readonly warnings: FieldError[];
}

/**
 * No row calibrates what lies beyond all of them: a number outside the training range, or the span of what goes with another, widens the
 * band by as much again for each length that it lies outside, up to this.
 */
const mostExcess = 3;

function isUsable({ prediction, difficulty = 1 }: Outputs): boolean {
  return Number.isFinite(prediction) && Number.isFinite(difficulty) && difficulty >= 0;
}

/** The interval of a checked row, given what it lacks; undefined where the model gives no finite number. */
export function intervalOf(
  spec: DatasetSpec,
  { conformal, ranges, relations = [] }: PriceManifest,
  row: Row,
  outputs: Outputs,
  coverage: number,
): Interval | undefined {
  if (!isUsable(outputs) || conformal.kind === "sets") return undefined;
  const { prediction, difficulty = 1 } = outputs;
  let [optional, absent] = [0, 0];
  for (const { name, required } of spec.features) {
    if (!required) optional++;
    if (row[name] === undefined) absent++;
  }
  const stretch =
    1 + Math.min(mostExcess, Math.max(rangeExcess(ranges, row), relationExcess(relations, row)));
  const completeness = completenessOf(absent, optional);
  const estimate = { prediction, difficulty: difficulty * stretch, completeness };
  return intervalAround(conformal, spec.target, estimate, coverage);
}

/** The answer for a checked row; undefined where the model gives no finite number. */
export function describePrice(
  spec: DatasetSpec,
  manifest: PriceManifest,
  row: Row,
  outputs: Outputs,
  coverage: number,
): Price | undefined {
  const interval = intervalOf(spec, manifest, row, outputs, coverage);
  if (!interval) return undefined;
  const warnings = rowWarnings(manifest, row);
  if (interval.coverage < coverage) {
    const detail = `the model was calibrated on too few rows for an interval of ${coverage}: it holds ${interval.coverage}`;
    warnings.push({ pointer: "", detail });
  }
  return { prediction: outputs.prediction, interval, missing: absentFeatures(spec, row), warnings };
}
