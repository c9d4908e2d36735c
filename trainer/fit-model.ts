// One model from search to bundle: refitted on all training rows, with what the search found out about it.
import type { Bundle } from "./bundle.ts";
import { type BundleOptions, bundleModel } from "./bundle-model.ts";
import type { Family } from "./families/family.ts";
import type { PreparedData } from "./prepare.ts";
import type { Progress } from "./progress.ts";
import { seeded } from "./random.ts";
import { roadOf } from "./roads/index.ts";
import type { CopiedFolds, Trial } from "./search/cross-validation.ts";
import type { FamilySearch } from "./search/search.ts";

export interface FitOptions extends BundleOptions {
  readonly progress: Progress;
}

/** Fits the candidate `trial`, exports and measures. Throws as bundleModel does. */
export async function fitModel(
  data: PreparedData,
  family: Family,
  trial: Trial,
  { trials, search, folds }: FamilySearch & { readonly folds: CopiedFolds },
  options: FitOptions,
): Promise<Bundle> {
  const { spec, train, seed } = data;
  const started = performance.now();
  const task = options.progress.task(`${family.name}: fitting ${trial.name}`, 1);
  try {
    const fitted = await family.fit(trial.params, train, {
      spec,
      random: seeded(seed),
      progress: (done, total) => task.update(done / total),
    });
    const { apply, difficulty, ...calibrated } = roadOf(spec).calibrate(data, trial, folds);
    const facts = {
      family: family.name,
      title: `${family.title}: ${trial.name}`.slice(0, 200),
      params: trial.params,
      seconds: trial.seconds + (performance.now() - started) / 1000,
      ...calibrated,
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
    return await bundleModel(data, apply(fitted), { ...facts, difficulty }, options);
  } finally {
    task.end();
  }
}
