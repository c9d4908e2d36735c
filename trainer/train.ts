// Trains: search each family on the training rows, refit its best candidates, measure what was exported on the held-out rows.
import { taskOfMetrics } from "#core/tasks/index.ts";
import type { Bundle } from "./bundle.ts";
import type { Family } from "./families/family.ts";
import { type FitOptions, fitModel } from "./fit-model.ts";
import type { PreparedData } from "./prepare.ts";
import type { Trial } from "./search/cross-validation.ts";
import type { ParameterSearch, SearchPlan } from "./search/parameter-search.ts";
import { foldsOf, searchFamily } from "./search/search.ts";

export interface FamilyResult {
  readonly family: string;
  /** Candidates, best by the cross-validated main metric first. */
  readonly trials: readonly Trial[];
  readonly search: ParameterSearch | undefined;
  readonly models: readonly { readonly trial: Trial; readonly bundle: Bundle }[];
}

export interface TrainOptions extends FitOptions {
  /** How many candidates of each family are fitted on all training rows and kept as models. */
  readonly modelsPerFamily: number;
  /** Searches parameters, of families with a space; a timeout is for all of them together. */
  readonly plan?: SearchPlan;
  /** Asked once, after the first search and before anything is fitted for keeps: options that are known only then. */
  readonly beforeFit?: () => Promise<Partial<FitOptions>>;
}

/** One result a family, in the order given. The held-out rows take no part in any choice made here. */
export async function train(
  data: PreparedData,
  families: readonly Family[],
  options: TrainOptions,
): Promise<FamilyResult[]> {
  const folds = foldsOf(data);
  const results: FamilyResult[] = [];
  let late: FitOptions | undefined;
  const searched = families.filter(({ space }) => space).length;
  const timeoutMs = options.plan?.timeoutMs && options.plan.timeoutMs / searched;
  const plan = options.plan && { ...options.plan, timeoutMs };
  for (const family of families) {
    const { trials, search } = await searchFamily(data, family, folds, options.progress, plan);
    late ??= { ...options, ...(await options.beforeFit?.()) };
    const models: { trial: Trial; bundle: Bundle }[] = [];
    for (const trial of trials.slice(0, options.modelsPerFamily)) {
      models.push({ trial, bundle: await fitModel(data, family, trial, { trials, search, folds }, late) });
    }
    results.push({ family: family.name, trials, search, models });
  }
  return results;
}

/** All models of a run, best first by the cross-validated main metric; equal models (same id) count once. */
export function rankModels(results: readonly FamilyResult[]): Bundle[] {
  const error = ({ trial: { crossValidated } }: FamilyResult["models"][number]) =>
    taskOfMetrics(crossValidated).mainMetric.of(crossValidated);
  const ranked = results.flatMap(({ models }) => models).sort((a, b) => error(a) - error(b));
  return [...new Map(ranked.map(({ bundle }) => [bundle.manifest.id, bundle] as const)).values()];
}
