// The kernels in WebAssembly: binds the compiled module to a memory and packs histogram bins into integers.
import type { Kernels, MakeKernels } from "./kernels.ts";
import { type MemoryPlan, maxBins, stagingBytes } from "./layout.ts";
import { type CompiledModule, instantiate, type SharedMemory } from "./webassembly.ts";

/** What assembly/index.ts exports; all addresses are byte offsets. */
interface Exports {
  configure(...settings: number[]): void;
  clear: Kernels["clear"];
  histogram: Kernels["histogram"];
  addHistogram(into: number, from: number, bytes: number): void;
  subtractHistogram(from: number, what: number, bytes: number): void;
  findSplit: Kernels["findSplit"];
  partition: Kernels["partition"];
  partitionNode: Kernels["partitionNode"];
  addValue: Kernels["addValue"];
  addSplitValues: Kernels["addSplitValues"];
  walk: Kernels["walk"];
  residuals: Kernels["residuals"];
  largest: Kernels["largest"];
  quantize: Kernels["quantize"];
  toKeys: Kernels["toKeys"];
  sortKeys(keys: number, scratch: number, count: number, counters: number): void;
  binColumn(
    column: number,
    rows: number,
    cuts: number,
    half: number,
    missingBin: number,
    feature: number,
  ): void;
}

/** Makers of kernels from one compiled module: each thread instantiates it over the shared memory. */
export function wasmKernels(module: CompiledModule): MakeKernels {
  return (memory, plan, thread) => {
    return bind(instantiate(module, memory) as Exports, memory, plan, thread);
  };
}

function bind(kernels: Exports, memory: SharedMemory, plan: MemoryPlan, thread: number): Kernels {
  const { at, features: stride, lanes, countBits, slotBytes } = plan;
  kernels.configure(
    at.bins,
    at.columnBins,
    plan.allRows,
    stride,
    lanes,
    countBits,
    at.gradients,
    at.target,
    at.search,
    at.features,
    at.runs,
    at.nodes,
    at.tables,
    at.staging + thread * stagingBytes,
  );
  const floats = new Float32Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const perFeature = wasmFeatureBytes(lanes);
  // Counts fit into the low word, and BigInt would cost most of the time of a split by levels.
  const highFactor = 2 ** (32 - countBits);
  const mask = 2 ** countBits - 1;
  return {
    name: "wasm",
    clear: kernels.clear,
    histogram: kernels.histogram,
    addHistogram: (into, from) => kernels.addHistogram(into, from, slotBytes),
    subtractHistogram: (from, what) => kernels.subtractHistogram(from, what, slotBytes),
    readHistogram(histogram, feature, bins, out) {
      const first = (histogram + feature * perFeature) >> 2;
      for (let b = 0; b < bins; b++) {
        const last = first + (b * lanes + lanes - 1) * 2;
        const low = words[last];
        const high = words[last + 1] * highFactor + (low >>> countBits);
        out.counts[b] = low & mask;
        out.gradients[b] =
          lanes === 2 ? words[first + b * 4 + 1] * 2 ** 32 + (words[first + b * 4] >>> 0) : high;
        out.hessians[b] = lanes === 2 ? high : out.counts[b];
      }
    },
    findSplit: kernels.findSplit,
    partition: kernels.partition,
    partitionNode: kernels.partitionNode,
    addValue: kernels.addValue,
    addSplitValues: kernels.addSplitValues,
    walk: kernels.walk,
    residuals: kernels.residuals,
    largest: kernels.largest,
    quantize: kernels.quantize,
    toKeys: kernels.toKeys,
    sortKeys: (keys, scratch, count) => kernels.sortKeys(keys, scratch, count, scratch + plan.rows * 4),
    binColumn(column, rows, cuts, cutCount, missingBin, feature) {
      // The search halves a table one short of a power of two; no value is at or above a cut that is not a number.
      let power = 1;
      while (power - 1 < cutCount) power *= 2;
      floats.fill(Number.NaN, (cuts >> 2) + cutCount, (cuts >> 2) + power - 1);
      kernels.binColumn(column, rows, cuts, power >> 1, missingBin, feature);
    },
  };
}

/** Bytes of one feature's histogram: 256 bins of one or two int64 numbers, and a cache line between features. */
export function wasmFeatureBytes(lanes: 1 | 2): number {
  return maxBins * 8 * lanes + 64;
}
