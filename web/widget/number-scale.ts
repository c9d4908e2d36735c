// How a number is chosen by hand: the step that makes sense for its range, and the slider that reaches all of it.
import type { NumberFeature } from "#core/dataset/feature.ts";

/** From this ratio of largest to smallest value on, equal slider distances mean equal ratios: small values stay reachable. */
const logarithmicFrom = 100;
const positions = 1000;

export interface NumberScale {
  readonly step: number;
  /** Smallest and largest value that the slider reaches. */
  readonly minimum: number;
  readonly maximum: number;
  /** The native range input: bounds, step and the two mappings between its position and a value. */
  readonly low: number;
  readonly high: number;
  readonly notch: number;
  toPosition(value: number): number;
  toValue(position: number): number;
}

/** Fraction digits that a multiple of `step` can have, as 2 for 0.25. */
export function fractionDigits(step: number): number {
  const [, fraction = ""] = step.toFixed(10).replace(/0+$/, "").split(".");
  return fraction.length;
}

/** The spec's step, else the power of ten that cuts the range into some 1,000 to 10,000 parts, else 1; whole for whole numbers. */
export function stepOf(feature: Pick<NumberFeature, "step" | "minimum" | "maximum" | "integer">): number {
  const { step, minimum, maximum, integer } = feature;
  if (step !== undefined) return step;
  if (minimum === undefined || maximum === undefined) return 1;
  const part = Number((10 ** Math.floor(Math.log10((maximum - minimum) / 1000))).toPrecision(1));
  return integer ? Math.max(1, part) : part;
}

/** The nearest multiple of `step`, without the dust of binary fractions. */
export function snap(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toFixed(fractionDigits(step)));
}

/** The slider of a feature, or undefined where its range is open: a slider needs two ends. */
export function numberScale(feature: NumberFeature): NumberScale | undefined {
  if (feature.minimum === undefined || feature.maximum === undefined) return undefined;
  const step = stepOf(feature);
  const minimum = feature.exclusiveMinimum ? feature.minimum + step : feature.minimum;
  const { maximum } = feature;
  const bounded = (value: number) => Math.min(maximum, Math.max(minimum, value));
  const logarithmic = feature.minimum > 0 && maximum / minimum >= logarithmicFrom;
  if (!logarithmic) {
    return {
      ...{ step, minimum, maximum, low: minimum, high: maximum, notch: step },
      toPosition: bounded,
      toValue: (position) => bounded(snap(position, step)),
    };
  }
  const ratio = Math.log(maximum / minimum);
  return {
    ...{ step, minimum, maximum, low: 0, high: positions, notch: 1 },
    toPosition: (value) => Math.round((Math.log(bounded(value) / minimum) / ratio) * positions),
    toValue: (position) => bounded(snap(minimum * Math.exp((position / positions) * ratio), step)),
  };
}
