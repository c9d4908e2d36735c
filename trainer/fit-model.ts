// One model from search to bundle: refitted on all training rows, with what the search found out about it.
import { conformalQuantiles } from "#core/bundle/conformal.ts";
import type { Bundle } from "./bundle.ts";
import { type BundleOptions, bundleModel } from "./bundle-model.ts";
import type { Family } from "./families/family.ts";
import type { PreparedData } from "./prepare.ts";
import type { Progress } from "./progress.ts";
import { seeded } from "./random.ts";
import type { Trial } from "./search/cross-validation.ts";
import type { FamilySearch } from "./search/search.ts";

export interface FitOptions extends BundleOptions {
  readonly progress: Progress;
}

/** Log residuals need positive prices on both sides; a family that lets a price fall to 0 gets a band in the target's unit. */
export function conformalScale(data: PreparedData, predicted: Float64Array): "log" | "none" {
  return data.spec.target.transform === "log" && predicted.every((price) => price > 0) ? "log" : "none";
}

/** Fits the candidate `trial`, exports and measures. Throws as bundleModel does. */
export async function fitModel(
  data: PreparedData,
  family: Family,
  trial: Trial,
  { trials, search }: FamilySearch,
  options: FitOptions,
): Promise<Bundle> {
  const { spec, train, seed } = data;
  const started = performance.now();
  const task = options.progress.task(`${family.name}: fitting ${trial.name}`, 1);
  try {
    const model = await family.fit(trial.params, train, {
      spec,
      random: seeded(seed),
      progress: (done, total) => task.update(done / total),
    });
    const facts = {
      family: family.name,
      title: `${family.title}: ${trial.name}`.slice(0, 200),
      params: trial.params,
      seconds: trial.seconds + (performance.now() - started) / 1000,
      crossValidated: trial.crossValidated,
      conformal: conformalQuantiles(conformalScale(data, trial.outOfFold), train.target, trial.outOfFold),
      search: {
        seconds: trials.reduce((sum, { seconds }) => sum + seconds, search?.seconds ?? 0),
        candidates: trials.map(({ name, params, crossValidated, seconds }) => ({
          name,
          params,
          crossValidated,
          seconds,
        })),
        ...(search ? { trials: [...search.trials] } : {}),
      },
    };
    return await bundleModel(data, model, facts, options);
  } finally {
    task.end();
  }
}
