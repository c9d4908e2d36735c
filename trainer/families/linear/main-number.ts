// The number that moves the price most (the spec names it), as a curve: a spline or powers of its logarithm or of itself.

import type { NumberFeature } from "#core/dataset/feature.ts";
import type { NumberColumn } from "#core/dataset/table.ts";
import { onScale } from "#core/linear/design-rows.ts";
import type { MainNumber, Scale } from "#core/linear/linear-design.ts";
import { weightedDeviation, weightedMean, weightedQuantiles } from "./statistics.ts";

/** A logarithm is taken where the spec says that the number is not negative; zeros then count as the smallest positive training value. */
export function learnScale(feature: NumberFeature, column: NumberColumn, wanted: "log" | "raw"): Scale {
  if (wanted === "raw" || !(feature.minimum !== undefined && feature.minimum >= 0))
    return { log: false, floor: 0 };
  let floor = Number.POSITIVE_INFINITY;
  for (const value of column) if (value > 0 && value < floor) floor = value;
  return Number.isFinite(floor) ? { log: true, floor } : { log: false, floor: 0 };
}

/** Shares of the rows below the knots: evenly spread, and two in the tail, where few rows hold the highest prices. */
function knotShares(count: number): number[] {
  if (count === 0) return [];
  const even = Array.from({ length: count }, (_, index) => (index + 1) / (count + 1));
  return [...even, 0.98, 0.995];
}

export function learnMainNumber(
  feature: NumberFeature,
  column: NumberColumn,
  weights: Float64Array,
  settings: { readonly numbers: "log" | "raw"; readonly powers: number; readonly knots: number },
): MainNumber {
  const scale = learnScale(feature, column, settings.numbers);
  const values = Float64Array.from(column, (value) => onScale(scale, value));
  const center = weightedMean(values, weights);
  for (let i = 0; i < values.length; i++) values[i] -= center;
  const [low, high] = weightedQuantiles(values, weights, [0, 1]);
  const knots = [...new Set(weightedQuantiles(values, weights, knotShares(settings.knots)))].filter(
    (knot) => knot > low && knot < high,
  );
  const label = scale.log ? `log ${feature.name}` : feature.name;
  const names = [
    ...Array.from({ length: settings.powers }, (_, index) =>
      index === 0 ? label : `(${label})^${index + 1}`,
    ),
    ...knots.map((knot) => `(${label} above ${Number((knot + center).toPrecision(4))})`),
  ];
  return {
    feature: feature.name,
    scale,
    center,
    low,
    high,
    deviation: weightedDeviation(values, weights),
    powers: settings.powers,
    knots,
    expectationPowers: knots.length > 0 ? Math.max(3, settings.powers) : settings.powers,
    names,
  };
}
