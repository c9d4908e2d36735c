// How a weight moves against its gradient. Settings and defaults as River has them.
import { widen } from "../baselines.ts";
import { floatsOf, isFloats, partOf, type Saved } from "../saved.ts";

export type OptimizerName = "sgd" | "adagrad" | "ftrl";

/** Weights of some places, all 0 at first, and what their optimizer keeps of each. */
export class Weights {
  readonly #name: OptimizerName;
  readonly #rate: number;
  values: Float64Array;
  /** Summed squared gradients (AdaGrad, FTRL), and FTRL's summed adjusted gradients. */
  #squares: Float64Array;
  #sums: Float64Array;

  constructor(name: OptimizerName, rate: number, places = 0) {
    this.#name = name;
    this.#rate = rate;
    this.values = new Float64Array(places);
    this.#squares = new Float64Array(name === "sgd" ? 0 : places);
    this.#sums = new Float64Array(name === "ftrl" ? places : 0);
  }

  /** Makes room for `places`. */
  grow(places: number): void {
    if (places <= this.values.length) return;
    const length = Math.max(places, Math.ceil(1.5 * this.values.length));
    this.values = widen(this.values, length);
    if (this.#name !== "sgd") this.#squares = widen(this.#squares, length);
    if (this.#name === "ftrl") this.#sums = widen(this.#sums, length);
  }

  step(place: number, gradient: number): void {
    const { values } = this;
    if (this.#name === "sgd") {
      values[place] -= this.#rate * gradient;
      return;
    }
    const before = this.#squares[place];
    this.#squares[place] += gradient * gradient;
    if (this.#name === "adagrad") {
      // Duchi, Hazan and Singer 2011.
      values[place] -= (this.#rate / Math.sqrt(this.#squares[place] + 1e-8)) * gradient;
      return;
    }
    // McMahan et al. 2013, with alpha as the rate, beta 1, no L1 and L2 1.
    const root = Math.sqrt(this.#squares[place]);
    const sigma = (root - Math.sqrt(before)) / this.#rate;
    this.#sums[place] += gradient - sigma * values[place];
    values[place] = -this.#sums[place] / ((1 + root) / this.#rate + 1);
  }

  save(): Saved {
    return { values: this.values.slice(), squares: this.#squares.slice(), sums: this.#sums.slice() };
  }

  static restore(saved: Saved, name: OptimizerName, rate: number): Weights {
    const values = partOf(saved, "values", isFloats);
    const weights = new Weights(name, rate, values.length);
    weights.values.set(values);
    weights.#squares.set(partOf(saved, "squares", floatsOf(weights.#squares.length)));
    weights.#sums.set(partOf(saved, "sums", floatsOf(weights.#sums.length)));
    return weights;
  }
}
