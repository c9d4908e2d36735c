// What the group around an asked row costs: so that a few cheap items cannot pass for the market.
import { quantileOf } from "#core/metrics/quantile.ts";

interface Member {
  readonly near: number | null;
  readonly target: number | null;
}

/** Over the nearest items with the same match levels that have a target. */
export interface Spread {
  readonly count: number;
  /** The span of the number that the spec compares; null where it compares none. */
  readonly nearest: { readonly low: number; readonly high: number } | null;
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/** Null for a group of which no target is known. */
export function spreadOf(members: readonly Member[]): Spread | null {
  const known = members.filter((member): member is Member & { target: number } => member.target !== null);
  if (known.length === 0) return null;
  const targets = Float64Array.from(known, ({ target }) => target).sort();
  const near = known.flatMap((member) => member.near ?? []);
  return {
    count: known.length,
    nearest: near.length > 0 ? { low: Math.min(...near), high: Math.max(...near) } : null,
    median: quantileOf(targets, 0.5),
    lowerQuartile: quantileOf(targets, 0.25),
    upperQuartile: quantileOf(targets, 0.75),
  };
}
