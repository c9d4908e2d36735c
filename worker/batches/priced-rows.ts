// Rows of a batch as prices or faults, in blocks that the evaluator takes at once.
import { type FieldError, InputError } from "#core/api/problem.ts";
import type { GivenRow } from "#core/dataset/csv-rows.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import { limits } from "../http/limits.ts";
import { notFinite, type Price, priceRows, type ServedModel } from "../serving/pricing.ts";
import type { Carried, CarriedColumns } from "./carried.ts";

/** A row's price or its faults, under its 0-based index, beside what it carries. */
export type PricedRow = { readonly index: number; readonly kept?: Carried } & (
  | Price
  | { readonly errors: readonly FieldError[] }
);

type CheckedRow = { readonly kept?: Carried } & (
  | { readonly row: Row }
  | { readonly errors: readonly FieldError[] }
);

function checkGiven(model: ServedModel, carried: CarriedColumns, given: GivenRow): CheckedRow {
  if ("errors" in given) return given;
  const { value, kept, errors } = carried.part(given.value);
  if (errors) return { errors };
  try {
    return { row: checkRow(model.spec, value), kept };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { errors: error.errors, kept };
  }
}

export interface PricingOptions {
  readonly coverage: number;
  readonly carried: CarriedColumns;
}

/** Each row's price or its faults; the first row has the index `start`. */
export function priceBlock(
  model: ServedModel,
  given: readonly GivenRow[],
  { coverage, carried }: PricingOptions,
  start = 0,
): PricedRow[] {
  const checked = given.map((one) => checkGiven(model, carried, one));
  const rows = checked.flatMap((one) => ("row" in one ? [one.row] : []));
  const prices = priceRows(model, rows, coverage).values();
  return checked.map((one, at) => {
    const place = { index: start + at, ...(one.kept ? { kept: one.kept } : {}) };
    if ("errors" in one) return { ...place, errors: one.errors };
    const price = prices.next().value;
    return price ? { ...place, ...price } : { ...place, errors: [notFinite] };
  });
}

/** Prices rows as they come, in their order, a block at a time. */
export async function* priceAll(
  model: ServedModel,
  groups: AsyncIterable<readonly GivenRow[]>,
  options: PricingOptions,
): AsyncGenerator<PricedRow[]> {
  let index = 0;
  for await (const group of groups) {
    for (let at = 0; at < group.length; at += limits.batchBlockRows) {
      const block = group.slice(at, at + limits.batchBlockRows);
      yield priceBlock(model, block, options, index);
      index += block.length;
    }
  }
}
