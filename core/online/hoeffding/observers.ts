// What a leaf knows of one column: per class a normal distribution of a number, or counts of levels; and the splits that follow.
import { exponential } from "../../onnx/exponential.ts";
import { logarithm } from "../../onnx/logarithm.ts";
import { widen } from "../baselines.ts";
import { isFloats, partOf, type Saved } from "../saved.ts";

/** A split of rows in two: values up to `value`, or the level `value`, on the left. */
export interface Split {
  readonly column: number;
  readonly value: number;
  readonly isLevel: boolean;
  /** What it gains, in bits. */
  readonly merit: number;
  /** Rows by class on either side. */
  readonly left: Float64Array;
  readonly right: Float64Array;
}

const splitPoints = 10;
/** At least this share of the rows on either side. */
const leastShare = 0.01;

function entropy(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= (count / total) * (logarithm(count / total) / Math.LN2);
  return sum;
}

/** Information gain; -Infinity where one side is nearly empty. */
function gainOf(before: Float64Array, left: Float64Array, right: Float64Array): number {
  const add = (sum: number, count: number) => sum + count;
  const [l, r] = [left.reduce(add, 0), right.reduce(add, 0)];
  const total = l + r;
  if (Math.min(l, r) < leastShare * total) return Number.NEGATIVE_INFINITY;
  return entropy(before) - (l / total) * entropy(left) - (r / total) * entropy(right);
}

/** Error function, within 1.2e-7 (Numerical Recipes' erfc by Chebyshev). */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const series = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368,
  ];
  const sum = series.reduce((rest, term) => term + t * rest, 0);
  const result = t * exponential(-x * x - 1.26551223 + t * sum);
  return x >= 0 ? result : 2 - result;
}

const belowNormal = (x: number) => 0.5 * complementaryError(-x / Math.SQRT2);

export interface Observer {
  add(value: number, label: number, weight: number): void;
  /** How likely the value is in the class, up to a factor that all classes share. */
  likelihood(value: number, label: number): number;
  bestSplit(column: number, before: Float64Array): Split | undefined;
  save(): Saved;
}

const fields = 5;
const [count, mean, squares, low, high] = [0, 1, 2, 3, 4];

export class NumberObserver implements Observer {
  /** Five numbers a class: count, mean, summed squares, least and largest value. */
  #classes = new Float64Array(0);

  add(value: number, label: number, weight: number): void {
    if ((label + 1) * fields > this.#classes.length)
      this.#classes = widen(this.#classes, (label + 1) * fields);
    const own = this.#classes.subarray(label * fields, (label + 1) * fields);
    if (own[count] === 0 || value < own[low]) own[low] = value;
    if (own[count] === 0 || value > own[high]) own[high] = value;
    own[count] += weight;
    const rest = value - own[mean];
    own[mean] += (weight * rest) / own[count];
    own[squares] += weight * rest * (value - own[mean]);
  }

  #deviation(own: Float64Array): number {
    return own[count] > 1 ? Math.sqrt(Math.max(0, own[squares]) / (own[count] - 1)) : 0;
  }

  likelihood(value: number, label: number): number {
    const own = this.#classes.subarray(label * fields, (label + 1) * fields);
    if (own.length === 0 || own[count] === 0) return 0;
    const deviation = this.#deviation(own);
    if (!(deviation > 0)) return value === own[mean] ? 1 : 0;
    const distance = (value - own[mean]) / deviation;
    return exponential((-distance * distance) / 2) / (deviation * Math.sqrt(2 * Math.PI));
  }

  bestSplit(column: number, before: Float64Array): Split | undefined {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const classes = this.#classes.length / fields;
    for (let label = 0; label < classes; label++) {
      if (this.#classes[label * fields + count] === 0) continue;
      least = Math.min(least, this.#classes[label * fields + low]);
      most = Math.max(most, this.#classes[label * fields + high]);
    }
    if (!(most > least)) return undefined;
    let best: Split | undefined;
    for (let point = 1; point <= splitPoints; point++) {
      const value = least + ((most - least) * point) / (splitPoints + 1);
      const left = new Float64Array(before.length);
      const right = new Float64Array(before.length);
      for (let label = 0; label < classes; label++) {
        const own = this.#classes.subarray(label * fields, (label + 1) * fields);
        const deviation = this.#deviation(own);
        let share = 0.5;
        if (value >= own[high]) share = 1;
        else if (value < own[low]) share = 0;
        else if (deviation > 0) share = belowNormal((value - own[mean]) / deviation);
        left[label] = own[count] * share;
        right[label] = own[count] * (1 - share);
      }
      const merit = gainOf(before, left, right);
      if (merit > (best?.merit ?? Number.NEGATIVE_INFINITY))
        best = { column, value, isLevel: false, merit, left, right };
    }
    return best;
  }

  save(): Saved {
    return { classes: this.#classes.slice() };
  }

  static restore(saved: Saved): NumberObserver {
    const observer = new NumberObserver();
    observer.#classes = partOf(saved, "classes", isFloats).slice();
    return observer;
  }
}

/** Levels beyond so many are not counted one by one. */
const mostLevels = 1000;

export class LevelObserver implements Observer {
  /** By level, rows by class. */
  #levels = new Map<number, Float64Array>();
  #totals = new Float64Array(0);

  add(value: number, label: number, weight: number): void {
    if (label >= this.#totals.length) this.#totals = widen(this.#totals, label + 1);
    this.#totals[label] += weight;
    let own = this.#levels.get(value);
    if (!own && this.#levels.size >= mostLevels) return;
    if (!own || label >= own.length) {
      own = widen(own ?? new Float64Array(0), label + 1);
      this.#levels.set(value, own);
    }
    own[label] += weight;
  }

  likelihood(value: number, label: number): number {
    const own = this.#levels.get(value)?.[label] ?? 0;
    const total = this.#totals[label] ?? 0;
    // Laplace's estimate: an unseen level must not rule a class out.
    return (own + 1) / (total + this.#levels.size + 1);
  }

  bestSplit(column: number, before: Float64Array): Split | undefined {
    let best: Split | undefined;
    for (const [value, own] of this.#levels) {
      const left = widen(own, before.length);
      const right = before.map((total, label) => Math.max(0, total - left[label]));
      const merit = gainOf(before, left, right);
      if (merit > (best?.merit ?? Number.NEGATIVE_INFINITY))
        best = { column, value, isLevel: true, merit, left, right };
    }
    return best;
  }

  save(): Saved {
    return {
      totals: this.#totals.slice(),
      levels: Float64Array.from(this.#levels.keys()),
      counts: [...this.#levels.values()].map((one) => one.slice()),
    };
  }

  static restore(saved: Saved): LevelObserver {
    const observer = new LevelObserver();
    observer.#totals = partOf(saved, "totals", isFloats).slice();
    const levels = partOf(saved, "levels", isFloats);
    const areCounts = (value: Saved | undefined): value is readonly Float64Array[] =>
      Array.isArray(value) && value.length === levels.length && value.every(isFloats);
    partOf(saved, "counts", areCounts).forEach((counts, at) => {
      observer.#levels.set(levels[at], counts.slice());
    });
    return observer;
  }
}
