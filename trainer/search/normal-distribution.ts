// The normal distribution in logarithms, exact in the tails: what truncated kernels are made of.

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Logarithm of the standard normal density. */
export function logDensity(x: number): number {
  return -0.5 * x * x - logRootTwoPi;
}

/** Phi(x) - 1/2 for moderate x: the series of NIST DLMF 7.6.2, whose terms all have one sign. */
function centralMass(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > Math.abs(sum) * 1e-17; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return sum * Math.exp(logDensity(x));
}

/** Mills' ratio (1 - Phi(x)) / phi(x) for large x: Laplace's continued fraction, NIST DLMF 7.9.2, from the inside out. */
function millsRatio(x: number): number {
  let fraction = x;
  for (let k = Math.ceil(20 + 400 / (x * x)); k >= 1; k--) fraction = x + k / fraction;
  return 1 / fraction;
}

/** Where the series gives way to the continued fraction. */
const tail = 2.5;

/** Logarithm of Phi(x), the share of a standard normal variable at or below x. */
export function logCumulative(x: number): number {
  if (x < -tail) return logDensity(x) + Math.log(millsRatio(-x));
  if (x > tail) return Math.log1p(-Math.exp(logDensity(x)) * millsRatio(x));
  return Math.log(0.5 + centralMass(x));
}

/** Logarithm of the share between `low` and `high`; -Infinity where the interval is empty. */
export function logMass(low: number, high: number): number {
  if (!(low < high)) return Number.NEGATIVE_INFINITY;
  // The left tail keeps its digits where the right one loses them.
  if (low > 0) return logMass(-high, -low);
  if (high <= 0) {
    const upper = logCumulative(high);
    return upper + Math.log(-Math.expm1(logCumulative(low) - upper));
  }
  return Math.log1p(-Math.exp(logCumulative(low)) - Math.exp(logCumulative(-high)));
}

/** x with log Phi(x) = y, for y < 0: Newton's method in logarithms. */
function inverseLogCumulative(y: number): number {
  if (y > -Math.LN2) return -inverseLogCumulative(Math.log(-Math.expm1(y)));
  // Far out log Phi is nearly -x*x/2; near the middle the logistic function with the same variance is close.
  let x = y < -5 ? -Math.sqrt(-2 * (y + logRootTwoPi)) : -(Math.sqrt(3) / Math.PI) * Math.log(Math.expm1(-y));
  for (let i = 0; i < 50; i++) {
    const log = logCumulative(x);
    const step = (log - y) * Math.exp(log - logDensity(x));
    x -= step;
    if (Math.abs(step) <= 1e-10 * Math.max(Math.abs(x), 1e-10)) break;
  }
  return x;
}

/** The value below which a share `quantile` of a standard normal variable truncated to [low, high] lies. */
export function truncatedQuantile(quantile: number, low: number, high: number): number {
  if (low > 0) return -truncatedQuantile(1 - quantile, -high, -low);
  if (quantile <= 0) return low;
  if (quantile >= 1) return high;
  const below = logCumulative(low);
  const within = Math.log(quantile) + logMass(low, high);
  const larger = Math.max(below, within);
  const total = larger + Math.log(Math.exp(below - larger) + Math.exp(within - larger));
  return Math.min(high, Math.max(low, inverseLogCumulative(Math.min(total, -Number.MIN_VALUE))));
}
