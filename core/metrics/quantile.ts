// Quantiles of sorted values.

/** The value below which a share `q` of `sorted` lies, interpolated between neighbours; `sorted` is ascending and not empty. */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
