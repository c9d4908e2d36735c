// The training run behind the golden rows: one linear and one boosted model of the real diamonds, the same here and in every test.
import type { Bundle } from "../../trainer/bundle.ts";
import { openRows } from "../../trainer/cli/rows.ts";
import { loadDataset } from "../../trainer/dataset/find-dataset.ts";
import type { Family } from "../../trainer/families/family.ts";
import { families } from "../../trainer/families/index.ts";
import { type PreparedData, prepareData } from "../../trainer/prepare.ts";
import { silentProgress } from "../../trainer/progress.ts";
import { train } from "../../trainer/train.ts";

/** The diamonds of the spec's own source, cleaned and split with the spec's seed. */
export async function prepareDiamonds(): Promise<PreparedData> {
  const dataset = loadDataset("diamonds");
  const rows = await openRows(dataset, undefined, undefined, {});
  return prepareData(dataset.spec, rows, dataset.spec.split.seed);
}

/** Few and shallow trees: the road is the same, and the bytes fit into a repository. */
const fewTrees: Family = {
  ...(families.boosting as Family),
  candidates: () => [
    { name: "few trees", params: families.boosting.params.parse({ trees: 40, maxDepth: 4 }) },
  ],
};

/** The best linear model of the data and a small boosted one, as bundles whose manifests hold nothing of this machine. */
export async function trainGolden(data: PreparedData): Promise<Bundle[]> {
  const results = await train(data, [families.linear, fewTrees], {
    modelsPerFamily: 1,
    environment: { code: "golden", node: "golden", platform: "golden" },
    parent: null,
    progress: silentProgress,
    now: () => new Date(0),
  });
  return results.map(({ models }) => models[0].bundle);
}
