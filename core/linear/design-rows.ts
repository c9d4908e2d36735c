// Rows of a table as the columns of a linear design: the same numbers in the fit, in prediction and in explanations.
import type { CategoryColumn, NumberColumn, Table } from "../dataset/table.ts";
import { logarithm } from "../onnx/logarithm.ts";
import {
  type LinearDesign,
  type MainNumber,
  type OtherNumber,
  pairsOf,
  plainWidth,
  type Scale,
} from "./linear-design.ts";

export function onScale({ log, floor }: Scale, value: number): number {
  return log ? logarithm(Math.max(value, floor)) : value;
}

export function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

export function dot(left: ArrayLike<number>, right: ArrayLike<number>, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += left[i] * right[i];
  return sum;
}

/** The centred value: 0, the mean, where it is missing. */
function centredValue(main: MainNumber, value: number): number {
  return Number.isNaN(value) ? 0 : onScale(main.scale, value) - main.center;
}

/** Writes the curve's columns at `at` from a value that lies within the training range. */
function writeCurve(main: MainNumber, inside: number, into: Float64Array, at: number): void {
  let power = 1;
  for (let exponent = 0; exponent < main.powers; exponent++) {
    power *= inside;
    into[at + exponent] = power;
  }
  main.knots.forEach((knot, index) => {
    into[at + main.powers + index] = Math.max(inside - knot, 0);
  });
}

/** The standardised deviation of a value from what the plain columns let expect; 0 where it is missing. */
function deviationOf(other: OtherNumber, value: number, plain: Float64Array): number {
  if (Number.isNaN(value)) return 0;
  const rest = onScale(other.scale, value) - dot(plain, other.expected, other.expected.length);
  return clip(rest / other.deviation, other.low, other.high);
}

/** The row of an encoding for a table's code, in which -1 is missing. */
function codeOf(code: number, levels: number): number {
  return code < 0 || code >= levels ? levels : code;
}

/** One row of a table, read into what the columns are made of. */
export class RowReader {
  private readonly design: Pick<LinearDesign, "main" | "encodings">;
  private readonly main: NumberColumn | undefined;
  private readonly categories: readonly CategoryColumn[];
  readonly plain: Float64Array;
  /** The main number, centred; and the same kept within the training range. */
  value = 0;
  inside = 0;

  constructor(design: Pick<LinearDesign, "main" | "encodings">, table: Table) {
    this.design = design;
    this.main = design.main && (table.columns[design.main.feature] as NumberColumn);
    this.categories = design.encodings.map(({ feature }) => table.columns[feature] as CategoryColumn);
    this.plain = new Float64Array(plainWidth(design));
  }

  /** The encoding's numbers for category `index` of row `row`. */
  level(index: number, row: number): readonly number[] {
    const { rows } = this.design.encodings[index];
    return rows[codeOf(this.categories[index][row], rows.length - 1)];
  }

  read(row: number): void {
    const { main, encodings } = this.design;
    let at = 0;
    this.plain[at++] = 1;
    if (main && this.main) {
      this.value = centredValue(main, this.main[row]);
      this.inside = clip(this.value, main.low, main.high);
      let power = 1;
      for (let i = 0; i < main.expectationPowers; i++) {
        power *= this.inside;
        this.plain[at++] = power;
      }
    }
    for (let index = 0; index < encodings.length; index++)
      for (const value of this.level(index, row)) this.plain[at++] = value;
  }
}

/** Columns of a table's rows; `reader` is left at the row that was written last. */
export interface DesignRows {
  readonly rows: number;
  readonly columns: number;
  readonly writeRow: (row: number, into: Float64Array) => void;
  readonly reader: RowReader;
}

/** The design over `table`'s rows. */
export function designOver(design: LinearDesign, table: Table): DesignRows {
  const { params, main, encodings, others, starts } = design;
  const reader = new RowReader(design, table);
  const columns = others.map(({ feature }) => table.columns[feature] as NumberColumn);
  const curveWidth = starts.levels - 1;
  const levels = new Float64Array(starts.others - starts.levels);
  const pairIndices = pairsOf(encodings.map((_, index) => index));
  const writeRow = (row: number, into: Float64Array): void => {
    reader.read(row);
    into[0] = 1;
    if (main) writeCurve(main, reader.inside, into, 1);
    levels.set(reader.plain.subarray(reader.plain.length - levels.length));
    into.set(levels, starts.levels);
    let missing = starts.missing;
    others.forEach((other, index) => {
      const value = columns[index][row];
      const deviation = deviationOf(other, value, reader.plain);
      const at = starts.others + index;
      into[at] = deviation;
      if (params.others === "curved") {
        into[at + others.length] = Number.isNaN(value) ? 0 : deviation * deviation - other.meanSquare;
        if (main) into[at + 2 * others.length] = deviation * reader.inside;
      }
      if (other.indicator) into[missing++] = Number.isNaN(value) ? 1 : 0;
    });
    let at = starts.interactions;
    if (params.interactions) {
      for (const level of levels)
        for (let column = 1; column <= curveWidth; column++) into[at++] = level * into[column];
    }
    if (params.pairs) {
      for (const [a, b] of pairIndices) {
        const right = reader.level(b, row);
        for (const left of reader.level(a, row)) for (const value of right) into[at++] = left * value;
      }
    }
  };
  return { rows: table.rows, columns: design.names.length, writeRow, reader };
}
