// How far a challenger's prices are from the champion's, over many rows: mean, quantiles, and the rows where they part most.
import * as z from "zod";
import { quantileOf } from "./quantile.ts";

export const quantileNames = { p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95 } as const;

const Spread = z.object({
  mean: z.number(),
  meanAbsolute: z.number(),
  quantiles: z.object({
    ...{ p05: z.number(), p25: z.number(), p50: z.number(), p75: z.number(), p95: z.number() },
  }),
});

export const PriceDifferences = z.object({
  /** Challenger minus champion, in the target's unit. */
  difference: Spread,
  /** The same as a share of the champion's price; null where none of those differs from 0. */
  relative: Spread.nullable(),
});
export type PriceDifferences = z.infer<typeof PriceDifferences>;

export interface PricePair {
  readonly champion: number;
  readonly challenger: number;
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function spreadOf(values: readonly number[]): z.infer<typeof Spread> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (name: keyof typeof quantileNames) => quantileOf(sorted, quantileNames[name]);
  return {
    mean: meanOf(values),
    meanAbsolute: meanOf(values.map(Math.abs)),
    quantiles: { p05: at("p05"), p25: at("p25"), p50: at("p50"), p75: at("p75"), p95: at("p95") },
  };
}

/** As a share of the champion's price; undefined where that is 0. */
export function relativeShift({ champion, challenger }: PricePair): number | undefined {
  return champion === 0 ? undefined : (challenger - champion) / Math.abs(champion);
}

/** Undefined for no pairs. */
export function summariseDifferences(pairs: readonly PricePair[]): PriceDifferences | undefined {
  if (pairs.length === 0) return undefined;
  const shifts = pairs.map(relativeShift).filter((shift) => shift !== undefined);
  return {
    difference: spreadOf(pairs.map(({ champion, challenger }) => challenger - champion)),
    relative: shifts.length === 0 ? null : spreadOf(shifts),
  };
}

/** The `count` pairs that are furthest apart, by share where both have one, the furthest first. */
export function furthestApart<T extends PricePair>(pairs: readonly T[], count: number): T[] {
  const distance = (pair: T) => Math.abs(relativeShift(pair) ?? Number.POSITIVE_INFINITY);
  const apart = pairs.filter(({ champion, challenger }) => champion !== challenger);
  return apart.sort((a, b) => distance(b) - distance(a)).slice(0, count);
}
