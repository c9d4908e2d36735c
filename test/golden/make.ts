// `npm run golden`: trains on the real diamonds and writes golden.json, the rows and prices that every runtime must match, and explanations.json, what
// explains these prices and every contribution to them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "#core/dataset/row.ts";
import { drawProbes } from "../../trainer/probes.ts";
import { seeded } from "../../trainer/random.ts";
import { contributionsIn, explainAll } from "./explain.ts";
import { priceGolden } from "./price.ts";
import { prepareDiamonds, trainGolden } from "./train.ts";

const data = await prepareDiamonds();
const bundles = await trainGolden(data);

// The diamond of the README, one with only what is required, the lightest and heaviest that may be asked for, then held-out rows.
const demo: Row = { carat: 1.01, cut: "Ideal", color: "G", clarity: "VS1" };
const rows: Row[] = [
  demo,
  { ...demo, depth: 61.8, table: 55, x: 6.45, y: 6.48, z: 4 },
  { ...demo, carat: 0.05 },
  { ...demo, carat: 15 },
  ...drawProbes(
    data.spec,
    data.testRows.map((row) => row.features),
    seeded(7),
  ).slice(0, 60),
];
const explanations = bundles.map(({ manifest, files }) => {
  const file = new TextDecoder().decode(files.get("explain.json"));
  const prices = priceGolden(data.spec, manifest, files.get("model.onnx")!, rows).map(
    (one) => one.prediction,
  );
  const explained = explainAll(data.spec, file, rows, prices);
  const names = data.spec.features.map(({ name }) => name);
  return {
    ...{ id: manifest.id, file },
    contributions: explained.map((one) => contributionsIn(names, one)),
    demo: explained[0],
  };
});
const golden = {
  dataset: data.spec.name,
  specHash: data.specHash,
  rows,
  models: bundles.map(({ manifest, files }) => {
    const onnx = files.get("model.onnx")!;
    const priced = priceGolden(data.spec, manifest, onnx, rows);
    return {
      id: manifest.id,
      // Timings are of the machine, not of the model; only the ONNX file is kept.
      manifest: {
        ...manifest,
        seconds: 0,
        search: { seconds: 0, candidates: [] },
        files: manifest.files.filter(({ name }) => name === "model.onnx"),
      },
      onnx: Buffer.from(onnx).toString("base64"),
      prices: priced.map(({ prediction }) => prediction),
      intervals: priced.map(({ interval }) => [interval.low, interval.high]),
    };
  }),
};
writeFileSync(join(import.meta.dirname, "golden.json"), `${JSON.stringify(golden, null, 1)}\n`);
writeFileSync(join(import.meta.dirname, "explanations.json"), `${JSON.stringify(explanations, null, 1)}\n`);
process.stdout.write(`${rows.length} golden rows of ${golden.models.map(({ id }) => id).join(" and ")}\n`);
