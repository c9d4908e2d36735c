// bench:intervals: whether intervals hold on held-out rows what they promise: overall, by price, by level, and for rows that say less.
//
//   node bench/intervals/index.ts [--dataset diamonds] [--family boosting --family linear] [--preset best]
import { parseArgs } from "node:util";
import { meanAbsoluteError } from "#core/metrics/regression.ts";
import { openRows } from "../../trainer/cli/rows.ts";
import { loadDataset } from "../../trainer/dataset/find-dataset.ts";
import type { Family } from "../../trainer/families/family.ts";
import { families } from "../../trainer/families/index.ts";
import { prepareData } from "../../trainer/prepare.ts";
import { choosePreset } from "../../trainer/search/params.ts";
import { printTable } from "../train/table.ts";
import { type Contestant, enter } from "./contestant.ts";
import { groupCoverages, oneWidth, promised, summarise } from "./coverage.ts";
import { fitRequiredOnly } from "./required-only.ts";

const { values } = parseArgs({
  options: {
    dataset: { type: "string", default: "diamonds" },
    family: { type: "string", multiple: true, default: ["boosting", "linear"] },
    preset: { type: "string" },
  },
});

const known: Readonly<Record<string, Family>> = families;
const unknown = values.family.find((name) => !Object.hasOwn(known, name));
if (unknown !== undefined) {
  console.error(`--family: expected one of ${Object.keys(known).join(", ")}; got ${unknown}`);
  process.exit(2);
}
const chosen = values.family.map((name) => known[name]);
if (values.preset !== undefined) chosen.push(choosePreset(known.boosting, values.preset));

const dataset = loadDataset(values.dataset);
const { spec } = dataset;
const data = await prepareData(spec, await openRows(dataset, undefined, undefined, {}), spec.split.seed);
const contestants: Contestant[] = [];
for (const family of chosen) contestants.push(await enter(data, family));

const percent = (share: number) => (100 * share).toFixed(1);
const { unit } = spec.target;

console.log(
  `${spec.title}: ${data.train.rows} training rows, ${data.test.rows} held out; kept coverage in %`,
);
printTable(
  ["model", "held-out rows", "50 %", "80 %", "90 %", "95 %", "99 %", `width ${unit}`, "score"],
  contestants.flatMap(({ name, manifest, sets, outOfFold }) =>
    sets.flatMap((set) => [
      [name, set.given, ...summarise(spec, manifest, set)],
      ...(set.given === "as they are"
        ? [
            [
              name,
              "the same, one width for all",
              ...summarise(spec, oneWidth(data, outOfFold, manifest), set),
            ],
          ]
        : []),
    ]),
  ),
);

for (const { name, manifest, sets, outOfFold } of contestants) {
  const [set] = sets;
  console.log(
    `\n${name}: ${100 * promised} % interval, kept in % (one width for all) and mean width in ${unit}`,
  );
  const own = groupCoverages(spec, manifest, set);
  const flat = groupCoverages(spec, oneWidth(data, outOfFold, manifest), set);
  printTable(
    ["by", "group", "rows", "kept", "one width", `width ${unit}`],
    own.map(({ by, group, rows, within, meanWidth }, at) => [
      ...[by, group, String(rows), percent(within), percent(flat[at].within), meanWidth.toFixed(0)],
    ]),
  );
}

if (spec.features.some(({ required }) => !required)) {
  console.log(`\nRows with their required features alone, MAE in ${unit}`);
  const lines: string[][] = [];
  for (const { name, family, params, sets } of contestants) {
    const bare = sets.find(({ given }) => given === "required");
    if (!bare) continue;
    const own = meanAbsoluteError(
      bare.actual,
      bare.outputs.map(({ prediction }) => prediction),
    );
    const reference = await fitRequiredOnly(data, family, params);
    lines.push([name, own.toFixed(2), reference.toFixed(2), (own / reference).toFixed(3)]);
  }
  printTable(["model", "MAE", "of a model of these features alone", "ratio"], lines);
}
