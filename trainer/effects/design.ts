// Rows as sparse columns for the main effects: a column a level, and a line with a few hinges a number, standardised.
import { seeded, shuffle } from "../random.ts";
import { type Matrix, type Monotone, numbersOf } from "./matrix.ts";

/** Hinges of a number; more fit noise where rows are few. */
const mostHinges = 6;
const rowsPerHinge = 40;
/** Share of the rows beyond either end knot, where the effect is flat. */
const endShare = 0.003;

/** One a row; undefined is 1 each. */
export type Weights = ArrayLike<number> | undefined;

export interface NumberTerm {
  readonly type: "number";
  readonly name: string;
  /** Where the line may bend, the ends of what was seen included. */
  readonly knots: readonly number[];
  /** First column: the line, then the inner knots' hinges, then missing where some value is. */
  readonly first: number;
  readonly centres: readonly number[];
  readonly scales: readonly number[];
  /** Column of missing values, -1 where none is missing. */
  readonly missing: number;
  /** The direction that the line must keep; such a term has no hinges. 0 for none. */
  readonly monotone: Monotone;
}

export interface LevelTerm {
  readonly type: "category";
  readonly name: string;
  /** First column: one a level, then one for missing. */
  readonly first: number;
  readonly levels: number;
}

export type Term = NumberTerm | LevelTerm;

/** Columns that share a penalty. */
export interface Group {
  readonly from: number;
  readonly to: number;
  /** Levels' own spread is estimated; a line is hardly held back. */
  readonly isLine: boolean;
}

/** Row r has the columns index[start[r] .. start[r+1]] with those values. */
export interface Design {
  readonly rows: number;
  readonly columns: number;
  readonly terms: readonly Term[];
  readonly groups: readonly Group[];
  readonly start: Uint32Array;
  readonly index: Int32Array;
  readonly value: Float32Array;
}

/** Knots at quantiles of a sample, the least and the largest value first and last; none where all values are equal. */
function knotsOf(values: Float32Array, weights: Weights, mostInner: number): number[] {
  const known = Uint32Array.from(values.keys()).filter((row) => Number.isFinite(values[row]));
  if (known.length === 0) return [];
  const sample = known.length > 20_000 ? shuffle(known, seeded(1)).slice(0, 20_000) : known;
  sample.sort((a, b) => values[a] - values[b] || a - b);
  const reached = new Float64Array(sample.length);
  let total = 0;
  sample.forEach((row, at) => {
    total += weights ? weights[row] : 1;
    reached[at] = total;
  });
  /** The value at `place` of as many values as the weights say. */
  const valueAt = (place: number) => values[sample[reached.findIndex((count) => count > place)]];
  // The ends lie inside of what was seen: a slope that a few far values decide carries nothing beyond them.
  const end = Math.floor(total * endShare);
  const shares = Array.from({ length: mostInner + 2 }, (_, k) => k / (mostInner + 1));
  const knots = shares.map((share) => valueAt(end + Math.round(share * Math.max(0, total - 1 - 2 * end))));
  const distinct = [...new Set(knots)];
  return distinct.length < 2 ? [] : distinct;
}

/** Most columns that a row of `matrix` fills. */
export function entriesPerRow({ features }: Matrix): number {
  return features.reduce((sum, { type }) => sum + (type === "number" ? mostHinges + 1 : 1), 0);
}

/** The columns of `matrix`'s features; a feature that is constant has none. A weight counts as that many equal rows. */
export function layOutDesign(matrix: Matrix, weights?: Weights): Design {
  let rows = matrix.rows;
  if (weights) {
    rows = 0;
    for (let row = 0; row < matrix.rows; row++) rows += weights[row];
  }
  const terms: Term[] = [];
  const groups: Group[] = [];
  let columns = 0;
  for (const feature of matrix.features) {
    const first = columns;
    const monotone = feature.monotone ?? 0;
    if (feature.type === "category" && monotone === 0) {
      const levels = feature.levels.length;
      columns += levels + 1;
      terms.push({ type: "category", name: feature.name, first, levels });
      groups.push({ from: first, to: columns, isLine: false });
      continue;
    }
    const values = numbersOf(feature);
    const hinges = monotone === 0 ? Math.min(mostHinges, Math.floor(rows / rowsPerHinge)) : 0;
    const knots = knotsOf(values, weights, hinges);
    if (knots.length === 0) continue;
    const inner = knots.slice(1, -1);
    const { centres, scales, hasMissing } = standardise(values, weights, knots);
    columns += 1 + inner.length;
    groups.push({ from: first, to: first + 1, isLine: true });
    if (inner.length > 0) groups.push({ from: first + 1, to: columns, isLine: false });
    let missing = -1;
    if (hasMissing) {
      missing = columns++;
      groups.push({ from: missing, to: columns, isLine: false });
    }
    terms.push({ type: "number", name: feature.name, knots, first, centres, scales, missing, monotone });
  }
  return { rows: matrix.rows, columns, terms, groups, ...fillRows(matrix, terms) };
}

/** The line and the hinges of one value, before they are standardised. */
function basis(knots: readonly number[], value: number, at: number): number {
  const inside = Math.min(Math.max(value, knots[0]), knots[knots.length - 1]);
  return at === 0 ? inside : Math.max(inside - knots[at], 0);
}

function standardise(values: Float32Array, weights: Weights, knots: readonly number[]) {
  const count = knots.length - 1;
  const sums = new Float64Array(count);
  const squares = new Float64Array(count);
  let known = 0;
  const [low] = knots;
  let hasMissing = false;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) {
      hasMissing = true;
      continue;
    }
    const weight = weights ? weights[row] : 1;
    known += weight;
    for (let k = 0; k < count; k++) {
      const own = basis(knots, values[row], k) - (k === 0 ? low : 0);
      sums[k] += weight * own;
      squares[k] += weight * own * own;
    }
  }
  const centres = Array.from(sums, (sum, k) => sum / known + (k === 0 ? low : 0));
  const scales = Array.from(squares, (square, k) => {
    const variance = square / known - (sums[k] / known) ** 2;
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  return { centres, scales, hasMissing };
}

function fillRows({ rows, features }: Matrix, terms: readonly Term[]) {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  const values = terms.map(({ type, name }) => {
    const feature = byName.get(name)!;
    return type === "number" ? numbersOf(feature) : feature.values;
  });
  const most = terms.reduce((sum, term) => sum + (term.type === "number" ? term.knots.length : 1), 0);
  const start = new Uint32Array(rows + 1);
  const index = new Int32Array(rows * most);
  const value = new Float32Array(rows * most);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let t = 0; t < terms.length; t++) {
      const term = terms[t];
      const own = values[t][row];
      if (term.type === "category") {
        index[at] = term.first + (own < 0 ? term.levels : own);
        value[at++] = 1;
      } else if (Number.isNaN(own)) {
        if (term.missing < 0) continue;
        index[at] = term.missing;
        value[at++] = 1;
      } else {
        for (let k = 0; k < term.centres.length; k++) {
          index[at] = term.first + k;
          value[at++] = (basis(term.knots, own, k) - term.centres[k]) / term.scales[k];
        }
      }
    }
    start[row + 1] = at;
  }
  return { start, index, value };
}
