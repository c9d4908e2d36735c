// The champion gate: a challenger is promoted only when it is surely better on the same held-out rows.
import * as z from "zod";
import { InputError } from "../api/problem.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { Table } from "../dataset/table.ts";
import { taskOf } from "../tasks/index.ts";
import type { MainMetric } from "../tasks/task.ts";
import { type BootstrapOptions, bootstrapMean } from "./paired-bootstrap.ts";

const Pair = { champion: z.number(), challenger: z.number() };

/** Mean errors, in the target's unit or as log loss; differences are challenger minus champion, so that below zero is better. */
export const Verdict = z.object({
  promote: z.boolean(),
  rows: z.int().min(1),
  /** Of amounts; models of classes have a log loss in its place. */
  meanAbsoluteError: z.object(Pair).optional(),
  logLoss: z.object(Pair).optional(),
  difference: z.number(),
  interval: z.object({ low: z.number(), high: z.number(), confidence: z.number().gt(0).lt(1) }),
  resamples: z.int().min(1),
});
export type Verdict = z.infer<typeof Verdict>;

export const GateReport = Verdict.extend({
  segments: z
    .array(z.object({ feature: z.string(), level: z.string(), rows: z.int().min(1), ...Pair }))
    .max(2000),
});
export type GateReport = z.infer<typeof GateReport>;

export interface Duel {
  readonly spec: DatasetSpec;
  /** The held-out rows; both models answered for all of them. */
  readonly table: Table;
  readonly actual: ArrayLike<number>;
  readonly champion: ArrayLike<number>;
  readonly challenger: ArrayLike<number>;
}

function errorsOf(name: string, { spec, actual, table }: Duel, predicted: ArrayLike<number>): Float64Array {
  const task = taskOf(spec);
  const width = task.width(spec);
  if (actual.length !== table.rows || predicted.length !== table.rows * width)
    throw new InputError(
      `${name}: expected one prediction and one answer a held-out row, ${table.rows * width}; got ${predicted.length}`,
    );
  const errors = task.errors(spec, actual, predicted);
  const bad = errors.findIndex((error) => !Number.isFinite(error));
  if (bad >= 0)
    throw new InputError(
      `${name}: expected finite predictions; row ${bad} has ${predicted[bad * width]} for ${actual[bad]}`,
    );
  return errors;
}

/** Segments of a report; beyond it those with the fewest rows are left out, so that a report fits into a request. */
const mostSegments = 300;

/** The `mostSegments` largest, in their own order. */
function largest<T extends { readonly rows: number }>(segments: readonly T[]): T[] {
  if (segments.length <= mostSegments) return [...segments];
  const kept = new Set([...segments].sort((a, b) => b.rows - a.rows).slice(0, mostSegments));
  return segments.filter((segment) => kept.has(segment));
}

function meanBySegment(spec: DatasetSpec, table: Table, champion: Float64Array, challenger: Float64Array) {
  return spec.features.flatMap((feature) => {
    if (feature.type !== "category") return [];
    const sums = feature.levels.map((level) => ({ level, rows: 0, champion: 0, challenger: 0 }));
    table.columns[feature.name].forEach((code, row) => {
      if (code < 0) return;
      sums[code].rows++;
      sums[code].champion += champion[row];
      sums[code].challenger += challenger[row];
    });
    return sums
      .filter(({ rows }) => rows > 0)
      .map(({ level, rows, ...sum }) => ({
        feature: feature.name,
        level,
        rows,
        champion: sum.champion / rows,
        challenger: sum.challenger / rows,
      }));
  });
}

/** What both models' errors come to, whichever metric they are. */
export function comparedErrors({ meanAbsoluteError, logLoss }: Verdict): {
  champion: number;
  challenger: number;
} {
  return meanAbsoluteError ?? logLoss ?? { champion: Number.NaN, challenger: Number.NaN };
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The verdict on errors, one a row and both in one order; the challenger is promoted when the whole interval of the
 * difference lies below zero. Equal models are not promoted. Throws RangeError for no rows or errors that are not finite.
 */
export function judgeErrors(
  champion: Float64Array,
  challenger: Float64Array,
  options: BootstrapOptions & { readonly metric?: MainMetric["name"] },
): Verdict {
  const differences = challenger.map((error, i) => error - champion[i]);
  const { mean, low, high, confidence, resamples } = bootstrapMean(differences, options);
  return {
    promote: high < 0,
    rows: champion.length,
    [options.metric ?? "meanAbsoluteError"]: { champion: meanOf(champion), challenger: meanOf(challenger) },
    difference: mean,
    interval: { low, high, confidence },
    resamples,
  };
}

/** Compares both models row by row, and by level. Throws InputError where a prediction is missing or not finite. */
export function judgeChallenger(duel: Duel, options: BootstrapOptions): GateReport {
  const champion = errorsOf("champion", duel, duel.champion);
  const challenger = errorsOf("challenger", duel, duel.challenger);
  return {
    ...judgeErrors(champion, challenger, { ...options, metric: taskOf(duel.spec).mainMetric.name }),
    segments: largest(meanBySegment(duel.spec, duel.table, champion, challenger)),
  };
}
