// The points of a range, with the digits a person would write and as values of their feature: the service's sweep and the page's curve share them.
import { formatDay } from "../dataset/calendar.ts";
import type { NumberFeature } from "../dataset/feature.ts";

/** Steps of a range tell 12 digits: 0.1 and not 0.30000000000000004. */
export const rounded = (value: number) => Number(value.toPrecision(12));

/** A bound of a training range, which is float32: seven digits are all that it means. */
export const shortBound = (bound: number) => Number(bound.toPrecision(7));

/** `steps` (two or more) values from `from` to `to`, both included. */
export function stepsBetween(from: number, to: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, step) => rounded(from + ((to - from) * step) / (steps - 1)));
}

/** Numbers as values that rows of `feature` may carry, each once: whole where it is whole, ISO texts where it is a date. */
export function valuesOf({ as, integer }: NumberFeature, numbers: readonly number[]): (number | string)[] {
  const values = numbers.map((number) => {
    if (as) return formatDay(as === "date" ? Math.round(number) : number, as);
    return integer ? Math.round(number) : number;
  });
  return [...new Set(values)];
}
