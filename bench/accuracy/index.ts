// bench:accuracy: how far held-out prices are missed, by every family, the search, the presets and XGBoost, all on the same cleaned rows.
//
//   node bench/accuracy/index.ts [--dataset diamonds] [--trials 10] [--threads 2] [--python bench/peers/.venv/bin/python]
//
// The search is recorded: a later run goes on from its trials, and takes all of them where there are more than --trials asks for.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import { taskOf } from "#core/tasks/index.ts";
import { openRows } from "../../trainer/cli/rows.ts";
import { loadDataset } from "../../trainer/dataset/find-dataset.ts";
import { type PreparedData, prepareData } from "../../trainer/prepare.ts";
import { printTable } from "../train/table.ts";
import { splitNearTwins } from "./near-twins.ts";
import { type Entry, enterOurs } from "./ours.ts";
import { enterPeers } from "./peers.ts";

const root = join(import.meta.dirname, "../..");
const { values } = parseArgs({
  options: {
    dataset: { type: "string", default: "diamonds" },
    trials: { type: "string", default: "10" },
    threads: { type: "string", default: String(availableParallelism()) },
    python: { type: "string", default: join(root, "bench/peers/.venv/bin/python") },
  },
});

function readCount(name: "trials" | "threads", least: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  console.error(`--${name}: expected an integer of at least ${least}; got ${values[name]}`);
  process.exit(2);
}

function lay({ spec, test }: PreparedData, { name, predicted, seconds, searchSeconds }: Entry): string[] {
  const metrics = asAmounts(taskOf(spec).measure(spec, test.target, predicted))!;
  const share = metrics.meanAbsolutePercentageError;
  return [
    name,
    metrics.meanAbsoluteError.toFixed(2),
    metrics.rootMeanSquaredError.toFixed(2),
    share === null ? "" : `${(share * 100).toFixed(2)} %`,
    metrics.r2Score?.toFixed(5) ?? "",
    seconds.toFixed(1),
    searchSeconds?.toFixed(0) ?? "",
  ];
}

async function compare(data: PreparedData, part: string): Promise<void> {
  const entries = await enterOurs(data, part, options);
  entries.push(...enterPeers(data, values.python, options.threads));
  const unit = data.spec.target.unit;
  const head = ["held out", `MAE ${unit}`, `RMSE ${unit}`, "MAPE", "R2", "fit s", "search s"];
  printTable(
    head,
    entries.map((entry) => lay(data, entry)),
  );
}

const options = { trials: readCount("trials", 0), threads: readCount("threads", 1) };
const dataset = loadDataset(values.dataset);
const { spec } = dataset;
const data = await prepareData(spec, await openRows(dataset, undefined, undefined, {}), spec.split.seed);
const sizes = (one: PreparedData) => `${one.train.rows} training rows, ${one.test.rows} held out`;

console.log(`${spec.title}, the spec's split: ${sizes(data)}`);
await compare(data, "spec");

const twins = splitNearTwins(data);
console.log(
  `\n${spec.title}, near-twins on one side (equal required features and categories, other numbers within 1 %): ${sizes(twins.data)}; of the rows held out above, ${(100 * twins.twinned).toFixed(1)} % have a near-twin among the training rows`,
);
await compare(twins.data, "twins");
