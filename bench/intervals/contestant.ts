// A family's best candidate as the trainer bundles it, with the held-out rows that its intervals are judged on.
import type { Manifest, Params } from "#core/bundle/manifest.ts";
import { loadModel } from "#core/onnx/model.ts";
import type { Family } from "../../trainer/families/family.ts";
import { fitModel } from "../../trainer/fit-model.ts";
import { type JudgedRows, judgeRows } from "../../trainer/intervals/judged-rows.ts";
import type { PreparedData } from "../../trainer/prepare.ts";
import { silentProgress } from "../../trainer/progress.ts";
import { seeded } from "../../trainer/random.ts";
import { foldsOf, searchFamily } from "../../trainer/search/search.ts";

export interface Contestant {
  readonly name: string;
  readonly family: Family;
  readonly params: Params;
  readonly manifest: Manifest;
  /** Those as they are first. */
  readonly sets: readonly JudgedRows[];
  /** Of the training rows as they are. */
  readonly outOfFold: Float64Array;
}

export async function enter(data: PreparedData, family: Family): Promise<Contestant> {
  const folds = foldsOf(data);
  const found = await searchFamily(data, family, folds, silentProgress, undefined);
  const [trial] = found.trials;
  const making = {
    environment: { code: "bench", node: process.versions.node, platform: process.platform },
    parent: null,
    now: () => new Date(),
    progress: silentProgress,
  };
  const { manifest, files } = await fitModel(data, family, trial, { ...found, folds }, making);
  const model = loadModel(files.get("model.onnx") ?? new Uint8Array());
  return {
    name: `${family.name}: ${trial.name}`,
    ...{ family, manifest },
    params: trial.params,
    sets: judgeRows(data.spec, model, data.testRows, seeded(data.seed)),
    outOfFold: trial.outOfFold,
  };
}
