// bench:search: our hyper-parameter search with boosted trees against Optuna with XGBoost, at the same number of trials.
//
//   node bench/search/index.ts [--dataset diamonds] [--trials 30] [--threads 2] [--python bench/peers/.venv/bin/python]
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseSpec } from "#core/dataset/spec.ts";
import { openSource, readRows } from "../../trainer/dataset/source.ts";
import { boostingSpace } from "../../trainer/families/boosting/space.ts";
import type { Family } from "../../trainer/families/family.ts";
import { families } from "../../trainer/families/index.ts";
import { prepareData } from "../../trainer/prepare.ts";
import { type Contest, type ContestResult, findPeerFault, runOurs, runPeer } from "./contest.ts";

const root = join(import.meta.dirname, "../..");

const { values } = parseArgs({
  options: {
    dataset: { type: "string", default: "diamonds" },
    trials: { type: "string", default: "30" },
    threads: { type: "string", default: String(availableParallelism()) },
    python: { type: "string", default: join(root, "bench/peers/.venv/bin/python") },
  },
});

function positive(name: "trials" | "threads"): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  console.error(`--${name}: expected an integer of at least 1; got ${values[name]}`);
  process.exit(2);
}

function printTable(results: readonly ContestResult[]): void {
  const rows = [
    ["", "wall s", "CPU s", "trials", "complete", "cross-validated MAE", "held-out MAE"],
    ...results.map((one) => [
      one.name,
      one.seconds.toFixed(1),
      one.cpuSeconds.toFixed(1),
      String(one.trials),
      String(one.complete),
      one.crossValidated.toFixed(2),
      one.heldOut.toFixed(2),
    ]),
  ];
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  for (const row of rows)
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
    );
}

const folder = join(root, "data", values.dataset);
const spec = parseSpec(readFileSync(join(folder, "dataset.json"), "utf8"), "dataset.json");
const { format, path } = spec.source;
const rows = readRows(spec, format as "csv", await openSource(path, folder), path);
const data = await prepareData(spec, rows, spec.split.seed);
const contest: Contest = {
  data,
  space: boostingSpace,
  trials: positive("trials"),
  threads: positive("threads"),
};
console.log(
  `${spec.title}: ${data.train.rows} training rows, ${data.test.rows} held out; ${contest.threads} trials at once, one thread each`,
);

const results: ContestResult[] = [];
const boosting = (families as Readonly<Record<string, Family>>).boosting;
if (boosting) results.push(await runOurs(contest, boosting));
else console.log("The family boosting is not in the registry: our side is left out.");
const fault = await findPeerFault(values.python);
if (fault === undefined) results.push(await runPeer(contest, values.python));
else
  console.log(
    `Optuna and XGBoost are not installed for ${values.python} (${fault}): the rival's side is left out.`,
  );

if (results.length > 0) printTable(results);
if (results.length === 2) {
  const [ours, peer] = results;
  console.log(
    `ours to the rival's: wall time ${(ours.seconds / peer.seconds).toFixed(2)}, CPU time ${(ours.cpuSeconds / peer.cpuSeconds).toFixed(2)}, held-out MAE ${(ours.heldOut / peer.heldOut).toFixed(4)}`,
  );
}
