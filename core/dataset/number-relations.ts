// How the numbers of a dataset go together: what a row's weight says of its size, learned robustly from the training rows,
// so that a row whose numbers contradict each other can be told from one that is merely rare.

import { type FieldError, toPointer } from "../api/problem.ts";
import { quantileOf } from "../metrics/quantile.ts";
import { exponential } from "../onnx/exponential.ts";
import { logarithm } from "../onnx/logarithm.ts";
import { nearestNumber } from "./nearest.ts";
import type { NumberRelation } from "./number-relation.ts";
import type { Row } from "./row.ts";
import type { DatasetSpec } from "./spec.ts";
import type { NumberColumn, Table } from "./table.ts";

const tailShare = 0.001;
/** Fewer rows than this cannot show a tail of that share. */
const leastRows = 1000;
/** The rows nearest the line that each round fits on. */
const keptShare = 0.9;
const rounds = 5;
/** A relation is kept where it leaves at most this share of the feature's own spread unexplained. */
const unexplained = 0.5;
/** How far beyond the residuals seen a pair must lie to be called a contradiction, as a share of their span. */
const widening = 0.5;

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

function medianOf(values: readonly number[]): number {
  return quantileOf(Float64Array.from(values).sort(), 0.5);
}

/** Tukey's resistant line: through the medians of the outer thirds, so that no outlier turns it. */
function resistantLine(x: Float64Array, y: Float64Array): Line | undefined {
  const order = Array.from(x.keys()).sort((a, b) => x[a] - x[b] || a - b);
  const third = Math.floor(order.length / 3);
  const outer = [order.slice(0, third), order.slice(-third)];
  const [x0, x1] = outer.map((part) => medianOf(part.map((at) => x[at])));
  const [y0, y1] = outer.map((part) => medianOf(part.map((at) => y[at])));
  if (!(x1 > x0)) return undefined;
  const slope = (y1 - y0) / (x1 - x0);
  return { slope, intercept: medianOf(order.map((at) => y[at] - slope * x[at])) };
}

/** Least squares over the rows at `kept`; the present line where they do not spread. */
function leastSquares(x: Float64Array, y: Float64Array, kept: readonly number[], present: Line): Line {
  const meanX = kept.reduce((sum, at) => sum + x[at], 0) / kept.length;
  const meanY = kept.reduce((sum, at) => sum + y[at], 0) / kept.length;
  let [xx, xy] = [0, 0];
  for (const at of kept) {
    xx += (x[at] - meanX) ** 2;
    xy += (x[at] - meanX) * (y[at] - meanY);
  }
  if (!(xx > 0)) return present;
  return { slope: xy / xx, intercept: meanY - (xy / xx) * meanX };
}

/** Least trimmed squares by concentration steps (Rousseeuw and Van Driessen 2006), from the resistant line. */
function fitLine(x: Float64Array, y: Float64Array): Line | undefined {
  let line = resistantLine(x, y);
  const count = Math.ceil(x.length * keptShare);
  for (let round = 0; line && round < rounds; round++) {
    const { intercept, slope } = line;
    const distance = y.map((value, at) => Math.abs(value - intercept - slope * x[at]));
    const bound = Float64Array.from(distance).sort()[count - 1];
    const kept = Array.from(x.keys()).filter((at) => distance[at] <= bound);
    line = leastSquares(x, y, kept, line);
  }
  return line;
}

const spanOf = (sorted: Float64Array) => quantileOf(sorted, 1 - tailShare) - quantileOf(sorted, tailShare);

/** The relation on one scale, with the share of the feature's spread that it leaves. */
function fitRelation(
  [feature, y]: readonly [string, Float64Array],
  [by, x]: readonly [string, Float64Array],
  scale: NumberRelation["scale"],
): { relation: NumberRelation; left: number } | undefined {
  const onScale = (values: Float64Array) => (scale === "log" ? values.map(Math.log) : values);
  const [a, b] = [onScale(x), onScale(y)];
  const line = fitLine(a, b);
  if (!line) return undefined;
  const residuals = b.map((value, at) => value - line.intercept - line.slope * a[at]).sort();
  const low = quantileOf(residuals, tailShare);
  const high = quantileOf(residuals, 1 - tailShare);
  const left = (high - low) / spanOf(Float64Array.from(b).sort());
  return { relation: { feature, by, scale, ...line, low, high }, left };
}

/** The rows in which both numbers are known. */
function pairsOf(x: NumberColumn, y: NumberColumn): [Float64Array, Float64Array] {
  const both = Array.from(x.keys()).filter((at) => !Number.isNaN(x[at]) && !Number.isNaN(y[at]));
  return [Float64Array.from(both, (at) => x[at]), Float64Array.from(both, (at) => y[at])];
}

/** The number that the others are held against: by which similar items are near, or else the first that is required. */
function mainNumber(spec: DatasetSpec): string | undefined {
  const required = spec.features.find((feature) => feature.type === "number" && feature.required);
  return nearestNumber(spec) ?? required?.name;
}

/** What the main number of `table`'s rows says of each other number; only relations that say much of it. */
export function numberRelations(spec: DatasetSpec, table: Table): NumberRelation[] {
  const by = mainNumber(spec);
  if (by === undefined) return [];
  const relations: NumberRelation[] = [];
  for (const { name, type } of spec.features) {
    if (type !== "number" || name === by) continue;
    const [x, y] = pairsOf(table.columns[by] as NumberColumn, table.columns[name] as NumberColumn);
    if (x.length < leastRows) continue;
    const isPositive = x.every((value) => value > 0) && y.every((value) => value > 0);
    const [best] = (isPositive ? (["log", "none"] as const) : (["none"] as const))
      .map((scale) => fitRelation([name, y], [by, x], scale))
      .filter((fitted) => fitted !== undefined)
      .sort((a, b) => a.left - b.left);
    if (best && best.left <= unexplained) relations.push(best.relation);
  }
  return relations;
}

const rounded = (value: number) => Number(value.toPrecision(3));

interface Contradiction {
  readonly relation: NumberRelation;
  readonly value: number;
  readonly against: number;
  /** What the relation expects of the value, on its scale. */
  readonly expected: number;
  /** How far beyond the residuals seen, in lengths of their span. */
  readonly excess: number;
}

/** The numbers of `row` that lie far beyond what goes with another. Logarithms are our own: intervals depend on this, to the last bit. */
function findContradictions(relations: readonly NumberRelation[], row: Row): Contradiction[] {
  const found: Contradiction[] = [];
  for (const relation of relations) {
    const { scale, intercept, slope, low, high } = relation;
    const [value, against] = [row[relation.feature], row[relation.by]];
    if (typeof value !== "number" || typeof against !== "number") continue;
    const isLog = scale === "log";
    if (isLog && !(value > 0 && against > 0)) continue;
    const expected = intercept + slope * (isLog ? logarithm(against) : against);
    const residual = (isLog ? logarithm(value) : value) - expected;
    const excess = Math.max(low - residual, residual - high) / (high - low);
    if (excess > widening) found.push({ relation, value, against, expected, excess });
  }
  return found;
}

/** How far the farthest contradiction of `row` is beyond what was seen, in lengths of its span; 0 where there is none. */
export function relationExcess(relations: readonly NumberRelation[], row: Row): number {
  return findContradictions(relations, row).reduce((most, { excess }) => Math.max(most, excess), 0);
}

/** One warning a number of `row` that contradicts the number it is held against. */
export function relationWarnings(relations: readonly NumberRelation[], row: Row): FieldError[] {
  return findContradictions(relations, row).map(({ relation, value, against, expected }) => {
    const { feature, by, scale, low, high } = relation;
    const [from, to] = [expected + low, expected + high].map((at) =>
      rounded(scale === "log" ? exponential(at) : at),
    );
    const detail = `${value} contradicts ${by} ${against}: ${from} to ${to} goes with it in the training rows`;
    return { pointer: toPointer([feature]), detail };
  });
}
