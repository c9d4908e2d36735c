// The points of a range in equal steps, with the digits a person would write: the service's sweep and the page's curve share them.

/** Steps of a range tell 12 digits: 0.1 and not 0.30000000000000004. */
export const rounded = (value: number) => Number(value.toPrecision(12));

/** A bound of a training range, which is float32: seven digits are all that it means. */
export const shortBound = (bound: number) => Number(bound.toPrecision(7));

/** `steps` (two or more) values from `from` to `to`, both included. */
export function stepsBetween(from: number, to: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, step) => rounded(from + ((to - from) * step) / (steps - 1)));
}

/** `steps` values over a training range. */
export function rangeSteps(minimum: number, maximum: number, steps: number): number[] {
  return stepsBetween(shortBound(minimum), shortBound(maximum), steps);
}
