// What varies in a sweep: one feature or two, over levels, given values, or a range in steps; the points are their combinations.
import * as z from "zod";
import type { Feature, NumberFeature } from "../dataset/feature.ts";
import { checkRow, type Row } from "../dataset/row.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { TrainingRanges } from "../dataset/training-range.ts";
import { Interval, PricedBy } from "./prices.ts";
import { type FieldError, InputError, quoted } from "./problem.ts";
import { FieldErrors } from "./problem-document.ts";
import { rounded, shortBound, stepsBetween, valuesOf } from "./range-steps.ts";

/** How one feature varies: `values` for either type, or for a number the range `from` to `to` in `steps` points. */
export const Axis = z.strictObject({
  feature: z.string().max(64),
  values: z
    .array(z.union([z.number(), z.string().max(200)]))
    .min(1)
    .optional(),
  from: z.number().optional(),
  to: z.number().optional(),
  steps: z.int().min(2).optional(),
});

/** The body of a sweep: features that vary may be left out of the row. */
export const Sweep = z.strictObject({
  row: z.record(z.string(), z.unknown()),
  vary: z.array(Axis).min(1).max(2),
});

export type Axis = z.infer<typeof Axis>;
export type Sweep = z.infer<typeof Sweep>;

export interface SweepLimits {
  readonly points: number;
  readonly defaultSteps: number;
}

type Value = number | string;

export interface PlannedAxis {
  readonly feature: string;
  readonly unit: string | null;
  readonly values: Value[];
}

export interface SweepPlan {
  readonly axes: readonly PlannedAxis[];
  /** A checked row a point, the last axis varying fastest. */
  readonly rows: readonly Row[];
}

const fault = (at: number, field: string, detail: string): FieldError => ({
  pointer: `/vary/${at}/${field}`,
  detail,
});

function rangeValues(
  axis: Axis,
  feature: NumberFeature,
  at: number,
  ranges: TrainingRanges,
  limits: SweepLimits,
): Value[] {
  const trained = ranges[feature.name];
  const [least, most] = [trained?.minimum, trained?.maximum].map((bound) => bound && shortBound(bound));
  const [from, to] = [axis.from ?? least, axis.to ?? most];
  if (from === undefined || to === undefined)
    throw new InputError([
      fault(at, from === undefined ? "from" : "to", "required: the model knows no range"),
    ]);
  if (!(from < to))
    throw new InputError([fault(at, "to", `expected more than from, ${rounded(from)}; got ${rounded(to)}`)]);
  const steps = axis.steps ?? limits.defaultSteps;
  if (steps > limits.points)
    throw new InputError([fault(at, "steps", `expected at most ${limits.points}; got ${steps}`)]);
  return valuesOf(feature, stepsBetween(from, to, steps));
}

function axisValues(
  axis: Axis,
  feature: Feature,
  at: number,
  ranges: TrainingRanges,
  limits: SweepLimits,
): Value[] {
  const ranged = (["from", "to", "steps"] as const).find((name) => axis[name] !== undefined);
  if (ranged && (axis.values || feature.type === "category")) {
    const reason = axis.values ? "values are given" : `${feature.name} has levels`;
    throw new InputError([fault(at, ranged, `expected nothing, since ${reason}`)]);
  }
  if (axis.values) return axis.values;
  return feature.type === "category" ? feature.levels : rangeValues(axis, feature, at, ranges, limits);
}

function planAxis(
  spec: DatasetSpec,
  axis: Axis,
  at: number,
  ranges: TrainingRanges,
  limits: SweepLimits,
): PlannedAxis {
  const feature = spec.features.find(({ name }) => name === axis.feature);
  if (!feature) {
    const names = spec.features.map(({ name }) => name).join(", ");
    throw new InputError([fault(at, "feature", `expected one of ${names}; got ${quoted(axis.feature)}`)]);
  }
  const unit = feature.type === "number" ? (feature.unit ?? null) : null;
  return { feature: feature.name, unit, values: axisValues(axis, feature, at, ranges, limits) };
}

/** A fault of a point's row as a fault of the request: one of a varied feature belongs to its axis. */
function relocate({ pointer, detail }: FieldError, axes: readonly PlannedAxis[]): FieldError {
  const at = axes.findIndex(({ feature }) => pointer === `/${feature}`);
  return at < 0 ? { pointer: `/row${pointer}`, detail } : { pointer: `/vary/${at}`, detail };
}

/** The points of a sweep. Throws InputError naming the axis or the field of the row; nothing is made of more points than allowed. */
export function planSweep(
  spec: DatasetSpec,
  sweep: Sweep,
  ranges: TrainingRanges,
  limits: SweepLimits,
): SweepPlan {
  const axes = sweep.vary.map((axis, at) => planAxis(spec, axis, at, ranges, limits));
  if (new Set(axes.map(({ feature }) => feature)).size < axes.length)
    throw new InputError([fault(1, "feature", "expected another feature than the first")]);
  const points = axes.reduce((product, { values }) => product * values.length, 1);
  if (points > limits.points)
    throw new InputError([
      { pointer: "/vary", detail: `expected at most ${limits.points} points; got ${points}` },
    ]);
  const combinations = axes.reduce<Value[][]>(
    (all, { values }) => all.flatMap((one) => values.map((value) => [...one, value])),
    [[]],
  );
  try {
    const rows = combinations.map((values) =>
      checkRow(spec, {
        ...sweep.row,
        ...Object.fromEntries(axes.map(({ feature }, at) => [feature, values[at]])),
      }),
    );
    return { axes, rows };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.errors.map((one) => relocate(one, axes)));
  }
}

const Value = z.union([z.number(), z.string()]);

export const SweepAnswer = z.object({
  id: z.string(),
  unit: z.string(),
  model: PricedBy,
  axes: z.array(z.object({ feature: z.string(), unit: z.string().nullable(), values: z.array(Value) })),
  missing: z.array(z.string()),
  /** In the order of the axes' values, those of the last axis varying fastest. */
  points: z.array(
    z.object({
      /** The value on each axis. */
      at: z.array(Value),
      prediction: z.number(),
      interval: Interval,
      warnings: FieldErrors,
    }),
  ),
});
