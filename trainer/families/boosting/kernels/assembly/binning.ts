// Sorting a column's keys and finding each value's bin.
import { allRows, bins, columnBins, stride } from "./setting";

/** NaN is the one value that is not at or above, nor below, another. */
function isMissing(value: f32): bool {
  return !(value >= 0 || value < 0);
}

/** Order-keeping keys of the values that are not NaN: -0 counts as 0, and flipped bits make order of bits order of values. */
export function toKeys(column: usize, rows: i32, keys: usize): i32 {
  let at = keys;
  for (let row = 0; row < rows; row++) {
    const value = load<f32>(column + ((row as usize) << 2)) + (0 as f32);
    const bits = reinterpret<i32>(value);
    store<u32>(at, bits < 0 ? ~bits : bits ^ 0x80000000);
    at += isMissing(value) ? 0 : 4;
  }
  return ((at - keys) >> 2) as i32;
}

/** Least significant digit radix sort, four digits of eight bits; digits that are equal in all keys are skipped. */
export function sortKeys(keys: usize, scratch: usize, count: i32, counters: usize): void {
  const bytes = (count as usize) << 2;
  memory.fill(counters, 0, 4 * 1024);
  for (let i: usize = 0; i < bytes; i += 4) {
    const key = load<u32>(keys + i);
    for (let digit: u32 = 0; digit < 4; digit++) {
      const at = counters + (digit << 10) + (((key >> (digit << 3)) & 255) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
  let from = keys;
  let to = scratch;
  for (let digit: u32 = 0; digit < 4; digit++) {
    const table = counters + (digit << 10);
    let sum: u32 = 0;
    let isSpread = false;
    for (let value: usize = 0; value < 1024; value += 4) {
      const own = load<u32>(table + value);
      if (own > 0 && own < (count as u32)) isSpread = true;
      store<u32>(table + value, to + (sum << 2));
      sum += own;
    }
    if (!isSpread) continue;
    for (let i: usize = 0; i < bytes; i += 4) {
      const key = load<u32>(from + i);
      const at = table + (((key >> (digit << 3)) & 255) << 2);
      const place = load<u32>(at);
      store<u32>(at, place + 4);
      store<u32>(place, key);
    }
    const other = from;
    from = to;
    to = other;
  }
  if (from !== keys) memory.copy(keys, from, bytes);
}

/**
 * Bin of each value: how many of the cuts are at or below it, found by halving without a branch. `cuts` holds one less than a power of two
 * float32 numbers, `half` is half of that power; those beyond the last cut are infinite.
 */
export function binColumn(
  column: usize,
  rows: i32,
  cuts: usize,
  half: i32,
  missingBin: i32,
  feature: usize,
): void {
  let cell = bins + feature;
  const own = columnBins + feature * allRows;
  for (let row = 0; row < rows; row++) {
    const value = load<f32>(column + ((row as usize) << 2));
    let at: usize = 0;
    for (let step = (half as usize) << 2; step >= 4; step >>= 1) {
      at += load<f32>(cuts + at + step - 4) <= value ? step : 0;
    }
    const bin = isMissing(value) ? missingBin : ((at >> 2) as i32);
    store<u8>(cell, bin);
    store<u8>(own + (row as usize), bin);
    cell += stride;
  }
}
