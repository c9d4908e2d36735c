// Histograms: the loop that training spends its time in. A bin is one int64 that packs gradient and row count, so that a row costs a feature
// one load, one add and one store; with hessians that differ by row it is two.
import { bins, countBits, gradients, lanes, runs, staging, stride } from "./setting";

/** Bytes of a feature's bins: 256, and a cache line so that features do not fall on each other's lines. */
const feature1: usize = 256 * 8 + 64;
const feature2: usize = 256 * 16 + 64;

/**
 * How many of `left` columns are read side by side: at most five, and equally many each time if it can be. A bin that row after row falls into is a chain
 * of stores and loads, and only other columns can fill its waits: a lone column would take twice as long.
 */
function blockSize(left: usize): usize {
  const blocks = (left + 4) / 5;
  return (left + blocks - 1) / blocks;
}

/** Rows that are staged together: few enough for their bins to stay in the nearest cache while block after block of columns reads them. */
const chunk = 64;

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

/** Where `stage` leaves its sum: while it can be asked for, no compiler may drop the loads. */
let touched: u32 = 0;

export function lastTouched(): u32 {
  return touched;
}

/**
 * Writes the address of each row's bins and what the row adds to a bin: [address, value] at 0 and 8, or at 0 and 16 for a pair. Reads the first and
 * last bin on the way: so short a loop has dozens of cache misses under way at once, where the long one that follows would wait for them a few at a
 * time. Over sparse rows that saves a third of a histogram.
 */
function stage(list: usize, from: i32, to: i32): usize {
  const last = stride - 1;
  const isPair = lanes === 2;
  let at = staging;
  let sum: u32 = 0;
  for (let i = from; i < to; i++) {
    const row = load<u32>(list + ((i as usize) << 2)) as usize;
    const cells = bins + row * stride;
    sum += load<u8>(cells) + load<u8>(cells + last);
    store<u32>(at, cells as u32);
    if (isPair) v128.store(at, twoLanes(row), 16);
    else store<i64>(at, oneLane(row), 8);
    at += 32;
  }
  touched = sum;
  return at;
}

function block5(cells: usize, histogram: usize, value: i64): void {
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

function block3(cells: usize, histogram: usize, value: i64): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 0 * feature1) + value, 0 * feature1);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 1 * feature1) + value, 1 * feature1);
  bin = histogram + ((load<u8>(cells, 2) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 2 * feature1) + value, 2 * feature1);
}

function block2(cells: usize, histogram: usize, value: i64): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 0 * feature1) + value, 0 * feature1);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 1 * feature1) + value, 1 * feature1);
}

function block1(cells: usize, histogram: usize, value: i64): void {
  const bin = histogram + ((load<u8>(cells, 0) as usize) << 3);
  store<i64>(bin, load<i64>(bin, 0 * feature1) + value, 0 * feature1);
}

function sweep(from: usize, to: usize, runCount: i32, histogram: usize): void {
  for (let run = 0; run < runCount; run++) {
    const pair = runs + ((run as usize) << 3);
    let column = load<i32>(pair) as usize;
    const last = column + (load<i32>(pair, 4) as usize);
    while (column < last) {
      const size = blockSize(last - column);
      const base = histogram + column * feature1;
      let cells = bins + from * stride + column;
      if (size === 5) {
        for (let row = from; row < to; row++) {
          block5(cells, base, oneLane(row));
          cells += stride;
        }
      } else if (size === 4) {
        for (let row = from; row < to; row++) {
          block4(cells, base, oneLane(row));
          cells += stride;
        }
      } else if (size === 3) {
        for (let row = from; row < to; row++) {
          block3(cells, base, oneLane(row));
          cells += stride;
        }
      } else if (size === 2) {
        for (let row = from; row < to; row++) {
          block2(cells, base, oneLane(row));
          cells += stride;
        }
      } else {
        for (let row = from; row < to; row++) {
          block1(cells, base, oneLane(row));
          cells += stride;
        }
      }
      column += size;
    }
  }
}

function sweepStaged(end: usize, runCount: i32, histogram: usize): void {
  for (let run = 0; run < runCount; run++) {
    const pair = runs + ((run as usize) << 3);
    let column = load<i32>(pair) as usize;
    const last = column + (load<i32>(pair, 4) as usize);
    while (column < last) {
      const size = blockSize(last - column);
      const base = histogram + column * feature1;
      if (size === 5) {
        for (let at = staging; at < end; at += 32) {
          block5((load<u32>(at) as usize) + column, base, load<i64>(at, 8));
        }
      } else if (size === 4) {
        for (let at = staging; at < end; at += 32) {
          block4((load<u32>(at) as usize) + column, base, load<i64>(at, 8));
        }
      } else if (size === 3) {
        for (let at = staging; at < end; at += 32) {
          block3((load<u32>(at) as usize) + column, base, load<i64>(at, 8));
        }
      } else if (size === 2) {
        for (let at = staging; at < end; at += 32) {
          block2((load<u32>(at) as usize) + column, base, load<i64>(at, 8));
        }
      } else {
        for (let at = staging; at < end; at += 32) {
          block1((load<u32>(at) as usize) + column, base, load<i64>(at, 8));
        }
      }
      column += size;
    }
  }
}

function pairBlock5(cells: usize, histogram: usize, value: v128): void {
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

function pairBlock3(cells: usize, histogram: usize, value: v128): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 0 * feature2), value), 0 * feature2);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 1 * feature2), value), 1 * feature2);
  bin = histogram + ((load<u8>(cells, 2) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 2 * feature2), value), 2 * feature2);
}

function pairBlock2(cells: usize, histogram: usize, value: v128): void {
  let bin: usize;
  bin = histogram + ((load<u8>(cells, 0) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 0 * feature2), value), 0 * feature2);
  bin = histogram + ((load<u8>(cells, 1) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 1 * feature2), value), 1 * feature2);
}

function pairBlock1(cells: usize, histogram: usize, value: v128): void {
  const bin = histogram + ((load<u8>(cells, 0) as usize) << 4);
  v128.store(bin, i64x2.add(v128.load(bin, 0 * feature2), value), 0 * feature2);
}

function sweepPairs(from: usize, to: usize, runCount: i32, histogram: usize): void {
  for (let run = 0; run < runCount; run++) {
    const pair = runs + ((run as usize) << 3);
    let column = load<i32>(pair) as usize;
    const last = column + (load<i32>(pair, 4) as usize);
    while (column < last) {
      const size = blockSize(last - column);
      const base = histogram + column * feature2;
      let cells = bins + from * stride + column;
      if (size === 5) {
        for (let row = from; row < to; row++) {
          pairBlock5(cells, base, twoLanes(row));
          cells += stride;
        }
      } else if (size === 4) {
        for (let row = from; row < to; row++) {
          pairBlock4(cells, base, twoLanes(row));
          cells += stride;
        }
      } else if (size === 3) {
        for (let row = from; row < to; row++) {
          pairBlock3(cells, base, twoLanes(row));
          cells += stride;
        }
      } else if (size === 2) {
        for (let row = from; row < to; row++) {
          pairBlock2(cells, base, twoLanes(row));
          cells += stride;
        }
      } else {
        for (let row = from; row < to; row++) {
          pairBlock1(cells, base, twoLanes(row));
          cells += stride;
        }
      }
      column += size;
    }
  }
}

function sweepStagedPairs(end: usize, runCount: i32, histogram: usize): void {
  for (let run = 0; run < runCount; run++) {
    const pair = runs + ((run as usize) << 3);
    let column = load<i32>(pair) as usize;
    const last = column + (load<i32>(pair, 4) as usize);
    while (column < last) {
      const size = blockSize(last - column);
      const base = histogram + column * feature2;
      if (size === 5) {
        for (let at = staging; at < end; at += 32) {
          pairBlock5((load<u32>(at) as usize) + column, base, v128.load(at, 16));
        }
      } else if (size === 4) {
        for (let at = staging; at < end; at += 32) {
          pairBlock4((load<u32>(at) as usize) + column, base, v128.load(at, 16));
        }
      } else if (size === 3) {
        for (let at = staging; at < end; at += 32) {
          pairBlock3((load<u32>(at) as usize) + column, base, v128.load(at, 16));
        }
      } else if (size === 2) {
        for (let at = staging; at < end; at += 32) {
          pairBlock2((load<u32>(at) as usize) + column, base, v128.load(at, 16));
        }
      } else {
        for (let at = staging; at < end; at += 32) {
          pairBlock1((load<u32>(at) as usize) + column, base, v128.load(at, 16));
        }
      }
      column += size;
    }
  }
}

/** Adds rows `start` to `start + count` of `list` to the histograms of all columns in the runs. */
export function histogram(list: usize, start: i32, count: i32, runCount: i32, address: usize): void {
  const end = start + count;
  for (let from = start; from < end; from += chunk) {
    const to = min(from + chunk, end);
    if (list === 0) {
      if (lanes === 1) sweep(from as usize, to as usize, runCount, address);
      else sweepPairs(from as usize, to as usize, runCount, address);
    } else {
      const staged = stage(list, from, to);
      if (lanes === 1) sweepStaged(staged, runCount, address);
      else sweepStagedPairs(staged, runCount, address);
    }
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
