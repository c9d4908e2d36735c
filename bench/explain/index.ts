// One explanation in Node, in workerd and, where a Python has it, by XGBoost's pred_contribs: the same trees and rows, one run, one thread.
// Usage: node bench/explain/index.ts [--python PATH]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unstable_startWorker } from "wrangler";
import { compileTreeExplainer } from "#core/explain/tree-shap.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { encodeRow } from "#core/trees/margin.ts";
import { ensembleToJson } from "#core/trees/serialise.ts";
import { type Shape, syntheticColumns, syntheticEnsemble } from "../predict/synthetic-ensemble.ts";
import { toXgboostJson } from "../predict/xgboost-json.ts";

const shapes: readonly Shape[] = [
  { trees: 400, depth: 6 },
  { trees: 1500, depth: 8 },
];
const rowCount = 50;
const columns = syntheticColumns(rowCount, 2);

interface PeerResult {
  readonly version: string;
  readonly one: number;
  readonly batch: number;
  /** [rows][features + 1], the base value last. */
  readonly contributions: readonly (readonly number[])[];
}

type Edge = Awaited<ReturnType<typeof unstable_startWorker>>;

async function post(edge: Edge, method: string, body: unknown): Promise<void> {
  const answer = await edge.fetch("http://edge/", { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Microseconds of one explanation in workerd: a request with many of them less one with none, the median of several pairs. */
async function timeInWorkerd(edge: Edge, ensemble: TreeEnsemble, row: Float32Array): Promise<number> {
  await post(edge, "PUT", ensembleToJson(ensemble));
  const given = Array.from(row, (value) => (Number.isNaN(value) ? null : value));
  const timed = async (calls: number) => {
    const start = performance.now();
    await post(edge, "POST", { row: given, calls });
    return performance.now() - start;
  };
  const calls = 100;
  await timed(calls);
  const times: number[] = [];
  for (let round = 0; round < 9; round++) times.push(((await timed(calls)) - (await timed(0))) / calls);
  return times.sort((a, b) => a - b)[4] * 1000;
}

/** The configuration of a Worker without storage, in a folder that is thrown away: what wrangler leaves beside it goes with it. */
function writeConfig(folder: string): string {
  const file = join(folder, "wrangler.json");
  const main = new URL("edge.ts", import.meta.url).pathname;
  writeFileSync(file, JSON.stringify({ name: "bench-explain", main, compatibility_date: "2026-10-01" }));
  return file;
}

/** Before anything else: a connection that lies idle while Node computes is closed. */
async function timeAllInWorkerd(
  runs: readonly { readonly name: string; readonly ensemble: TreeEnsemble }[],
  row: Float32Array,
  folder: string,
): Promise<Record<string, number>> {
  const edge = await unstable_startWorker({
    config: writeConfig(folder),
    dev: { logLevel: "error", server: { port: 0 }, inspector: false, watch: false, persist: false },
  });
  try {
    const times: Record<string, number> = {};
    for (const { name, ensemble } of runs) times[name] = await timeInWorkerd(edge, ensemble, row);
    return times;
  } finally {
    await edge.dispose();
  }
}

function askXgboost(python: string, folder: string): Record<string, PeerResult> {
  execFileSync(python, [new URL("peers.py", import.meta.url).pathname, folder], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
}

/** Median CPU microseconds of one call, each round over all rows: what neighbours on the machine take does not count. */
function timeInNode(explain: (row: number) => unknown): number {
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  const times: number[] = [];
  for (let round = 0; round < 15; round++) {
    const start = cpuMs();
    for (let row = 0; row < rowCount; row++) explain(row);
    times.push((cpuMs() - start) / rowCount);
  }
  return times.sort((a, b) => a - b)[7] * 1000;
}

function farthest(ours: readonly Float64Array[], theirs: PeerResult["contributions"]): number {
  return ours.reduce(
    (most, row, at) =>
      row.reduce((worst, value, j) => Math.max(worst, Math.abs(value - theirs[at][j])), most),
    0,
  );
}

async function main(): Promise<void> {
  const at = process.argv.indexOf("--python");
  const python = at < 0 ? process.env.BENCH_PYTHON : process.argv[at + 1];
  const folder = mkdtempSync(join(tmpdir(), "bench-explain-"));
  try {
    const runs = shapes.map((shape) => {
      const name = `${shape.trees} trees of depth ${shape.depth}`;
      const ensemble = syntheticEnsemble(shape, 1);
      writeFileSync(join(folder, `${name}.json`), toXgboostJson(ensemble));
      return { name, ensemble };
    });
    const table = { rows: rowCount, columns };
    const rows = Array.from({ length: rowCount }, (_, row) =>
      encodeRow(runs[0].ensemble.features, table, row),
    );
    const plain = rows.map((row) => Array.from(row, (value) => (Number.isNaN(value) ? null : value)));
    writeFileSync(join(folder, "rows.json"), JSON.stringify(plain));
    const inWorkerd = await timeAllInWorkerd(runs, rows[0], folder);
    const peers = python ? askXgboost(python, folder) : {};
    if (!python) console.log("no --python given: XGBoost is left out");
    const results: Record<string, Record<string, number | string>> = {};
    for (const { name, ensemble } of runs) {
      const start = performance.now();
      const explainer = compileTreeExplainer(ensemble);
      const compileMs = performance.now() - start;
      const inNode = timeInNode((row) => explainer.explain(rows[row]));
      const peer = peers[name];
      const ms = (us: number) => Number((us / 1000).toFixed(2));
      results[name] = {
        "Node, CPU ms": ms(inNode),
        "workerd, ms by the clock": ms(inWorkerd[name]),
        "laying out, ms": ms(compileMs * 1000),
        "held, MB": Number((explainer.bytes / 1e6).toFixed(1)),
        ...(peer && {
          "XGBoost, one row, CPU ms": ms(peer.one),
          [`XGBoost, ${rowCount} rows, CPU ms each`]: ms(peer.batch),
          "largest difference": farthest(
            rows.map((row) => explainer.explain(row)[0].contributions),
            peer.contributions,
          ).toExponential(1),
        }),
      };
    }
    console.table(results);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
