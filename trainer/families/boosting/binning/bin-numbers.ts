// Bins of one number column: sorted, cut, and every row's bin written into the row-major matrix.
import type { Kernels } from "../kernels/kernels.ts";
import { binnerBytes } from "../kernels/layout.ts";
import type { Views } from "../kernels/views.ts";
import { findCuts } from "./cuts.ts";

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** The float32 number of an order-keeping key (see Kernels.toKeys). */
function fromKey(key: number): number {
  word[0] = key & 0x80000000 ? key ^ 0x80000000 : ~key;
  return float[0];
}

/**
 * Bins `feature`, whose values wait in scratch slot `slot`. Results: how many training values there are, and 1 where one of them is infinite.
 */
export function binNumbers(
  views: Views,
  kernels: Kernels,
  feature: number,
  slot: number,
  bins: number,
  result: number,
): void {
  const { plan, words, doubles } = views;
  const column = plan.at.scratch + slot * binnerBytes(plan.rows, plan.allRows);
  const keys = column + plan.allRows * 4;
  const count = kernels.toKeys(column, plan.rows, keys);
  kernels.sortKeys(keys, keys + plan.rows * 4, count);
  const sorted = words.subarray(keys >> 2, (keys >> 2) + count);
  doubles[result] = count;
  doubles[result + 1] =
    count > 0 && !(Number.isFinite(fromKey(sorted[0])) && Number.isFinite(fromKey(sorted[count - 1])))
      ? 1
      : 0;
  if (count === 0 || doubles[result + 1] === 1) return;
  const { values, counts } = distinct(sorted, new Uint32Array(words.buffer, keys + plan.rows * 4, count));
  const weights = plan.hasWeights ? weigh(views, column, values) : counts;
  const cuts = findCuts(values, weights, bins);
  views.floats.set(cuts, views.cutsAddress(feature) >> 2);
  views.setFeature(feature, "bins", cuts.length + 1);
  views.setFeature(feature, "hasMissing", count < plan.rows ? 1 : 0);
  kernels.binColumn(column, plan.allRows, views.cutsAddress(feature), cuts.length, cuts.length + 1, feature);
}

/**
 * The distinct values of sorted keys and how often each occurs, over the keys and `room` themselves: a column of distinct numbers would
 * otherwise cost as much memory again.
 */
function distinct(sorted: Uint32Array, room: Uint32Array): { values: Float32Array; counts: Uint32Array } {
  const values = new Float32Array(sorted.buffer, sorted.byteOffset, sorted.length);
  let last = sorted[0];
  let length = 0;
  values[0] = fromKey(last);
  room[0] = 1;
  for (let i = 1; i < sorted.length; i++) {
    const key = sorted[i];
    if (key !== last) {
      last = key;
      length++;
      values[length] = fromKey(key);
      room[length] = 0;
    }
    room[length]++;
  }
  return { values: values.subarray(0, length + 1), counts: room.subarray(0, length + 1) };
}

/** The weight of each distinct value's rows. */
function weigh(views: Views, column: number, values: Float32Array): Float64Array {
  const { plan, floats } = views;
  const weights = new Float64Array(values.length);
  for (let row = 0; row < plan.rows; row++) {
    const value = floats[(column >> 2) + row];
    if (Number.isNaN(value)) continue;
    let low = 0;
    let high = values.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] < value) low = middle + 1;
      else high = middle;
    }
    weights[low] += floats[(plan.at.weights >> 2) + row];
  }
  return weights;
}
