// The design matrix of the linear family: which columns a row becomes, learnt from training rows, the same in fit and in prediction.

import { InputError } from "#core/api/problem.ts";
import type { NumberFeature } from "#core/dataset/feature.ts";
import { nearestNumber } from "#core/dataset/nearest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { CategoryColumn, NumberColumn, Table } from "#core/dataset/table.ts";
import { RowReader } from "#core/linear/design-rows.ts";
import {
  type Encoding,
  type LinearDesign,
  layOutDesign,
  type OtherNumber,
} from "#core/linear/linear-design.ts";
import { learnEncoding, leastSupport } from "./encoding.ts";
import type { Design } from "./least-squares.ts";
import { learnMainNumber } from "./main-number.ts";
import { learnOtherNumber } from "./other-numbers.ts";
import type { LinearParams } from "./params.ts";

/** The design with every setting it was learnt with. */
export type LearntDesign = LinearDesign & { readonly params: LinearParams };

/**
 * The main number: the spec's nearest-by, or else its first required number (an increasing one first), or else its first number at all,
 * whose mean then stands in where it is missing. Undefined for a spec without numbers.
 */
function findMainFeature(spec: DatasetSpec): NumberFeature | undefined {
  const numbers = spec.features.filter((feature) => feature.type === "number");
  const required = numbers.filter((feature) => feature.required);
  return (
    required.find((feature) => feature.name === nearestNumber(spec)) ??
    required.find((feature) => feature.monotone === "increasing") ??
    required[0] ??
    numbers[0]
  );
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
): LearntDesign {
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
  return layOutDesign({ params, main, encodings, others });
}

/** Penalties of the columns that tell levels apart beyond their own price: curves by level (in units of the main number), pairs. */
export function penaltiesOf({ params, main, names, starts }: LearntDesign): Float64Array {
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
