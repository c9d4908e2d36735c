// What moves rows and margins: partition by routing table, leaf values, residuals, fixed point.
import { allRows, bins, columnBins, gradients, lanes, nodes, rowAt, stride, tables, target } from "./setting";

const nodeBytes: usize = 24 * 8;
const nodeFeature: usize = 10 * 8;
const nodeLeft: usize = 16 * 8;
const nodeRight: usize = 17 * 8;
const nodeValue: usize = 18 * 8;

/**
 * Sorts all rows of a node: what goes left from the front of `out`, the rest from its end. Each row is stored at both ends and one of them moves: all
 * between them is still free, so that no branch and no choice of address is needed.
 */
export function partitionNode(
  list: usize,
  start: i32,
  count: i32,
  feature: usize,
  table: usize,
  out: usize,
): void {
  const cells = columnBins + feature * allRows;
  const end = start + count;
  let l = out;
  let r = out + ((count as usize) << 2) - 4;
  if (list === 0) {
    for (let row = start as usize; row < (end as usize); row++) {
      const goesLeft = (load<u8>(table + (load<u8>(cells + row) as usize)) as usize) << 2;
      store<u32>(l, row as u32);
      store<u32>(r, row as u32);
      l += goesLeft;
      r += goesLeft - 4;
    }
    return;
  }
  const last = list + ((end as usize) << 2);
  for (let at = list + ((start as usize) << 2); at < last; at += 4) {
    const row = load<u32>(at) as usize;
    const goesLeft = (load<u8>(table + (load<u8>(cells + row) as usize)) as usize) << 2;
    store<u32>(l, row as u32);
    store<u32>(r, row as u32);
    l += goesLeft;
    r += goesLeft - 4;
  }
}

/** Sorts a part of a node's rows by the table without a branch: which pointer is stored to and moves is a matter of arithmetic. */
export function partition(
  list: usize,
  start: i32,
  count: i32,
  feature: usize,
  table: usize,
  left: usize,
  right: usize,
  step: i32,
): void {
  const cells = columnBins + feature * allRows;
  const move = (step * 4) as usize;
  let l = left;
  let r = right;
  let index = start;
  for (let k = 0; k < count; k++) {
    const row = rowAt(list, index);
    const goesLeft = load<u8>(table + (load<u8>(cells + row) as usize)) as usize;
    store<u32>(goesLeft ? l : r, row as u32);
    // 0 - goesLeft is all ones or all zeros.
    const part = move & (0 - goesLeft);
    l += part;
    r += move - part;
    index += step;
  }
}

export function addValue(list: usize, start: i32, count: i32, value: f32, margins: usize): void {
  for (let i = start; i < start + count; i++) {
    const margin = margins + (rowAt(list, i) << 2);
    store<f32>(margin, load<f32>(margin) + value);
  }
}

export function addSplitValues(
  list: usize,
  start: i32,
  count: i32,
  feature: usize,
  table: usize,
  leftValue: f32,
  rightValue: f32,
  margins: usize,
): void {
  const cells = columnBins + feature * allRows;
  for (let i = start; i < start + count; i++) {
    const row = rowAt(list, i);
    const goesLeft = load<u8>(table + (load<u8>(cells + row) as usize));
    const margin = margins + (row << 2);
    store<f32>(margin, load<f32>(margin) + (goesLeft ? leftValue : rightValue));
  }
}

export function walk(list: usize, start: i32, count: i32, margins: usize): void {
  for (let i = start; i < start + count; i++) {
    const row = rowAt(list, i);
    const cells = bins + row * stride;
    let id: usize = 0;
    let node = nodes;
    let left = load<f64>(node, nodeLeft) as usize;
    while (left !== 0) {
      const bin = load<u8>(cells + (load<f64>(node, nodeFeature) as usize)) as usize;
      id = load<u8>(tables + (id << 8) + bin) ? left : (load<f64>(node, nodeRight) as usize);
      node = nodes + id * nodeBytes;
      left = load<f64>(node, nodeLeft) as usize;
    }
    const margin = margins + (row << 2);
    store<f32>(margin, load<f32>(margin) + (load<f64>(node, nodeValue) as f32));
  }
}

/** Largest of four magnitudes; NaN where one is. */
function largestLane(four: v128): f64 {
  const a = max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1));
  const b = max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3));
  return max(a, b) as f64;
}

export function residuals(from: i32, to: i32, margins: usize): f64 {
  let most = f32x4.splat(0);
  let i = (from as usize) << 2;
  const end = (to as usize) << 2;
  for (; i + 16 <= end; i += 16) {
    const gradient = f32x4.sub(v128.load(margins + i), v128.load(target + i));
    v128.store(gradients + i, gradient);
    most = f32x4.max(most, f32x4.abs(gradient));
  }
  let largest = largestLane(most);
  for (; i < end; i += 4) {
    const gradient = load<f32>(margins + i) - load<f32>(target + i);
    store<f32>(gradients + i, gradient);
    largest = max(largest, abs(gradient) as f64);
  }
  return largest;
}

export function largest(from: i32, to: i32, lane: usize): f64 {
  const bytes: usize = lanes === 2 ? 8 : 4;
  let most: f32 = 0;
  for (let row = from; row < to; row++) {
    most = max(most, abs(load<f32>(gradients + (row as usize) * bytes + (lane << 2))));
  }
  return most as f64;
}

export function quantize(from: i32, to: i32, gradientScale: f64, hessianScale: f64): void {
  const isPair = lanes === 2;
  const bytes: usize = isPair ? 8 : 4;
  let row = from;
  if (!isPair) {
    const scale = f64x2.splat(gradientScale);
    for (; row + 2 <= to; row += 2) {
      const at = gradients + ((row as usize) << 2);
      const two = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(at)), scale);
      v128.store64_lane(at, i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(two)), 0);
    }
  }
  for (; row < to; row++) {
    const at = gradients + (row as usize) * bytes;
    store<i32>(at, nearest((load<f32>(at) as f64) * gradientScale) as i32);
    if (isPair) store<i32>(at, nearest((load<f32>(at, 4) as f64) * hessianScale) as i32, 4);
  }
}
