// Gauss-Legendre quadrature on [0, 1]: exact for polynomials, which is what makes linear-time TreeSHAP exact.

export interface Quadrature {
  /** Rising positions in (0, 1). */
  readonly nodes: Float64Array;
  /** Positive, summing to 1. */
  readonly weights: Float64Array;
}

/** The rule of `count` nodes: exact up to degree 2 * count - 1. Nodes are the roots of a Legendre polynomial, by Newton's method. */
export function gaussLegendre(count: number): Quadrature {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    // Tricomi's start is close enough for Newton to find the k-th root and no other.
    let x = cosine((k + 0.75) / (count + 0.5));
    let slope = 0;
    for (let step = 0; step < 100; step++) {
      const { value, derivative } = legendre(count, x);
      slope = derivative;
      const change = value / derivative;
      x -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    slope = legendre(count, x).derivative;
    nodes[count - 1 - k] = (1 + x) / 2;
    weights[count - 1 - k] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** cos(pi u) for u in [0, 1], by its series: the last digit of Math.cos is left to the engine, and explanations must not depend on it. */
function cosine(u: number): number {
  if (u > 0.5) return -cosine(1 - u);
  const square = (Math.PI * u) ** 2;
  let sum = 1;
  for (let n = 24; n >= 2; n -= 2) sum = 1 - (sum * square) / (n * (n - 1));
  return sum;
}

/** The Legendre polynomial of degree n at x, by Bonnet's recursion. */
function legendre(n: number, x: number): { value: number; derivative: number } {
  let before = 1;
  let value = x;
  for (let k = 2; k <= n; k++) {
    const next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
    before = value;
    value = next;
  }
  return { value, derivative: (n * (x * value - before)) / (x * x - 1) };
}
