// bench:train: our boosted trees against XGBoost and LightGBM, the same rows and settings, each fit in a process of its own.
//
//   node bench/train/index.ts [--quick | --large] [--repeats 3] [--threads 1,2] [--python bench/peers/.venv/bin/python]
//
// CPU time is the measure: sides take turns, the least of the repeats counts, and other work on the machine weighs little in it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { meanAbsoluteError, rootMeanSquaredError } from "#core/metrics/regression.ts";
import { diamonds, type Problem, synthetic } from "./problem.ts";
import { printTable } from "./table.ts";
import { type Cost, readNumbers, writeTask } from "./task.ts";

const root = join(import.meta.dirname, "../..");
const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    large: { type: "boolean", default: false },
    repeats: { type: "string", default: "3" },
    threads: { type: "string", default: "1,2" },
    python: { type: "string", default: join(root, "bench/peers/.venv/bin/python") },
  },
});

function positives(name: "repeats" | "threads"): number[] {
  const numbers = values[name].split(",").map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number >= 1)) return numbers;
  console.error(`--${name}: expected integers of at least 1; got ${values[name]}`);
  process.exit(2);
}

interface Side {
  readonly name: string;
  readonly command: string;
  readonly script: string;
}

const own: Side = { name: "ours", command: process.execPath, script: join(import.meta.dirname, "ours.ts") };

/** The rivals that this Python can import; says which are left out. */
function findPeers(): Side[] {
  return ["xgboost", "lightgbm"].flatMap((name) => {
    try {
      execFileSync(values.python, ["-c", `import numpy, ${name}`], { stdio: "ignore" });
      return [{ name, command: values.python, script: join(root, `bench/peers/train_${name}.py`) }];
    } catch {
      console.log(
        `${name} is not installed for ${values.python}: left out (node bench/peers/setup.mjs installs it)`,
      );
      return [];
    }
  });
}

function runSide({ command, script }: Side, folder: string, threads: number): Cost {
  const args = [script, folder, String(threads)];
  const output = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(output.trim().split("\n").at(-1)!) as Cost;
}

/** Runs all sides in turn; keeps each one's least CPU, wall and memory. */
function contest(sides: readonly Side[], folder: string, threads: number, repeats: number): Cost[] {
  const best = new Map<string, Cost>();
  for (let k = 0; k < repeats; k++) {
    for (const side of sides) {
      const cost = runSide(side, folder, threads);
      const before = best.get(side.name) ?? cost;
      best.set(side.name, {
        ...cost,
        cpuSeconds: Math.min(before.cpuSeconds, cost.cpuSeconds),
        wallSeconds: Math.min(before.wallSeconds, cost.wallSeconds),
        peakMegabytes: Math.min(before.peakMegabytes, cost.peakMegabytes),
        ...(cost.floorNs ? { floorNs: Math.min(before.floorNs!, cost.floorNs) } : {}),
      });
    }
  }
  return sides.map(({ name }) => best.get(name)!);
}

function ratio(cost: number, rival: number | undefined): string {
  return rival === undefined ? "" : (cost / rival).toFixed(2);
}

function compare(
  sides: readonly Side[],
  problem: Problem,
  threadCounts: readonly number[],
  repeats: number,
): void {
  const folder = mkdtempSync(join(tmpdir(), "bench-train-"));
  try {
    const task = writeTask(folder, problem);
    console.log(
      `\n${problem.name}: ${task.rows} rows, ${task.features} features, ${task.trees} trees of depth ${task.maxDepth}`,
    );
    const lines: string[][] = [];
    for (const threads of threadCounts) {
      const costs = contest(sides, folder, threads, repeats);
      const rival = costs[sides.findIndex(({ name }) => name === "xgboost")];
      costs.forEach((cost, k) => {
        const predicted = readNumbers(folder, cost.predictions);
        lines.push([
          `${sides[k].name} ${cost.version}`,
          String(threads),
          cost.cpuSeconds.toFixed(2),
          ratio(cost.cpuSeconds, rival?.cpuSeconds),
          cost.wallSeconds.toFixed(2),
          ratio(cost.wallSeconds, rival?.wallSeconds),
          cost.peakMegabytes.toFixed(0),
          (cost.peakMegabytes - cost.beforeMegabytes).toFixed(0),
          rootMeanSquaredError(problem.test.target, predicted).toFixed(5),
          meanAbsoluteError(problem.test.target, predicted).toFixed(5),
        ]);
      });
      if (threads === 1) explainFloor(costs[0], problem.name);
    }
    printTable(["", "threads", "CPU s", "/XGB", "wall s", "/XGB", "peak MB", "by fit", "RMSE", "MAE"], lines);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function explainFloor({ cpuSeconds, visits, floorNs }: Cost, name: string): void {
  if (visits === undefined || floorNs === undefined) return;
  const spent = (cpuSeconds * 1e9) / visits;
  console.log(
    `${name}: ${(visits / 1e9).toFixed(2)} G bins read; ${spent.toFixed(2)} ns each for the whole fit, ${floorNs.toFixed(2)} ns is the floor of the histogram alone (${((100 * floorNs) / spent).toFixed(0)} %)`,
  );
}

const problems: (() => Problem | Promise<Problem>)[] = values.quick
  ? [() => diamonds(100), () => synthetic(100_000, 10, 100)]
  : [() => diamonds(400), () => synthetic(1_000_000, 10, 100), () => synthetic(1_000_000, 20, 100)];
if (values.large) problems.push(() => synthetic(10_000_000, 10, 100));
const [repeats] = positives("repeats");
const sides = [own, ...findPeers()];
for (const make of problems) compare(sides, await make(), positives("threads"), repeats);
