// The floor of a histogram: what one bin of one row costs where all of it lies in the nearest caches and nothing else is done.
import { planMemory } from "../../trainer/families/boosting/kernels/layout.ts";
import { findModule } from "../../trainer/families/boosting/kernels/module.ts";
import { plainFeatureBytes, plainKernels } from "../../trainer/families/boosting/kernels/plain.ts";
import { Views } from "../../trainer/families/boosting/kernels/views.ts";
import { wasmFeatureBytes, wasmKernels } from "../../trainer/families/boosting/kernels/wasm.ts";
import { allocate } from "../../trainer/families/boosting/kernels/webassembly.ts";
import { seeded } from "../../trainer/random.ts";

const rows = 1000;
const passes = 2000;
const tries = 5;

/** Nanoseconds of CPU a row and feature: the best of some tries over 1,000 rows of random bins. */
export function measureFloor(features: number): number {
  const module = findModule();
  const plan = planMemory({
    rows,
    allRows: rows,
    features,
    outputs: 1,
    lanes: 1,
    maxNodes: 1,
    slots: 1,
    threads: 1,
    hasWeights: false,
    hasProbabilities: false,
    featureHistogramBytes: module ? wasmFeatureBytes(1) : plainFeatureBytes(1),
  });
  const memory = allocate(plan.bytes);
  const kernels = module ? wasmKernels(module)(memory, plan, 0) : plainKernels(memory, plan);
  const { bytes, ints } = new Views(memory, plan);
  const random = seeded(1);
  for (let cell = 0; cell < rows * features; cell++) bytes[plan.at.bins + cell] = random() * 255;
  ints[plan.at.runs >> 2] = 0;
  ints[(plan.at.runs >> 2) + 1] = features;
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < tries; k++) {
    const start = process.cpuUsage();
    for (let pass = 0; pass < passes; pass++) kernels.histogram(0, 0, rows, 1, plan.at.histograms);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, ((user + system) * 1000) / (passes * rows * features));
  }
  return best;
}
