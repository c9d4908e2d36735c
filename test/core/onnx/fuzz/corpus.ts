// Sound ONNX files to begin from: linear and boosted models as the trainer writes them, ensembles of every kind of split, several outputs.
import type { Family } from "../../../../trainer/families/family.ts";
import { families } from "../../../../trainer/families/index.ts";
import { exportModel } from "../../../../trainer/onnx/export.ts";
import { seeded } from "../../../../trainer/random.ts";
import { drawWorkshops, workshops, workshopTable } from "../../../synthetic-dataset.ts";
import { type EnsembleShape, randomEnsemble } from "../../trees/random-ensemble.ts";
import { buildGraph } from "../../trees/run-graph.ts";

const shapes: readonly EnsembleShape[] = [
  { trees: 3, depth: 3 },
  { trees: 12, depth: 4, outputs: 3 },
  { trees: 6, depth: 5, fullness: 1 },
  { trees: 4, depth: 9, fullness: 0.8, categories: [] },
  { trees: 5, depth: 4, numbers: 0, categories: [2, 40] },
];

async function trained(name: keyof typeof families, shorten: object): Promise<Uint8Array> {
  const table = workshopTable(drawWorkshops(200));
  const family: Family = families[name];
  const params = { ...family.candidates(workshops)[0].params, ...shorten };
  const fitted = await family.fit(params, table, { spec: workshops, random: seeded(1) });
  const options = { spec: workshops, family: name, specHash: "0", dataSha256: "0", params, seed: 1 };
  return (await exportModel(fitted, options)).bytes;
}

export async function makeCorpus(): Promise<Uint8Array[]> {
  const ensembles = shapes.flatMap((shape, at) => {
    const ensemble = randomEnsemble(at + 1, shape);
    return ensemble.baseScore.map((_, output) => buildGraph(ensemble, output));
  });
  return [await trained("linear", {}), await trained("boosting", { trees: 8, maxDepth: 3 }), ...ensembles];
}
