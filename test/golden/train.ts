// The training run behind the golden rows: the linear family on the real diamonds, the same here and in every test.
import type { Bundle } from "../../trainer/bundle.ts";
import { openRows } from "../../trainer/cli/rows.ts";
import { loadDataset } from "../../trainer/dataset/find-dataset.ts";
import { families } from "../../trainer/families/index.ts";
import { type PreparedData, prepareData } from "../../trainer/prepare.ts";
import { silentProgress } from "../../trainer/progress.ts";
import { rankModels, train } from "../../trainer/train.ts";

/** The diamonds of the spec's own source, cleaned and split with the spec's seed. */
export async function prepareDiamonds(): Promise<PreparedData> {
  const dataset = loadDataset("diamonds");
  const rows = await openRows(dataset, undefined, undefined, {});
  return prepareData(dataset.spec, rows, dataset.spec.split.seed);
}

/** The best linear model of the data, as a bundle whose manifest holds nothing of this machine. */
export async function trainGolden(data: PreparedData): Promise<Bundle> {
  const results = await train(data, [families.linear], {
    modelsPerFamily: 1,
    environment: { code: "golden", node: "golden", platform: "golden" },
    parent: null,
    progress: silentProgress,
    now: () => new Date(0),
  });
  return rankModels(results)[0];
}
