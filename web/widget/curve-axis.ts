// Along what a curve is drawn: the levels, or the training range of a number, widened to hold the present value.

import { stepsBetween, valuesOf } from "#core/api/range-steps.ts";
import type { Feature, NumberFeature } from "#core/dataset/feature.ts";
import { numberOf } from "#core/dataset/feature-value.ts";
import type { Along } from "../engines/engine.ts";
import type { Value } from "./form-values.ts";

/** Points of a curve over a number: enough for a smooth line on a phone, few enough for one quick answer. */
const steps = 65;
/** The axis is logarithmic where nine in ten rows fill less than this share of a linear one ... */
const crowded = 0.5;
/** ... and so many times more of a logarithmic one. */
const relief = 1.25;

export interface CurveAxis {
  readonly along: Along;
  readonly logarithmic: boolean;
}

/** Whether most rows crowd at one end of a linear axis; `quantiles` are those of the manifest (quantileShares). */
export function isSkewed(quantiles: readonly number[]): boolean {
  const [least, low, , , , high, most] = quantiles;
  if (!(least > 0 && most > least)) return false;
  const linear = (high - low) / (most - least);
  const logarithmic = Math.log(high / low) / Math.log(most / least);
  return linear < crowded && logarithmic > relief * linear;
}

/** A bound beyond `value` in two digits, so that dragging on does not move the axis with every pixel; never beyond the spec's own. */
function beyond(
  value: number,
  side: -1 | 1,
  { minimum = -Infinity, maximum = Infinity }: NumberFeature,
): number {
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) - 1);
  const wide = (side > 0 ? Math.ceil(value / step) : Math.floor(value / step)) * step;
  return wide > minimum && wide < maximum ? Number(wide.toPrecision(6)) : value;
}

/** Without quantiles, as bundles of earlier trainers have none, the engine chooses the values. */
export function curveAxis(
  feature: Feature,
  quantiles: readonly number[] | undefined,
  value: Value,
): CurveAxis {
  if (feature.type === "category") return { along: feature.levels, logarithmic: false };
  if (!quantiles) return { along: steps, logarithmic: false };
  let [low, high] = [quantiles[0], quantiles[quantiles.length - 1]];
  const present = typeof value === "boolean" ? Number.NaN : numberOf(feature, value);
  if (present < low) low = beyond(present, -1, feature);
  if (present > high) high = beyond(present, 1, feature);
  const logarithmic = !feature.as && low > 0 && isSkewed(quantiles);
  const numbers = logarithmic
    ? stepsBetween(Math.log(low), Math.log(high), steps).map((power, at) =>
        at === 0 ? low : at === steps - 1 ? high : Number(Math.exp(power).toPrecision(6)),
      )
    : stepsBetween(low, high, steps);
  return { along: valuesOf(feature, numbers), logarithmic };
}
