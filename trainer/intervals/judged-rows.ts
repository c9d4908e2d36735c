// Held-out rows that calibrated nothing, as they are and with optional features hidden, priced by the exported bytes.
import { defaultCoverage, type Interval } from "#core/bundle/conformal.ts";
import type { Manifest } from "#core/bundle/manifest.ts";
import { intervalOf, type Outputs, outputsByRow, type PriceManifest } from "#core/bundle/price.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import type { OnnxModel } from "#core/onnx/model.ts";
import type { Random } from "../random.ts";
import { bareRow, copyPartially, rowCompleteness } from "./partial-copies.ts";

export interface JudgedRows {
  readonly given: NonNullable<Manifest["metrics"]["intervals"]>[number]["given"];
  readonly rows: readonly Row[];
  readonly actual: ArrayLike<number>;
  readonly outputs: readonly Outputs[];
}

export interface HeldOutRow {
  readonly features: Row;
  readonly target: number;
}

/** The rows as they are, and where features are optional the same rows with some of them hidden, and with all. */
export function judgeRows(
  spec: DatasetSpec,
  model: OnnxModel,
  heldOut: readonly HeldOutRow[],
  random: Random,
): JudgedRows[] {
  const judge = (given: JudgedRows["given"], rows: readonly Row[], sources: ArrayLike<number>) => ({
    ...{ given, rows },
    actual: Float64Array.from(sources, (source) => heldOut[source].target),
    outputs: outputsByRow(model.run(feedsOf(spec, rows), rows.length), rows.length),
  });
  const rows = heldOut.map(({ features }) => features);
  const every = Array.from(rows.keys());
  const copies = copyPartially(spec, rows, random);
  const partial = Array.from(copies.rows.keys()).filter(
    (at) => rowCompleteness(spec, copies.rows[at]) === "partial",
  );
  const sets = [
    judge("as they are", rows, every),
    judge(
      "partial",
      partial.map((at) => copies.rows[at]),
      partial.map((at) => copies.sources[at]),
    ),
    judge(
      "required",
      spec.features.every(({ required }) => required) ? [] : rows.map((row) => bareRow(spec, row)),
      spec.features.every(({ required }) => required) ? [] : every,
    ),
  ];
  return sets.filter((set) => set.rows.length > 0);
}

/** The interval of every row. Throws RangeError where the model gives no finite price. */
export function intervalsOf(
  spec: DatasetSpec,
  manifest: PriceManifest,
  { rows, outputs }: Pick<JudgedRows, "rows" | "outputs">,
  coverage: number,
): Interval[] {
  return rows.map((row, at) => {
    const interval = intervalOf(spec, manifest, row, outputs[at], coverage);
    if (!interval) throw new RangeError(`held-out row ${at}: the model gives ${outputs[at].prediction}`);
    return interval;
  });
}

export interface Coverage {
  readonly rows: number;
  readonly within: number;
  /** Of the intervals, in the target's unit. */
  readonly meanWidth: number;
  readonly intervalScore: number;
}

/** How the intervals of the rows at `chosen` (at least one) do, at the coverage that was promised. */
export function measureCoverage(
  intervals: readonly Interval[],
  actual: ArrayLike<number>,
  chosen: ArrayLike<number>,
  coverage: number,
): Coverage {
  let [within, width, outside] = [0, 0, 0];
  for (let i = 0; i < chosen.length; i++) {
    const { low, high } = intervals[chosen[i]];
    const value = actual[chosen[i]];
    const beyond = Math.max(0, low - value, value - high);
    if (beyond === 0) within++;
    width += high - low;
    outside += beyond;
  }
  const rows = chosen.length;
  return {
    rows,
    within: within / rows,
    meanWidth: width / rows,
    intervalScore: (width + (2 / (1 - coverage)) * outside) / rows,
  };
}

/** What the manifest says of the intervals at the coverage that callers get unasked. */
export function measureIntervals(
  spec: DatasetSpec,
  manifest: PriceManifest,
  sets: readonly JudgedRows[],
): NonNullable<Manifest["metrics"]["intervals"]> {
  return sets.map((set) => {
    const intervals = intervalsOf(spec, manifest, set, defaultCoverage);
    const every = Array.from(set.rows.keys());
    const measured = measureCoverage(intervals, set.actual, every, defaultCoverage);
    return { given: set.given, coverage: defaultCoverage, ...measured };
  });
}
