// Two models side by side, as text for people.
import type { Comparison } from "#core/metrics/model-comparison.ts";
import { type Column, layTable } from "./text-table.ts";

const left = (title: string): Column => ({ title, align: "left" });
const right = (title: string): Column => ({ title, align: "right" });

const figure = (value: number | null) => (value === null ? "" : value.toPrecision(5));
const signed = (value: number | null) => (value !== null && value > 0 ? `+${figure(value)}` : figure(value));

/** One sentence: whether b is surely better than a. */
export function tellGate({ gate, a, b }: Comparison): string {
  if (!gate.comparable) return gate.reason;
  const { difference, interval, rows, promote } = gate;
  const { low, high, confidence } = interval;
  const verdict = promote ? "surely better" : low > 0 ? "surely worse" : "not surely better";
  const share = `${Math.round(100 * confidence)} % interval ${signed(low)} to ${signed(high)}`;
  return `${b.id} is ${verdict} than ${a.id}: MAE ${signed(difference)} over ${rows} held-out rows, ${share}`;
}

/** Levels that a comparison shows; those that differ most come first. */
const shownLevels = 12;

function layParams({ params }: Comparison): string {
  const rows = params.map(({ name, a, b }) => [name, String(a), String(b)]);
  return layTable([left("parameter"), right("a"), right("b")], rows);
}

function layLevels({ segments }: Comparison): string {
  const rows = segments
    .slice(0, shownLevels)
    .map(({ feature, level, a, b, difference }) => [
      `${feature} ${level}`,
      figure(a),
      figure(b),
      signed(difference),
    ]);
  return layTable([left("MAE of"), right("a"), right("b"), right("b - a")], rows);
}

function* tellOrigins({ spec, data, code, seed }: Comparison): Generator<string> {
  yield `spec    ${spec.same ? "the same" : `${spec.a.slice(0, 12)} | ${spec.b.slice(0, 12)}`}`;
  const rows = ({ sha256, rows: count }: typeof data.a) => `${sha256.slice(0, 12)}, ${count} rows`;
  yield `data    ${data.same ? "the same" : `${rows(data.a)} | ${rows(data.b)}`}`;
  yield `seed    ${seed.same ? "the same" : `${seed.a} | ${seed.b}`}`;
  yield `code    ${code.same ? "the same" : `${code.a.code}, Node ${code.a.node} | ${code.b.code}, Node ${code.b.node}`}`;
}

export function layComparison(comparison: Comparison): string {
  const { a, b, metrics, params, segments } = comparison;
  const figures = metrics
    .filter((metric) => metric.a !== null || metric.b !== null)
    .map((metric) => [metric.metric, figure(metric.a), figure(metric.b), signed(metric.difference)]);
  const parts = [
    `a       ${a.id}  ${a.title}\nb       ${b.id}  ${b.title}\n${[...tellOrigins(comparison)].join("\n")}`,
    layTable([left("metric"), right("a"), right("b"), right("b - a")], figures),
    tellGate(comparison),
    ...(params.length > 0 ? [layParams(comparison)] : []),
    ...(segments.length > 0 ? [layLevels(comparison)] : []),
  ];
  return parts.join("\n\n");
}
