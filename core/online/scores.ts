// Metrics of a stream, predict then learn: over all rows, over those of late (each row counts less by a factor), or over a window.
import { InputError } from "../api/problem.ts";
import { logarithm } from "../onnx/logarithm.ts";
import { widen } from "./baselines.ts";
import { largest } from "./hoeffding/hoeffding-tree.ts";

/** How far back a metric looks. */
export type Memory =
  | { readonly kind: "all" }
  /** Every earlier row counts `factor` times as much as it did before. */
  | { readonly kind: "fading"; readonly factor: number }
  | { readonly kind: "window"; readonly rows: number };

export interface NumberMetrics {
  readonly rows: number;
  readonly meanAbsoluteError: number;
  readonly meanSquaredError: number;
  readonly rootMeanSquaredError: number;
  /** Null where the answers do not vary. */
  readonly r2Score: number | null;
  /** Mean of prediction minus answer. */
  readonly bias: number;
}

export interface StreamClassMetrics {
  readonly rows: number;
  readonly accuracyScore: number;
  readonly balancedAccuracyScore: number;
  /** Of class 1 where there are two, else the mean over classes. */
  readonly precisionScore: number;
  readonly recallScore: number;
  readonly f1Score: number;
  readonly matthewsScore: number;
  readonly logLoss: number;
  /** Of class 1 where there are two, from a thousand bins of its probability; null otherwise, or where one class has no rows. */
  readonly rocAucScore: number | null;
  /** Rows by answer (first) and prediction. */
  readonly confusion: readonly (readonly number[])[];
}

const leastProbability = 1e-15;
const bins = 1000;
const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

function checkMemory(memory: Memory): void {
  if (memory.kind === "fading" && !(memory.factor > 0 && memory.factor < 1))
    throw new InputError(`factor: expected a number above 0 and below 1; got ${memory.factor}`);
  if (memory.kind === "window" && !(Number.isInteger(memory.rows) && memory.rows >= 1))
    throw new InputError(`rows: expected a whole number above 0; got ${memory.rows}`);
}

/** Adds rows up, forgets as `memory` says. */
class Sums {
  readonly #memory: Memory;
  readonly #window: (readonly [place: number, value: number])[][] = [];
  values = new Float64Array(0);

  constructor(memory: Memory) {
    checkMemory(memory);
    this.#memory = memory;
  }

  /** One row: what it adds at which places. */
  add(parts: readonly (readonly [place: number, value: number])[]): void {
    const memory = this.#memory;
    const most = parts.reduce((length, [place]) => Math.max(length, place + 1), this.values.length);
    if (most > this.values.length) this.values = widen(this.values, most);
    if (memory.kind === "fading")
      for (let k = 0; k < this.values.length; k++) this.values[k] *= memory.factor;
    for (const [place, value] of parts) this.values[place] += value;
    if (memory.kind !== "window") return;
    this.#window.push([...parts]);
    if (this.#window.length > memory.rows)
      for (const [place, value] of this.#window.shift() as (readonly [number, number])[])
        this.values[place] -= value;
  }

  at(place: number): number {
    return this.values[place] ?? 0;
  }
}

export class NumberScores {
  readonly #sums: Sums;
  /** The first answer: squares about it lose fewer digits. */
  #origin = Number.NaN;

  constructor(memory: Memory = { kind: "all" }) {
    this.#sums = new Sums(memory);
  }

  add(answer: number, predicted: number): void {
    if (Number.isNaN(this.#origin)) this.#origin = answer;
    const error = predicted - answer;
    const own = answer - this.#origin;
    this.#sums.add([
      [0, 1],
      [1, Math.abs(error)],
      [2, error * error],
      [3, error],
      [4, own],
      [5, own * own],
    ]);
  }

  read(): NumberMetrics {
    const [rows, absolute, squared, signed, own, squares] = [0, 1, 2, 3, 4, 5].map((at) => this.#sums.at(at));
    const spread = squares - share(own * own, rows);
    return {
      rows,
      meanAbsoluteError: share(absolute, rows),
      meanSquaredError: share(squared, rows),
      rootMeanSquaredError: Math.sqrt(Math.max(0, share(squared, rows))),
      r2Score: spread > 0 ? 1 - squared / spread : null,
      bias: share(signed, rows),
    };
  }
}

export class ClassScores {
  readonly #losses: Sums;
  readonly #pairs: Sums;
  readonly #binned: Sums;
  #classes = 0;
  /** Places of pairs are kept in a square that grows by doubling, so that a place never moves. */
  static readonly #side = 1024;

  constructor(memory: Memory = { kind: "all" }) {
    this.#losses = new Sums(memory);
    this.#pairs = new Sums(memory);
    this.#binned = new Sums(memory);
  }

  /** `probabilities` by class; those of no class yet count as a prediction of class 0. */
  add(answer: number, probabilities: ArrayLike<number>): void {
    if (answer >= ClassScores.#side) throw new InputError(`classes: expected at most ${ClassScores.#side}`);
    const decided = largest(probabilities);
    this.#classes = Math.max(this.#classes, answer + 1, probabilities.length);
    const probability = Math.min(1, Math.max(leastProbability, probabilities[answer] ?? 0));
    this.#losses.add([
      [0, 1],
      [1, -logarithm(probability)],
    ]);
    this.#pairs.add([[pairPlace(answer, decided), 1]]);
    const bin = Math.min(bins - 1, Math.floor((probabilities[1] ?? 0) * bins));
    this.#binned.add([[answer === 1 ? bins + bin : bin, 1]]);
  }

  read(): StreamClassMetrics {
    const classes = this.#classes;
    const confusion = Array.from({ length: classes }, (_, answer) =>
      Array.from({ length: classes }, (_, decided) => this.#pairs.at(pairPlace(answer, decided))),
    );
    const rows = this.#losses.at(0);
    const right = confusion.reduce((sum, row, label) => sum + row[label], 0);
    const actual = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
    const decided = confusion.map((_, label) => confusion.reduce((sum, row) => sum + row[label], 0));
    const precisions = confusion.map((row, label) => share(row[label], decided[label]));
    const recalls = confusion.map((row, label) => share(row[label], actual[label]));
    const f1s = confusion.map((row, label) => share(2 * row[label], actual[label] + decided[label]));
    const known = recalls.filter((_, label) => actual[label] > 0);
    const pick = (values: readonly number[]) =>
      classes === 2
        ? values[1]
        : share(
            values.reduce((sum, one) => sum + one, 0),
            values.length,
          );
    const products = actual.reduce((sum, count, label) => sum + count * decided[label], 0);
    const squares = (values: readonly number[]) => values.reduce((sum, count) => sum + count * count, 0);
    const below = Math.sqrt((rows * rows - squares(decided)) * (rows * rows - squares(actual)));
    return {
      rows,
      accuracyScore: share(right, rows),
      balancedAccuracyScore: share(
        known.reduce((sum, one) => sum + one, 0),
        known.length,
      ),
      precisionScore: pick(precisions),
      recallScore: pick(recalls),
      f1Score: pick(f1s),
      matthewsScore: below > 0 ? (right * rows - products) / below : 0,
      logLoss: share(this.#losses.at(1), rows),
      rocAucScore: classes === 2 ? this.#area() : null,
      confusion,
    };
  }

  /** Pairs of a row of class 1 and one of class 0 that stand in the right order; within a bin half of them. */
  #area(): number | null {
    let [above, area, positives, negatives] = [0, 0, 0, 0];
    for (let bin = bins - 1; bin >= 0; bin--) {
      const [negative, positive] = [this.#binned.at(bin), this.#binned.at(bins + bin)];
      area += negative * (above + positive / 2);
      above += positive;
      positives += positive;
      negatives += negative;
    }
    return positives > 0 && negatives > 0 ? area / (positives * negatives) : null;
  }
}

/** Pairs along growing squares (Szudzik 2006): a new class moves no place. */
function pairPlace(answer: number, decided: number): number {
  return answer >= decided ? answer * answer + answer + decided : decided * decided + answer;
}
