// What a page may say in attributes, read as HTML does: an unknown value means the default.

/** Bounds of the coverage that the service answers (see its description of `coverage`). */
const coverages = { least: 0.5, most: 0.99 } as const;
const mostComparables = 10;

export const sizes = ["compact", "normal", "wide"] as const;
export type Size = (typeof sizes)[number];
export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** Tiles of a map service, as a page may name them. */
export interface MapTiles {
  /** An address with {z}, {x} and {y} in it. */
  readonly template: string;
  /** Whose map it is, which most services want to be said. */
  readonly credit: string;
}

/** One of `allowed`, else its first. */
export function oneOf<T extends string>(allowed: readonly T[], value: unknown, fallback: T): T {
  return allowed.includes(value as T) ? (value as T) : fallback;
}

/** A share between the bounds, or undefined for the service's default. */
export function readCoverage(value: string | number | null | undefined): number | undefined {
  const share = Number(value || Number.NaN);
  return share >= coverages.least && share <= coverages.most ? share : undefined;
}

/** How many comparables to show: a whole number up to ten, or `fallback`. */
export function readCount(value: string | number | null | undefined, fallback: number): number {
  if (value === null || value === undefined || value === "") return fallback;
  const count = Number(value);
  return Number.isInteger(count) && count >= 0 ? Math.min(count, mostComparables) : fallback;
}

/** The tiles of a page's map; undefined where the address is none of such, and the plots then ask nobody. */
export function readTiles(
  template: string | null | undefined,
  credit: string | null | undefined,
): MapTiles | undefined {
  const isAddress = /^(https:\/\/|\/(?!\/))/.test(template ?? "");
  const isTemplate = ["{z}", "{x}", "{y}"].every((mark) => template?.includes(mark));
  return template && isAddress && isTemplate ? { template, credit: credit ?? "" } : undefined;
}
