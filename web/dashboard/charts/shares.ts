// Two distributions over the same bins: recent requests and the model's held-out rows.
import type { Draw } from "../chart.ts";

export interface Bin {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  /** Shares of all, 0 to 1. */
  readonly now: number;
  readonly before: number;
}

const numberBins = 14;

function sharesOf(values: readonly number[], edges: readonly number[]): number[] {
  const last = edges.length - 2;
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    const at = edges.findIndex((edge) => value < edge) - 1;
    counts[Math.min(last, Math.max(0, at < 0 ? (value < edges[0] ? 0 : last) : at))]++;
  }
  return counts.map((many) => many / Math.max(1, values.length));
}

const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, notation: "compact" });

/** Bins of equal width over both; equal ratios where `logarithmic`, for values above 0. */
export function numberShares(now: readonly number[], before: readonly number[], logarithmic = false): Bin[] {
  const all = [...now, ...before];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const asLog = logarithmic && least > 0;
  const [low, high] = asLog ? [Math.log(least), Math.log(most)] : [least, most];
  const width = (high - low) / numberBins || 1;
  const edges = Array.from({ length: numberBins + 1 }, (_, at) => low + at * width).map((edge) =>
    asLog ? Math.exp(edge) : edge,
  );
  const [own, other] = [sharesOf(now, edges), sharesOf(before, edges)];
  return own.map((share, at) => ({
    ...{ low: at, high: at + 1, now: share, before: other[at] },
    label: short.format(edges[at]),
  }));
}

export function levelShares(
  now: readonly string[],
  before: readonly string[],
  levels: readonly string[],
): Bin[] {
  const of = (values: readonly string[], level: string) =>
    values.filter((value) => value === level).length / Math.max(1, values.length);
  return levels.map((label, at) => ({
    label,
    low: at,
    high: at + 1,
    now: of(now, label),
    before: of(before, label),
  }));
}

/** Total variation distance: 0 for equal distributions, 1 for disjoint ones. */
export function distance(bins: readonly Bin[]): number {
  return bins.reduce((sum, { now, before }) => sum + Math.abs(now - before), 0) / 2;
}

/** The most labels that fit under a narrow chart. */
const mostLabels = 6;

export function drawShares(bins: readonly Bin[], areLevels: boolean): Draw {
  return (plot) => {
    const every = Math.ceil(bins.length / mostLabels);
    const shown = bins.map((_, at) => at).filter((at) => at % every === 0);
    const place = (at: number) => (areLevels ? at + 0.5 : at);
    const percent = (share: number) => share * 100;
    return {
      ...{ height: 170, marginLeft: 34, marginBottom: 30, marginTop: 20 },
      x: {
        ...{ label: null, domain: [0, bins.length], ticks: shown.map(place), tickSize: 3 },
        tickFormat: (at: number) => bins[Math.floor(at)]?.label.slice(0, 10) ?? "",
      },
      y: { grid: true, label: "%", ticks: 3, zero: true },
      marks: [
        plot.rect(bins, {
          x1: "low",
          x2: "high",
          y1: 0,
          y2: ({ now }) => percent(now),
          fill: "var(--band)",
          inset: 1,
        }),
        plot.rect(bins, {
          x1: "low",
          x2: "high",
          y1: 0,
          y2: ({ before }) => percent(before),
          stroke: "var(--tone-1)",
          strokeWidth: 1.5,
          insetLeft: 4,
          insetRight: 4,
        }),
        plot.ruleY([0], { stroke: "var(--edge)" }),
      ],
    };
  };
}
