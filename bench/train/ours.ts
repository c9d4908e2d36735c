// Our side of bench:train, in a process of its own: node bench/train/ours.ts FOLDER THREADS
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { fitEnsemble } from "../../trainer/families/boosting/fit.ts";
import { findModule } from "../../trainer/families/boosting/kernels/module.ts";
import { defaultSettings } from "../../trainer/families/boosting/options.ts";
import { predictTable } from "../../trainer/families/boosting/predict-table.ts";
import { measureFloor } from "./floor.ts";
import { type Cost, readNumbers, type Task } from "./task.ts";

const [folder, threadsText] = process.argv.slice(2);
const threads = Number(threadsText);
const task = JSON.parse(readFileSync(join(folder, "task.json"), "utf8")) as Task;

function columnsOf(part: string): Float32Array[] {
  return Array.from({ length: task.features }, (_, feature) => readNumbers(folder, `${part}-${feature}.f32`));
}

/** Bins that histograms read: all rows of the root, then those of the smaller child wherever a child may be split again. */
function countVisits({ trees }: TreeEnsemble): number {
  let rows = 0;
  for (const { left, right, cover } of trees) {
    const depth = new Uint8Array(left.length);
    rows += cover[0];
    for (let node = 0; node < left.length; node++) {
      if (left[node] === 0) continue;
      const children = [left[node], right[node]];
      for (const child of children) depth[child] = depth[node] + 1;
      const isSearched = (child: number) =>
        depth[child] < task.maxDepth && cover[child] >= 2 * task.minChildWeight;
      if (children.some(isSearched)) rows += Math.min(...children.map((child) => cover[child]));
    }
  }
  return rows * task.features;
}

// Compiling the kernels belongs to the set-up.
findModule();
const features = columnsOf("train").map((values, feature) => ({
  name: `f${feature}`,
  type: "number" as const,
  values,
}));
const target = readNumbers(folder, "train-target.f32");
const { trees, maxDepth, learningRate, lambda, minChildWeight, bins } = task;
const settings = { ...defaultSettings, trees, maxDepth, learningRate, lambda, minChildWeight, bins };

const before = process.resourceUsage().maxRSS / 1024;
const cpu = process.cpuUsage();
const wall = performance.now();
const { ensemble, history } = fitEnsemble({ rows: task.rows, features }, target, { ...settings, threads });
const used = process.cpuUsage(cpu);
const cost = {
  version: history.kernels,
  cpuSeconds: (used.user + used.system) / 1e6,
  wallSeconds: (performance.now() - wall) / 1e3,
  beforeMegabytes: before,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};

const test = columnsOf("test");
const table = {
  rows: task.testRows,
  columns: Object.fromEntries(test.map((values, feature) => [`f${feature}`, values])),
};
const predictions = `ours-${threads}.f32`;
writeFileSync(join(folder, predictions), Float32Array.from(predictTable(ensemble, table)));
const result: Cost = {
  ...cost,
  predictions,
  visits: countVisits(ensemble),
  floorNs: measureFloor(task.features),
};
console.log(JSON.stringify(result));
