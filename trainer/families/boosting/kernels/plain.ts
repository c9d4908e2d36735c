// The kernels in plain TypeScript: what runs where WebAssembly is not built, and what the WebAssembly is held against, bit for bit.
import type { Kernels } from "./kernels.ts";
import { type MemoryPlan, maxBins } from "./layout.ts";
import { plainSplitFinder } from "./plain-split.ts";
import { leafValue } from "./walk.ts";
import type { SharedMemory } from "./webassembly.ts";

/** Adding and taking away 1.5 x 2^52 rounds a float64 to the nearest integer, ties to even, as WebAssembly's f64.nearest does. */
const rounder = 6755399441055744;

/** Kernels over `memory`; a histogram bin is [gradient, count] and, with two lanes, hessian: float64 numbers that hold integers. */
export function plainKernels(memory: SharedMemory, plan: MemoryPlan): Kernels {
  const { buffer } = memory;
  const bytes = new Uint8Array(buffer);
  const ints = new Int32Array(buffer);
  const words = new Uint32Array(buffer);
  const floats = new Float32Array(buffer);
  const doubles = new Float64Array(buffer);
  const { at, features: stride, lanes } = plan;
  const perBin = lanes + 1;
  const perFeature = plainFeatureBytes(lanes) / 8;
  const slotNumbers = stride * perFeature;

  const rowAt = (list: number, index: number) => (list === 0 ? index : words[(list >> 2) + index]);

  /** Adds one row's gradient (and hessian) to the bins of one run of columns. */
  const addRow = (row: number, first: number, length: number, histogram: number) => {
    const cells = at.bins + row * stride + first;
    const source = (at.gradients >> 2) + row * lanes;
    const gradient = ints[source];
    let base = (histogram >> 3) + first * perFeature;
    for (let k = 0; k < length; k++) {
      const bin = base + bytes[cells + k] * perBin;
      doubles[bin] += gradient;
      doubles[bin + 1] += 1;
      if (lanes === 2) doubles[bin + 2] += ints[source + 1];
      base += perFeature;
    }
  };

  return {
    name: "plain",
    clear: (address, length) => {
      bytes.fill(0, address, address + length);
    },
    histogram(list, start, count, runs, histogram) {
      for (let i = start; i < start + count; i++) {
        const row = rowAt(list, i);
        for (let run = 0; run < runs; run++) {
          const pair = (at.runs >> 2) + run * 2;
          addRow(row, ints[pair], ints[pair + 1], histogram);
        }
      }
    },
    addHistogram(into, from) {
      for (let i = 0; i < slotNumbers; i++) doubles[(into >> 3) + i] += doubles[(from >> 3) + i];
    },
    subtractHistogram(from, what) {
      for (let i = 0; i < slotNumbers; i++) doubles[(from >> 3) + i] -= doubles[(what >> 3) + i];
    },
    readHistogram(histogram, feature, bins, out) {
      let bin = (histogram >> 3) + feature * perFeature;
      for (let b = 0; b < bins; b++, bin += perBin) {
        out.gradients[b] = doubles[bin];
        out.counts[b] = doubles[bin + 1];
        out.hessians[b] = doubles[bin + lanes];
      }
    },
    findSplit: plainSplitFinder(memory, plan, perBin, perFeature),
    partitionNode(list, start, count, feature, table, out) {
      let l = out >> 2;
      let r = l + count - 1;
      for (let i = start; i < start + count; i++) {
        const row = rowAt(list, i);
        if (bytes[table + bytes[at.columnBins + feature * plan.allRows + row]] === 1) words[l++] = row;
        else words[r--] = row;
      }
    },
    partition(list, start, count, feature, table, left, right, step) {
      let l = left >> 2;
      let r = right >> 2;
      for (let k = 0, i = start; k < count; k++, i += step) {
        const row = rowAt(list, i);
        if (bytes[table + bytes[at.columnBins + feature * plan.allRows + row]] === 1) {
          words[l] = row;
          l += step;
        } else {
          words[r] = row;
          r += step;
        }
      }
    },
    addValue(list, start, count, value, margins) {
      for (let i = start; i < start + count; i++) floats[(margins >> 2) + rowAt(list, i)] += value;
    },
    addSplitValues(list, start, count, feature, table, leftValue, rightValue, margins) {
      for (let i = start; i < start + count; i++) {
        const row = rowAt(list, i);
        const goesLeft = bytes[table + bytes[at.columnBins + feature * plan.allRows + row]] === 1;
        floats[(margins >> 2) + row] += goesLeft ? leftValue : rightValue;
      }
    },
    walk(list, start, count, margins) {
      for (let i = start; i < start + count; i++) {
        const row = rowAt(list, i);
        const cells = at.bins + row * stride;
        floats[(margins >> 2) + row] += leafValue(doubles, bytes, at, cells);
      }
    },
    residuals(from, to, margins) {
      let most = 0;
      for (let row = from; row < to; row++) {
        const gradient = Math.fround(floats[(margins >> 2) + row] - floats[(at.target >> 2) + row]);
        floats[(at.gradients >> 2) + row] = gradient;
        most = Math.max(most, Math.abs(gradient));
      }
      return most;
    },
    largest(from, to, lane) {
      let most = 0;
      for (let row = from; row < to; row++) {
        most = Math.max(most, Math.abs(floats[(at.gradients >> 2) + row * lanes + lane]));
      }
      return most;
    },
    quantize(from, to, gradientScale, hessianScale) {
      const start = at.gradients >> 2;
      for (let i = start + from * lanes; i < start + to * lanes; i += lanes) {
        ints[i] = floats[i] * gradientScale + rounder - rounder;
        if (lanes === 2) ints[i + 1] = floats[i + 1] * hessianScale + rounder - rounder;
      }
    },
    sortKeys(keys, scratch, count) {
      void scratch;
      words.subarray(keys >> 2, (keys >> 2) + count).sort();
    },
    toKeys(column, rows, keys) {
      let count = keys >> 2;
      for (let row = 0; row < rows; row++) {
        const value = floats[(column >> 2) + row];
        if (Number.isNaN(value)) continue;
        // Adding 0 makes one zero of the two. Flipping the sign bit, or all bits of a negative number, makes order of bits order of values.
        floats[count] = value + 0;
        const bits = ints[count];
        words[count++] = bits < 0 ? ~bits : bits ^ 0x80000000;
      }
      return count - (keys >> 2);
    },
    binColumn(column, rows, cuts, cutCount, missingBin, feature) {
      for (let row = 0; row < rows; row++) {
        const value = floats[(column >> 2) + row];
        let low = 0;
        let high = cutCount;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (floats[(cuts >> 2) + middle] <= value) low = middle + 1;
          else high = middle;
        }
        const bin = Number.isNaN(value) ? missingBin : low;
        bytes[at.bins + row * stride + feature] = bin;
        bytes[at.columnBins + feature * plan.allRows + row] = bin;
      }
    },
  };
}

/** Bytes of one feature's histogram: 256 bins of two or three float64 numbers, and a cache line between features. */
export function plainFeatureBytes(lanes: 1 | 2): number {
  return maxBins * (lanes + 1) * 8 + 64;
}
