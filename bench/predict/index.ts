// Prices by our evaluator, onnxruntime-web and, where a Python has them, XGBoost, onnxruntime native and Treelite: the same models, one run, one thread.
// Usage: node bench/predict/index.ts [--python bench/peers/.venv/bin/python]
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import * as ort from "onnxruntime-web/wasm";
import { compileTreeExplainer } from "#core/explain/tree-shap.ts";
import { loadModel } from "#core/onnx/model.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { compileForest } from "#core/trees/forest.ts";
import { encodeRow, rowMargins } from "#core/trees/margin.ts";
import { writeModel } from "./graph.ts";
import { medianMicroseconds } from "./stopwatch.ts";
import { type Shape, syntheticColumns, syntheticEnsemble } from "./synthetic-ensemble.ts";
import { toXgboostJson } from "./xgboost-json.ts";

const shapes: readonly Shape[] = [
  { trees: 400, depth: 6 },
  { trees: 1500, depth: 8 },
];
const rowCounts = [1, 10, 1000] as const;
const most = Math.max(...rowCounts);
const columns = syntheticColumns(most, 2);

type Times = Record<string, number>;
type Table = Record<string, Times>;

const rowsFrom = (start: number, count: number) =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, column.slice(start, start + count)]),
  );

/** Other rows at every call: with the same ones the processor would learn their ways through the trees by heart. */
function variantsOf<T>(count: number, make: (start: number) => T): (call: number) => T {
  const variants = Array.from({ length: Math.floor(most / count) }, (_, index) => make(index * count));
  return (call) => variants[call % variants.length];
}

async function timesOf(run: (count: number) => (call: number) => unknown): Promise<Times> {
  const times: Times = {};
  for (const count of rowCounts) times[count] = await medianMicroseconds(run(count));
  return times;
}

async function measure(ensemble: TreeEnsemble, bytes: Uint8Array): Promise<Table> {
  const features = ensemble.features.length;
  const encoded = Array.from({ length: most }, (_, row) =>
    encodeRow(ensemble.features, { rows: most, columns }, row),
  );
  const flat = Float64Array.from(encoded.flatMap((row) => Array.from(row)));
  const sums = new Float64Array(most);
  const forest = compileForest(ensemble.trees, features, 1);
  const model = loadModel(bytes);
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ["wasm"],
    logSeverityLevel: 3,
  });
  const table: Table = {
    "plain loop over the trees": await timesOf((count) => {
      const parts = variantsOf(count, (start) => encoded.slice(start, start + count));
      return (call) => {
        for (const row of parts(call)) rowMargins(ensemble, row);
      };
    }),
    "forest alone": await timesOf((count) => {
      const parts = variantsOf(count, (start) => flat.slice(start * features, (start + count) * features));
      return (call) => forest.add(parts(call), count, sums);
    }),
    "evaluator, whole graph": await timesOf((count) => {
      const parts = variantsOf(count, (start) => rowsFrom(start, count));
      return (call) => void model.predict(parts(call), count);
    }),
    "onnxruntime-web": await timesOf((count) => {
      const tensor = (column: Float32Array) => new ort.Tensor("float32", column, [count, 1]);
      const parts = variantsOf(count, (start) =>
        Object.fromEntries(
          Object.entries(rowsFrom(start, count)).map(([name, column]) => [name, tensor(column)]),
        ),
      );
      return (call) => session.run(parts(call));
    }),
  };
  await session.release();
  return table;
}

function measurePeers(python: string, folder: string): Record<string, Table> {
  const script = new URL("peers.py", import.meta.url).pathname;
  // Compilers talk on stdout, so the results come in a file.
  execFileSync(python, [script, folder], { stdio: ["ignore", "ignore", "inherit"] });
  return JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
}

function measureCold(bytes: Uint8Array): Promise<{ firstMs: number; priceMs: number; warmMs: number }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("cold.ts", import.meta.url), {
      workerData: { bytes, feeds: rowsFrom(0, 1) },
    });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

function print(title: string, shape: Shape, table: Table): void {
  const best = table["evaluator, whole graph"];
  const rows = Object.entries(table).map(([name, times]) => [
    name,
    Object.fromEntries([
      ...rowCounts.map((count) => [`${count} rows, us`, Number(times[count].toPrecision(3))]),
      ["ns a tree, 1 row", Number(((times[1] * 1000) / shape.trees).toPrecision(3))],
      [
        "against evaluator",
        rowCounts.map((count) => `${(times[count] / best[count]).toFixed(1)}x`).join(" "),
      ],
    ]),
  ]);
  console.log(`\n${title}`);
  console.table(Object.fromEntries(rows));
}

async function main(): Promise<void> {
  const at = process.argv.indexOf("--python");
  const installed = join(import.meta.dirname, "../peers/.venv/bin/python");
  const python = at < 0 ? (existsSync(installed) ? installed : undefined) : process.argv[at + 1];
  const folder = mkdtempSync(join(tmpdir(), "bench-predict-"));
  try {
    const runs: { shape: Shape; name: string; ensemble: TreeEnsemble; bytes: Uint8Array }[] = [];
    for (const shape of shapes) {
      const name = `${shape.trees} trees of depth ${shape.depth}`;
      const ensemble = syntheticEnsemble(shape, 1);
      const bytes = writeModel(ensemble);
      writeFileSync(join(folder, `${name}.onnx`), bytes);
      writeFileSync(join(folder, `${name}.json`), toXgboostJson(ensemble));
      runs.push({ shape, name, ensemble, bytes });
    }
    const rows = Array.from({ length: most }, (_, row) =>
      Object.values(columns).map((column) => (Number.isNaN(column[row]) ? null : column[row])),
    );
    writeFileSync(join(folder, "rows.json"), JSON.stringify(rows));
    const peers = python ? measurePeers(python, folder) : {};
    if (!python)
      console.log("XGBoost, onnxruntime native and Treelite are left out: npm run bench:peers installs them");
    for (const { shape, name, ensemble, bytes } of runs) {
      print(name, shape, { ...(await measure(ensemble, bytes)), ...peers[name] });
      const cold = await measureCold(bytes);
      const explainer = compileTreeExplainer(ensemble);
      const row = variantsOf(1, (start) => encodeRow(ensemble.features, { rows: most, columns }, start));
      const explainMs = (await medianMicroseconds((call) => void explainer.explain(row(call)))) / 1000;
      console.log(
        `model.onnx ${(bytes.length / 1024).toFixed(0)} kB; decode and compile ${cold.firstMs.toFixed(1)} ms cold, ${cold.warmMs.toFixed(1)} ms warm; first price ${cold.priceMs.toFixed(2)} ms; one explanation ${explainMs.toFixed(2)} ms`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
