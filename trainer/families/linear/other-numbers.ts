// Numbers beside the main one, as deviations from what is expected of a thing of this size and these levels: so a missing one
// can be left out at no cost, and a price without it rests on what is known.
import type { NumberFeature } from "#core/dataset/spec.ts";
import type { NumberColumn } from "#core/dataset/table.ts";
import { type Design, leastSquares } from "./least-squares.ts";
import { learnScale, onScale, type Scale } from "./main-number.ts";
import { weightedDeviation, weightedMean, weightedQuantiles } from "./statistics.ts";

export interface OtherNumber {
  readonly feature: string;
  readonly scale: Scale;
  /** What is expected, as coefficients of the plain columns: 1, the main number's first three powers, the levels. */
  readonly expected: Float64Array;
  readonly deviation: number;
  /** Standardised deviations are cut to this range: a typing error must not move the price beyond what was ever seen. */
  readonly low: number;
  readonly high: number;
  /** Mean of the squared standardised deviation: taken off its square, so that a missing number is an average one. */
  readonly meanSquare: number;
  /** Whether enough training rows miss it to learn what that means. */
  readonly indicator: boolean;
}

const cut = [0.005, 0.995] as const;
/** A deviation this small against the number's own spread is rounding: the number follows from the others. */
const determined = 1e-7;

/** Learns how `column` deviates from `plain`'s columns; undefined where it does not. */
export function learnOtherNumber(
  feature: NumberFeature,
  column: NumberColumn,
  weights: Float64Array,
  plain: Design,
  settings: { readonly numbers: "log" | "raw"; readonly leastSupport: number },
): OtherNumber | undefined {
  const scale = learnScale(feature, column, settings.numbers);
  const values = Float64Array.from(column, (value) => onScale(scale, value));
  const known = weights.map((weight, index) => (Number.isNaN(values[index]) ? 0 : weight));
  const filled = values.map((value) => (Number.isNaN(value) ? 0 : value));
  const { coefficients } = leastSquares(plain, filled, known, "gram");
  const row = new Float64Array(plain.columns);
  const rests = values.map((value, index) => {
    plain.writeRow(index, row);
    return value - dot(row, coefficients, plain.columns);
  });
  const deviation = weightedDeviation(rests, weights);
  if (!(deviation > determined * (weightedDeviation(values, weights) || 1))) return undefined;
  const [low, high] = weightedQuantiles(rests, weights, cut).map((value) => value / deviation);
  const squares = rests.map((rest) => clip(rest / deviation, low, high) ** 2);
  let missing = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) missing += weights[i];
  return {
    feature: feature.name,
    scale,
    expected: coefficients,
    deviation,
    low,
    high,
    meanSquare: weightedMean(squares, weights),
    indicator: missing >= settings.leastSupport,
  };
}

export function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

export function dot(left: Float64Array, right: Float64Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += left[i] * right[i];
  return sum;
}

/** The standardised deviation of a value from what the plain columns let expect; 0 where it is missing. */
export function deviationOf(other: OtherNumber, value: number, plain: Float64Array): number {
  if (Number.isNaN(value)) return 0;
  const rest = onScale(other.scale, value) - dot(plain, other.expected, other.expected.length);
  return clip(rest / other.deviation, other.low, other.high);
}
