// XGBoost's side of bench:accuracy, in a Python process of its own: the same rows, with and without the spec's derived columns.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deriveColumns } from "#core/dataset/derive-columns.ts";
import type { LabelledTable } from "#core/dataset/table.ts";
import { taskOf } from "#core/tasks/index.ts";
import { numbersOf } from "../../trainer/effects/matrix.ts";
import { toMatrix } from "../../trainer/families/boosting/boosted-model.ts";
import type { PreparedData } from "../../trainer/prepare.ts";
import type { Entry } from "./ours.ts";

/** By XGBoost's own names; what is left out is XGBoost's default. */
const settings = [
  { name: "default", derived: false, rounds: 100, params: {} },
  // Wide searches of this data by XGBoost's users end near here.
  {
    name: "1000 x 0.03 depth 7",
    derived: false,
    rounds: 1000,
    params: { learning_rate: 0.03, max_depth: 7 },
  },
  {
    name: "1000 x 0.03 depth 7, our derived columns",
    derived: true,
    rounds: 1000,
    params: { learning_rate: 0.03, max_depth: 7 },
  },
];

interface Answer {
  readonly version: string;
  readonly seconds: readonly number[];
}

function writeFloats(file: string, values: Float32Array | Float64Array): void {
  writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** Row-major float32, the derived columns last. */
function writePart(folder: string, part: string, { spec }: PreparedData, table: LabelledTable): number {
  const derived = spec.derived ?? [];
  const widened = deriveColumns(table, derived);
  const columns = [
    ...toMatrix(spec, table, false).features.map(numbersOf),
    ...derived.map(({ name }) => widened.columns[name] as Float32Array),
  ];
  const matrix = new Float32Array(table.rows * columns.length);
  columns.forEach((column, at) => {
    for (let row = 0; row < table.rows; row++) matrix[row * columns.length + at] = column[row];
  });
  writeFloats(join(folder, `${part}.f32`), matrix);
  return columns.length;
}

/** XGBoost's entries, none where this Python cannot import it (which is said). */
export function enterPeers(data: PreparedData, python: string, threads: number): Entry[] {
  try {
    execFileSync(python, ["-c", "import numpy, xgboost"], { stdio: "ignore" });
  } catch {
    console.log(`xgboost is not installed for ${python}: left out (npm run bench:peers installs it)`);
    return [];
  }
  const { spec, train, test } = data;
  const folder = mkdtempSync(join(tmpdir(), "bench-accuracy-"));
  try {
    const columns = writePart(folder, "train", data, train);
    writePart(folder, "test", data, test);
    const isLog = spec.target.transform === "log";
    writeFloats(join(folder, "target.f64"), isLog ? train.target.map(Math.log) : train.target);
    const task = { columns, features: spec.features.length, settings, threads };
    writeFileSync(join(folder, "task.json"), JSON.stringify(task));
    const script = join(import.meta.dirname, "peer.py");
    const output = execFileSync(python, [script, folder], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { version, seconds } = JSON.parse(output.trim().split("\n").at(-1)!) as Answer;
    return settings.map(({ name }, index) => {
      const bytes = readFileSync(join(folder, `predicted-${index}.f64`));
      const margins = new Float64Array(new Uint8Array(bytes).buffer);
      const predicted = taskOf(spec).settle(spec, isLog ? margins.map(Math.exp) : margins);
      return { name: `XGBoost ${version}, ${name}`, predicted, seconds: seconds[index] };
    });
  } catch (error) {
    // Our side has cost more than its: it is shown all the same.
    console.log(`XGBoost is left out: ${(error as Error).message}`);
    return [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
