// Numbers beside the main one, as deviations from what is expected of a thing of this size and these levels: so a missing one
// can be left out at no cost, and a price without it rests on what is known.
import type { NumberFeature } from "#core/dataset/feature.ts";
import type { NumberColumn } from "#core/dataset/table.ts";
import { clip, dot, onScale } from "#core/linear/design-rows.ts";
import type { OtherNumber } from "#core/linear/linear-design.ts";
import { type Design, fitCoefficients } from "./least-squares.ts";
import { learnScale } from "./main-number.ts";
import { weightedDeviation, weightedMean, weightedQuantiles } from "./statistics.ts";

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
  const coefficients = fitCoefficients(plain, filled, known);
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
    expected: [...coefficients],
    deviation,
    low,
    high,
    meanSquare: weightedMean(squares, weights),
    indicator: missing >= settings.leastSupport,
  };
}
