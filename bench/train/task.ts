// A problem on disk, so that every side fits it in a process of its own and nothing but the fit weighs in its memory.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Part, Problem } from "./problem.ts";

/** What task.json holds: sizes, and the settings that all sides share. */
export interface Task {
  readonly rows: number;
  readonly testRows: number;
  readonly features: number;
  readonly trees: number;
  readonly maxDepth: number;
  readonly learningRate: number;
  readonly lambda: number;
  readonly minChildWeight: number;
  readonly bins: number;
}

/** What a side prints: the cost of binning and boosting together. */
export interface Cost {
  readonly version: string;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Largest resident size of the whole process before the fit and in the end. */
  readonly beforeMegabytes: number;
  readonly peakMegabytes: number;
  /** File of float32 held-out predictions. */
  readonly predictions: string;
  /** Ours only: how many bins of rows went into histograms, and the nanoseconds that one takes at the least. */
  readonly visits?: number;
  readonly floorNs?: number;
}

/** Rows written at once: bounds the copy that row-major order takes. */
const blockRows = 100_000;

function bytesOf(numbers: Float32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function writePart(folder: string, name: string, { columns, target }: Part): void {
  const file = join(folder, `${name}.f32`);
  writeFileSync(file, "");
  for (let from = 0; from < target.length; from += blockRows) {
    const rows = Math.min(blockRows, target.length - from);
    const block = new Float32Array(rows * columns.length);
    columns.forEach((column, feature) => {
      for (let row = 0; row < rows; row++) block[row * columns.length + feature] = column[from + row];
    });
    writeFileSync(file, bytesOf(block), { flag: "a" });
  }
  // Ours reads columns, as its callers hold them.
  columns.forEach((column, feature) => {
    writeFileSync(join(folder, `${name}-${feature}.f32`), bytesOf(column));
  });
  writeFileSync(join(folder, `${name}-target.f32`), bytesOf(target));
}

/** Writes the problem and the settings of all sides, XGBoost's defaults but for the learning rate. */
export function writeTask(folder: string, { train, test, trees }: Problem): Task {
  const task: Task = {
    rows: train.target.length,
    testRows: test.target.length,
    features: train.columns.length,
    trees,
    maxDepth: 6,
    learningRate: 0.1,
    lambda: 1,
    minChildWeight: 1,
    bins: 255,
  };
  writePart(folder, "train", train);
  writePart(folder, "test", test);
  writeFileSync(join(folder, "task.json"), JSON.stringify(task));
  return task;
}

export function readNumbers(folder: string, file: string): Float32Array {
  const bytes = readFileSync(join(folder, file));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
