// A row as a sparse vector of weights' places: one a number, standardised as values come, and one a level seen so far.
import type { OnlineRow, RowShape } from "../learner.ts";
import { RunningMoments } from "../running-moments.ts";
import { isAnything, isInts, partOf, type Saved } from "../saved.ts";

/** Levels beyond so many share the last place: what an adversary sends must not grow without end. */
const mostPlaces = 200_000;

/** Encodes rows; learns the numbers' scale and the levels' places from the rows that are observed. */
export class RowTerms {
  readonly shape: RowShape;
  #moments: RunningMoments;
  /** By column: the place of each level's code; -1 for none yet. */
  readonly #levels: Int32Array[];
  #places: number;
  /** Of the row that was read last. */
  readonly at: Int32Array;
  readonly values: Float64Array;
  length = 0;

  constructor(shape: RowShape) {
    const columns = shape.isCategory.length;
    this.shape = shape;
    this.#moments = new RunningMoments(columns);
    this.#levels = Array.from({ length: columns }, () => new Int32Array(0));
    this.#places = columns;
    this.at = new Int32Array(columns);
    this.values = new Float64Array(columns);
  }

  get places(): number {
    return this.#places;
  }

  /** Takes the row into the numbers' scale and gives its new levels a place. */
  observe(row: OnlineRow): void {
    for (let column = 0; column < row.length; column++) {
      const value = row[column];
      if (Number.isNaN(value)) continue;
      if (this.shape.isCategory[column] === 0) this.#moments.add(column, value);
      else if (this.#placeOf(column, value) < 0) this.#addLevel(column, value);
    }
  }

  #placeOf(column: number, code: number): number {
    const levels = this.#levels[column];
    return code < levels.length ? levels[code] : -1;
  }

  #addLevel(column: number, code: number): void {
    if (code >= mostPlaces) return;
    if (code >= this.#levels[column].length) {
      const wider = new Int32Array(Math.max(8, 2 * (code + 1))).fill(-1);
      wider.set(this.#levels[column]);
      this.#levels[column] = wider;
    }
    this.#levels[column][code] = this.#places < mostPlaces ? this.#places++ : mostPlaces - 1;
  }

  /** Fills `at` and `values` with the row's terms; unknown levels and missing values have none. */
  read(row: OnlineRow): void {
    let length = 0;
    for (let column = 0; column < row.length; column++) {
      const value = row[column];
      if (Number.isNaN(value)) continue;
      const isCategory = this.shape.isCategory[column] === 1;
      const place = isCategory ? this.#placeOf(column, value) : column;
      if (place < 0) continue;
      this.at[length] = place;
      this.values[length++] = isCategory ? 1 : this.#moments.standardise(column, value);
    }
    this.length = length;
  }

  save(): Saved {
    return {
      moments: this.#moments.save(),
      places: Int32Array.of(this.#places),
      levels: this.#levels.map((levels) => levels.slice()),
    };
  }

  static restore(saved: Saved, shape: RowShape): RowTerms {
    const terms = new RowTerms(shape);
    const columns = shape.isCategory.length;
    terms.#moments = RunningMoments.restore(partOf(saved, "moments", isAnything), columns);
    [terms.#places] = partOf(saved, "places", isInts);
    const areLevels = (value: Saved | undefined): value is readonly Int32Array[] =>
      Array.isArray(value) && value.length === columns && value.every((one) => one instanceof Int32Array);
    partOf(saved, "levels", areLevels).forEach((levels, column) => {
      terms.#levels[column] = levels.slice();
    });
    return terms;
  }
}
