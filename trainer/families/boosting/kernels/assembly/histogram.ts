// Histograms: the loop that training spends its time in. A bin is one int64 that packs gradient and row count, so that a row costs a feature
// one load, one add and one store; with hessians that differ by row it is two.
import { bins, countBits, gradients, lanes, rowAt, runs, stride } from "./setting";

/** Bytes of a feature's bins: 256, and a cache line so that features do not fall on each other's lines. */
const feature1: usize = 256 * 8 + 64;
const feature2: usize = 256 * 16 + 64;

/** Rows whose bins stay in the nearest cache while block after block of columns reads them. */
const chunk = 128;

/** Gradient in the high bits, one row in the low ones. */
function oneLane(row: usize): i64 {
  return ((load<i32>(gradients + (row << 2)) as i64) << countBits) + 1;
}

/** Gradient in one half; hessian and one row in the other. */
function twoLanes(row: usize): v128 {
  const at = gradients + (row << 3);
  const hessian = ((load<i32>(at, 4) as i64) << countBits) + 1;
  return i64x2.replace_lane(i64x2.splat(load<i32>(at) as i64), 1, hessian);
}

function block8(cells: usize, histogram: usize, value: i64): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 0 * feature1) + value, 0 * feature1);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 1 * feature1) + value, 1 * feature1);
  bin = histogram + ((load<u8>(cells, 2) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 2 * feature1) + value, 2 * feature1);
  bin = histogram + ((load<u8>(cells, 3) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 3 * feature1) + value, 3 * feature1);
  bin = histogram + ((load<u8>(cells, 4) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 4 * feature1) + value, 4 * feature1);
  bin = histogram + ((load<u8>(cells, 5) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 5 * feature1) + value, 5 * feature1);
  bin = histogram + ((load<u8>(cells, 6) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 6 * feature1) + value, 6 * feature1);
  bin = histogram + ((load<u8>(cells, 7) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 7 * feature1) + value, 7 * feature1);
}

function block4(cells: usize, histogram: usize, value: i64): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 0 * feature1) + value, 0 * feature1);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 1 * feature1) + value, 1 * feature1);
  bin = histogram + ((load<u8>(cells, 2) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 2 * feature1) + value, 2 * feature1);
  bin = histogram + ((load<u8>(cells, 3) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 3 * feature1) + value, 3 * feature1);
}

function block2(cells: usize, histogram: usize, value: i64): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 0 * feature1) + value, 0 * feature1);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 1 * feature1) + value, 1 * feature1);
}

function block1(cells: usize, histogram: usize, value: i64): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 0 * feature1) + value, 0 * feature1);
}

function sweep(list: usize, from: i32, to: i32, runCount: i32, histogram: usize): void {
  for (let run = 0; run < runCount; run++) {
    const pair = runs + ((run as usize) << 3);
    let column = load<i32>(pair) as usize;
    const last = column + (load<i32>(pair, 4) as usize);
    for (; column + 8 <= last; column += 8) {
      const cells = bins + column;
      const base = histogram + column * feature1;
      for (let i = from; i < to; i++) {
        const row = rowAt(list, i);
        block8(cells + row * stride, base, oneLane(row));
      }
    }
    for (; column + 4 <= last; column += 4) {
      const cells = bins + column;
      const base = histogram + column * feature1;
      for (let i = from; i < to; i++) {
        const row = rowAt(list, i);
        block4(cells + row * stride, base, oneLane(row));
      }
    }
    for (; column + 2 <= last; column += 2) {
      const cells = bins + column;
      const base = histogram + column * feature1;
      for (let i = from; i < to; i++) {
        const row = rowAt(list, i);
        block2(cells + row * stride, base, oneLane(row));
      }
    }
    for (; column + 1 <= last; column += 1) {
      const cells = bins + column;
      const base = histogram + column * feature1;
      for (let i = from; i < to; i++) {
        const row = rowAt(list, i);
        block1(cells + row * stride, base, oneLane(row));
      }
    }
  }
}

function pairBlock8(cells: usize, histogram: usize, value: v128): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 0 * feature2), value), 0 * feature2);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 1 * feature2), value), 1 * feature2);
  bin = histogram + ((load<u8>(cells, 2) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 2 * feature2), value), 2 * feature2);
  bin = histogram + ((load<u8>(cells, 3) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 3 * feature2), value), 3 * feature2);
  bin = histogram + ((load<u8>(cells, 4) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 4 * feature2), value), 4 * feature2);
  bin = histogram + ((load<u8>(cells, 5) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 5 * feature2), value), 5 * feature2);
  bin = histogram + ((load<u8>(cells, 6) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 6 * feature2), value), 6 * feature2);
  bin = histogram + ((load<u8>(cells, 7) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 7 * feature2), value), 7 * feature2);
}

function pairBlock4(cells: usize, histogram: usize, value: v128): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 0 * feature2), value), 0 * feature2);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 1 * feature2), value), 1 * feature2);
  bin = histogram + ((load<u8>(cells, 2) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 2 * feature2), value), 2 * feature2);
  bin = histogram + ((load<u8>(cells, 3) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 3 * feature2), value), 3 * feature2);
}

function pairBlock2(cells: usize, histogram: usize, value: v128): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 0 * feature2), value), 0 * feature2);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 1 * feature2), value), 1 * feature2);
}

function pairBlock1(cells: usize, histogram: usize, value: v128): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 0 * feature2), value), 0 * feature2);
}

function sweepPairs(list: usize, from: i32, to: i32, runCount: i32, histogram: usize): void {
  for (let run = 0; run < runCount; run++) {
    const pair = runs + ((run as usize) << 3);
    let column = load<i32>(pair) as usize;
    const last = column + (load<i32>(pair, 4) as usize);
    for (; column + 8 <= last; column += 8) {
      const cells = bins + column;
      const base = histogram + column * feature2;
      for (let i = from; i < to; i++) {
        const row = rowAt(list, i);
        pairBlock8(cells + row * stride, base, twoLanes(row));
      }
    }
    for (; column + 4 <= last; column += 4) {
      const cells = bins + column;
      const base = histogram + column * feature2;
      for (let i = from; i < to; i++) {
        const row = rowAt(list, i);
        pairBlock4(cells + row * stride, base, twoLanes(row));
      }
    }
    for (; column + 2 <= last; column += 2) {
      const cells = bins + column;
      const base = histogram + column * feature2;
      for (let i = from; i < to; i++) {
        const row = rowAt(list, i);
        pairBlock2(cells + row * stride, base, twoLanes(row));
      }
    }
    for (; column + 1 <= last; column += 1) {
      const cells = bins + column;
      const base = histogram + column * feature2;
      for (let i = from; i < to; i++) {
        const row = rowAt(list, i);
        pairBlock1(cells + row * stride, base, twoLanes(row));
      }
    }
  }
}

/** Adds rows `start` to `start + count` of `list` to the histograms of all columns in the runs. */
export function histogram(list: usize, start: i32, count: i32, runCount: i32, address: usize): void {
  const end = start + count;
  for (let from = start; from < end; from += chunk) {
    const to = min(from + chunk, end);
    if (lanes === 1) sweep(list, from, to, runCount, address);
    else sweepPairs(list, from, to, runCount, address);
  }
}

/** into += from; `bytes` is a multiple of 64. */
export function addHistogram(into: usize, from: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(into + i, i64x2.add(v128.load(into + i), v128.load(from + i)));
  }
}

/** from -= what; `bytes` is a multiple of 64. */
export function subtractHistogram(from: usize, what: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(from + i, i64x2.sub(v128.load(from + i), v128.load(what + i)));
  }
}

export function clear(address: usize, bytes: usize): void {
  memory.fill(address, 0, bytes);
}
