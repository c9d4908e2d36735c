// Rows of a batch as prices or faults, in blocks that the evaluator takes at once.
import { type FieldError, InputError } from "#core/api/problem.ts";
import type { GivenRow } from "#core/dataset/csv-rows.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import { limits } from "../http/limits.ts";
import { notFinite, type Price, priceRows, type ServedModel } from "../serving/pricing.ts";

/** A row's price or its faults, under its 0-based index. */
export type PricedRow = { readonly index: number } & (Price | { readonly errors: readonly FieldError[] });

function checkGiven(model: ServedModel, given: GivenRow): Row | readonly FieldError[] {
  if ("errors" in given) return given.errors;
  try {
    return checkRow(model.spec, given.value);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.errors;
  }
}

const isFaulty = (checked: Row | readonly FieldError[]): checked is readonly FieldError[] =>
  Array.isArray(checked);

/** Each row's price or its faults; the first row has the index `start`. */
export function priceBlock(
  model: ServedModel,
  given: readonly GivenRow[],
  coverage: number,
  start = 0,
): PricedRow[] {
  const checked = given.map((one) => checkGiven(model, one));
  const rows = checked.filter((one): one is Row => !isFaulty(one));
  const prices = priceRows(model, rows, coverage).values();
  return checked.map((one, at) => {
    const index = start + at;
    if (isFaulty(one)) return { index, errors: one };
    const price = prices.next().value;
    return price ? { index, ...price } : { index, errors: [notFinite] };
  });
}

/** Prices rows as they come, in their order, a block at a time. */
export async function* priceAll(
  model: ServedModel,
  groups: AsyncIterable<readonly GivenRow[]>,
  coverage: number,
): AsyncGenerator<PricedRow[]> {
  let index = 0;
  for await (const group of groups) {
    for (let at = 0; at < group.length; at += limits.batchBlockRows) {
      const block = group.slice(at, at + limits.batchBlockRows);
      yield priceBlock(model, block, coverage, index);
      index += block.length;
    }
  }
}
