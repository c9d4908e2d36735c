// Mean and variance of a column as values come (Welford 1962).
import { floatsOf, partOf, type Saved } from "./saved.ts";

/** Count, mean and summed squares of some columns, in one array each. */
export class RunningMoments {
  readonly counts: Float64Array;
  readonly means: Float64Array;
  readonly squares: Float64Array;

  constructor(columns: number) {
    this.counts = new Float64Array(columns);
    this.means = new Float64Array(columns);
    this.squares = new Float64Array(columns);
  }

  add(column: number, value: number): void {
    const count = ++this.counts[column];
    const before = value - this.means[column];
    this.means[column] += before / count;
    this.squares[column] += before * (value - this.means[column]);
  }

  /** Population standard deviation; 0 where there are no two values. */
  deviation(column: number): number {
    const count = this.counts[column];
    return count === 0 ? 0 : Math.sqrt(Math.max(0, this.squares[column]) / count);
  }

  /** The value's distance from the mean in deviations; 0 for a missing one and for a column that is constant so far. */
  standardise(column: number, value: number): number {
    const deviation = this.deviation(column);
    return deviation > 0 && !Number.isNaN(value) ? (value - this.means[column]) / deviation : 0;
  }

  save(): Saved {
    return { counts: this.counts.slice(), means: this.means.slice(), squares: this.squares.slice() };
  }

  /** Throws InputError for moments of another number of columns. */
  static restore(saved: Saved, columns: number): RunningMoments {
    const moments = new RunningMoments(columns);
    for (const name of ["counts", "means", "squares"] as const)
      moments[name].set(partOf(saved, name, floatsOf(columns)));
    return moments;
  }
}
