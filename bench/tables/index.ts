// bench:tables: held-out error, time and size on many tables, of our families and of the usual rivals, on the same rows and folds.
//
//   node bench/tables/index.ts [--tables ames,churn] [--sizes small,medium] [--contestants boosting,catboost] [--again] [--optional]
//     [--threads 2] [--python bench/peers/.venv/bin/python] [--json file]
//
// Rivals' answers are kept by the hash of the table (.cache/bench-tables); --again fits them anew. --optional says of every feature but the
// first that rows may come without it.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { printTable } from "../train/table.ts";
import type { Figures } from "./figures.ts";
import { isOurs, runOurs } from "./ours.ts";
import { peerNames, runPeer } from "./peers.ts";
import { prepareTable } from "./prepare.ts";
import { type Standing, summarise } from "./summary.ts";
import { benchTables } from "./tables.ts";

const { values } = parseArgs({
  options: {
    tables: { type: "string" },
    sizes: { type: "string", default: "small,medium" },
    contestants: {
      type: "string",
      default: ["boosting", "boosting:best", "linear", "logistic", ...peerNames].join(),
    },
    threads: { type: "string", default: String(availableParallelism()) },
    python: { type: "string", default: join(import.meta.dirname, "../peers/.venv/bin/python") },
    again: { type: "boolean", default: false },
    optional: { type: "boolean", default: false },
    json: { type: "string" },
  },
});

const names = values.tables?.split(",");
const sizes = values.sizes.split(",");
const unknown = names?.filter((name) => !benchTables.some((table) => table.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(
    `--tables: unknown ${unknown.join()}; expected some of ${benchTables.map(({ name }) => name).join()}`,
  );
  process.exit(2);
}

function lay(figures: Figures): string[] {
  return [
    figures.contestant,
    figures.error.toPrecision(5),
    figures.second.toPrecision(4),
    figures.seconds.toFixed(2),
    (figures.bytes / 1024).toFixed(0),
    figures.microsecondsPerRow.toFixed(1),
    figures.version,
  ];
}

const standings: Standing[] = [];
const contestants = values.contestants.split(",");
const options = { python: values.python, threads: Number(values.threads), again: values.again };
for (const table of benchTables) {
  if (names ? !names.includes(table.name) : !sizes.includes(table.size)) continue;
  const prepared = prepareTable(table, values.python);
  const all: Figures[] = [];
  for (const contestant of contestants) {
    const figures = isOurs(contestant)
      ? await runOurs(prepared, contestant, values.optional)
      : runPeer(prepared, contestant, options);
    if (figures) all.push(figures);
  }
  const [error, second] = table.task === "regression" ? ["MAE", "RMSE"] : ["log loss", "AUC or accuracy"];
  console.log(`\n${table.name}: ${prepared.rows} rows, ${prepared.features.length} features, ${table.task}`);
  printTable(["contestant", error, second, "fit s", "kB", "us a row", "version"], all.map(lay));
  standings.push({ table: table.name, figures: all });
}
console.log();
summarise(standings, peerNames);
if (values.json) writeFileSync(values.json, JSON.stringify(standings));
