// The design matrix of the linear family: which columns a row becomes, learnt from training rows, the same in fit and in prediction.
import { InputError } from "#core/api/problem.ts";
import type { DatasetSpec, NumberFeature } from "#core/dataset/spec.ts";
import type { CategoryColumn, NumberColumn, Table } from "#core/dataset/table.ts";
import { codeOf, type Encoding, learnEncoding, leastSupport } from "./encoding.ts";
import type { Design } from "./least-squares.ts";
import { centredValue, learnMainNumber, type MainNumber, writeCurve } from "./main-number.ts";
import { clip, deviationOf, learnOtherNumber, type OtherNumber } from "./other-numbers.ts";
import type { LinearParams } from "./params.ts";

export interface LinearDesign {
  readonly params: LinearParams;
  readonly main: MainNumber | undefined;
  readonly encodings: readonly Encoding[];
  readonly others: readonly OtherNumber[];
  readonly names: readonly string[];
  /** Where each block of columns starts. Blocks: 1, curve, levels, deviations (and squares, and times the main number), missing, levels x curve, pairs. */
  readonly starts: {
    readonly levels: number;
    readonly others: number;
    readonly missing: number;
    readonly interactions: number;
    readonly pairs: number;
  };
}

/**
 * The main number: the spec's nearest-by, or else its first required number (an increasing one first), or else its first number at all,
 * whose mean then stands in where it is missing. Undefined for a spec without numbers.
 */
function findMainFeature(spec: DatasetSpec): NumberFeature | undefined {
  const numbers = spec.features.filter((feature) => feature.type === "number");
  const required = numbers.filter((feature) => feature.required);
  return (
    required.find((feature) => feature.name === spec.similar?.nearest) ??
    required.find((feature) => feature.monotone === "increasing") ??
    required[0] ??
    numbers[0]
  );
}

/** Widths of the plain columns that expectations rest on: 1, powers of the main number, levels. */
function plainWidth(main: MainNumber | undefined, encodings: readonly Encoding[]): number {
  return 1 + (main?.expectationPowers ?? 0) + encodings.reduce((sum, { names }) => sum + names.length, 0);
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
    this.plain = new Float64Array(plainWidth(design.main, design.encodings));
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

function checkColumn(name: string, column: ArrayLike<number>, isMissing: (value: number) => boolean): void {
  for (let i = 0; i < column.length; i++) if (!isMissing(column[i])) return;
  throw new InputError([
    { pointer: `/${name}`, detail: "expected a value in at least one training row; all are missing" },
  ]);
}

/** Learns everything about the columns from training rows. Throws InputError for a column without any value. */
export function learnDesign(
  spec: DatasetSpec,
  params: LinearParams,
  table: Table,
  weights: Float64Array,
): LinearDesign {
  const mainFeature = findMainFeature(spec);
  const encodings: Encoding[] = [];
  for (const feature of spec.features) {
    const column = table.columns[feature.name];
    if (feature.type === "number") checkColumn(feature.name, column, Number.isNaN);
    else {
      checkColumn(feature.name, column, (code) => code < 0);
      encodings.push(learnEncoding(feature, column as CategoryColumn, weights, params.categories));
    }
  }
  const main =
    mainFeature &&
    learnMainNumber(mainFeature, table.columns[mainFeature.name] as NumberColumn, weights, params);
  const reader = new RowReader({ main, encodings }, table);
  const plain: Design = {
    rows: table.rows,
    columns: reader.plain.length,
    writeRow: (index, into) => {
      reader.read(index);
      into.set(reader.plain);
    },
  };
  const others: OtherNumber[] = [];
  for (const feature of spec.features) {
    if (params.others === "none" || feature.type !== "number" || feature === mainFeature) continue;
    const column = table.columns[feature.name] as NumberColumn;
    const other = learnOtherNumber(feature, column, weights, plain, {
      numbers: params.numbers,
      leastSupport,
    });
    if (other) others.push(other);
  }
  return { params, main, encodings, others, ...layOut(params, main, encodings, others) };
}

function layOut(
  params: LinearParams,
  main: MainNumber | undefined,
  encodings: readonly Encoding[],
  others: readonly OtherNumber[],
): Pick<LinearDesign, "names" | "starts"> {
  const curve = main?.names ?? [];
  const levels = encodings.flatMap(({ names }) => names);
  const names = ["(intercept)", ...curve, ...levels];
  const start = { levels: 1 + curve.length, others: names.length, missing: 0, interactions: 0, pairs: 0 };
  const deviations = others.map(
    ({ feature, scale }) => `${scale.log ? `log ${feature}` : feature} deviation`,
  );
  names.push(...deviations);
  if (params.others === "curved") {
    names.push(...deviations.map((name) => `(${name})^2`));
    if (main) names.push(...deviations.map((name) => `${name} x ${curve[0]}`));
  }
  start.missing = names.length;
  names.push(...others.filter(({ indicator }) => indicator).map(({ feature }) => `${feature} missing`));
  start.interactions = names.length;
  if (params.interactions)
    names.push(...levels.flatMap((level) => curve.map((column) => `${level} x ${column}`)));
  start.pairs = names.length;
  if (params.pairs) {
    for (const [a, b] of pairsOf(encodings))
      names.push(...a.names.flatMap((left) => b.names.map((right) => `${left} x ${right}`)));
  }
  return { names, starts: start };
}

/** Every two encodings, the earlier first. */
export function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b): [T, T] => [a, b]));
}

/** The design over `table`'s rows. `reader` is left at the row that was written last. */
export function designOver(design: LinearDesign, table: Table): Design & { readonly reader: RowReader } {
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

/** Penalties of the columns that tell levels apart beyond their own price: curves by level (in units of the main number), pairs. */
export function penaltiesOf({ params, main, names, starts }: LinearDesign): Float64Array {
  const penalties = new Float64Array(names.length);
  penalties.fill(params.shrinkage * (main?.deviation ?? 1) ** 2, starts.interactions, starts.pairs);
  penalties.fill(params.shrinkage, starts.pairs);
  return penalties;
}

/** Which columns enough training rows fill; the others would only learn noise. */
export function supportedColumns(design: Design, weights: Float64Array): Uint8Array {
  const support = new Float64Array(design.columns);
  const row = new Float64Array(design.columns);
  for (let index = 0; index < design.rows; index++) {
    design.writeRow(index, row);
    for (let j = 0; j < row.length; j++) if (row[j] !== 0) support[j] += weights[index];
  }
  return Uint8Array.from(support, (filled) => (filled >= leastSupport ? 1 : 0));
}
