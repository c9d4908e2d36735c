// Requests over time: how many by outcome, and how long they took.
import type { LoggedRequest } from "../answers.ts";
import type { Draw } from "../chart.ts";
import { timeAxis } from "./time-axis.ts";

export const outcomes = ["answered", "refused", "failed"] as const;
const tones = ["var(--tone-1)", "var(--tone-2)", "var(--alarm)"];

export interface Bucket {
  readonly from: Date;
  readonly to: Date;
  /** In the order of `outcomes`. */
  readonly counts: readonly number[];
  /** Milliseconds: median and 95th percentile. */
  readonly median: number;
  readonly p95: number;
}

export const outcomeOf = (status: number) => (status >= 500 ? 2 : status >= 400 ? 1 : 0);

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const minute = 60_000;
const widths = [1 / 12, 0.5, 1, 5, 15, 60, 180, 720, 1440, 10_080].map((minutes) => minutes * minute);
const mostBuckets = 60;

/** Spans of equal length, as short as `mostBuckets` allows. Spans without requests are included. */
export function bucketsOf(requests: readonly LoggedRequest[]): {
  readonly width: number;
  readonly buckets: Bucket[];
} {
  const times = requests.map(({ time }) => Date.parse(time));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const width = widths.find((one) => (last - first) / one < mostBuckets) ?? (last - first) / mostBuckets;
  const start = Math.floor(first / width);
  const grouped: LoggedRequest[][] = Array.from({ length: Math.floor(last / width) - start + 1 }, () => []);
  for (const request of requests) grouped[Math.floor(Date.parse(request.time) / width) - start].push(request);
  const buckets = grouped.map((group, at) => {
    const sorted = group.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
    const counts = outcomes.map((_, kind) => group.filter(({ status }) => outcomeOf(status) === kind).length);
    const from = (start + at) * width;
    return {
      from: new Date(from),
      to: new Date(from + width),
      counts,
      median: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
    };
  });
  return { width, buckets };
}

const spanOf = (buckets: readonly Bucket[]): [Date, Date] => [
  buckets[0].from,
  buckets[buckets.length - 1].to,
];

export function drawRate(buckets: readonly Bucket[]): Draw {
  // Stacked here, so each bar is a plain rectangle.
  const bars = buckets.flatMap(({ from, to, counts }) => {
    let below = 0;
    return counts.map((many, kind) => {
      below += many;
      return { from, to, y1: below - many, y2: below, fill: tones[kind] };
    });
  });
  return (plot, width) => ({
    ...{ height: 220, marginLeft: 44, x: timeAxis(spanOf(buckets), width) },
    y: { grid: true, label: "Requests", ticks: 4, tickFormat: "~s" },
    marks: [
      plot.rect(
        bars.filter(({ y1, y2 }) => y2 > y1),
        { x1: "from", x2: "to", y1: "y1", y2: "y2", fill: "fill", inset: 0.5 },
      ),
      plot.ruleY([0], { stroke: "var(--edge)" }),
    ],
    color: { type: "identity" },
  });
}

export function drawLatency(buckets: readonly Bucket[]): Draw {
  const used = buckets.filter(({ counts }) => counts.some((many) => many > 0));
  const middle = ({ from, to }: Bucket) => new Date((from.getTime() + to.getTime()) / 2);
  return (plot, width) => ({
    ...{ height: 220, marginLeft: 44, x: timeAxis(spanOf(buckets), width) },
    y: { grid: true, label: "Milliseconds", ticks: 4, zero: true },
    marks: [
      plot.line(used, { x: middle, y: "p95", stroke: "var(--tone-2)", strokeDasharray: "5 3" }),
      plot.dot(used, { x: middle, y: "p95", fill: "var(--tone-2)", symbol: "square", r: 3 }),
      plot.line(used, { x: middle, y: "median", stroke: "var(--tone-1)", strokeWidth: 2 }),
      plot.dot(used, { x: middle, y: "median", fill: "var(--tone-1)", r: 3 }),
    ],
  });
}
