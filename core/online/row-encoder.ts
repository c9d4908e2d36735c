// Rows of named values as the columns of learners: levels and classes get codes as they are first seen.
import type { OnlineRow, RowShape } from "./learner.ts";

export interface OnlineColumn {
  readonly name: string;
  readonly isCategory: boolean;
}

/** Levels of a column, or classes, beyond so many are one. */
const mostLevels = 100_000;

class Codes {
  readonly #codes = new Map<string, number>();
  readonly names: string[] = [];

  /** The code of a level that was seen; undefined for any other. */
  find(level: string): number | undefined {
    return this.#codes.get(level);
  }

  take(level: string): number {
    const known = this.#codes.get(level);
    if (known !== undefined) return known;
    if (this.names.length >= mostLevels) return mostLevels - 1;
    this.names.push(level);
    this.#codes.set(level, this.names.length - 1);
    return this.names.length - 1;
  }
}

export class RowEncoder {
  readonly columns: readonly OnlineColumn[];
  readonly shape: RowShape;
  readonly #levels: Codes[];
  readonly #classes = new Codes();

  constructor(columns: readonly OnlineColumn[]) {
    this.columns = columns;
    this.shape = { isCategory: Uint8Array.from(columns, ({ isCategory }) => (isCategory ? 1 : 0)) };
    this.#levels = columns.map(() => new Codes());
  }

  /** A row of cells, one a column; undefined and what is no finite number in a number's column is missing. */
  encode(cells: readonly (string | number | undefined)[]): OnlineRow {
    return Float64Array.from(this.columns, ({ isCategory }, at) => {
      const cell = cells[at];
      if (cell === undefined) return Number.NaN;
      if (isCategory) return this.#levels[at].take(String(cell));
      const number = Number(cell);
      return Number.isFinite(number) ? number : Number.NaN;
    });
  }

  /** The code of a class; a new one gets the next. */
  classCode(name: string): number {
    return this.#classes.take(name);
  }

  get classes(): readonly string[] {
    return this.#classes.names;
  }
}
