// When to give up a trial that does worse than others did at the same point.
import { InputError } from "#core/api/problem.ts";
import type { Trial } from "#core/bundle/manifest.ts";
import { quantileOf } from "#core/metrics/quantile.ts";

/** Whether `trial`, which has just reported, is not worth going on; `others` are all trials beside it. */
export type Pruner = (trial: Trial, others: readonly Trial[]) => boolean;

function checkCount(name: string, value: number, minimum: number): void {
  if (!Number.isInteger(value) || value < minimum)
    throw new InputError(`${name}: expected an integer of at least ${minimum}; got ${value}`);
}

export interface MedianOptions {
  /** Complete trials before any is given up. */
  readonly startupTrials?: number;
  /** Reports of a trial before it may be given up. */
  readonly warmupReports?: number;
}

/** Gives up a trial whose best report so far is worse than the median of the complete trials' reports at the same point. */
export function medianPruner({ startupTrials = 5, warmupReports = 0 }: MedianOptions = {}): Pruner {
  checkCount("startupTrials", startupTrials, 1);
  checkCount("warmupReports", warmupReports, 0);
  return ({ reports }, others) => {
    if (reports.length <= warmupReports) return false;
    const complete = others.filter(({ state }) => state === "complete");
    if (complete.length < startupTrials) return false;
    const rivals = complete.filter((one) => one.reports.length >= reports.length);
    if (rivals.length === 0) return false;
    return (
      Math.min(...reports) >
      quantileOf(Float64Array.from(rivals, (one) => one.reports[reports.length - 1]).sort(), 0.5)
    );
  };
}

export interface HalvingOptions {
  /** Reports before the first rung. */
  readonly firstRung?: number;
  /** Of how many trials at a rung one goes on; the next rung takes as many times more reports. */
  readonly reduction?: number;
}

/**
 * Asynchronous successive halving (Li et al. 2020, "A system for massively parallel hyperparameter tuning"): at 1, 3, 9, ...
 * reports only the best third of all trials that came so far goes on. Suits evaluations with many reports.
 */
export function halvingPruner({ firstRung = 1, reduction = 3 }: HalvingOptions = {}): Pruner {
  checkCount("firstRung", firstRung, 1);
  checkCount("reduction", reduction, 2);
  return ({ reports }, others) => {
    const rung = Math.log(reports.length / firstRung) / Math.log(reduction);
    if (rung < 0 || Math.abs(rung - Math.round(rung)) > 1e-9) return false;
    const at = reports.length - 1;
    const values = [
      ...others.filter((one) => one.reports.length > at).map((one) => one.reports[at]),
      reports[at],
    ];
    values.sort((a, b) => a - b);
    const promoted = Math.max(1, Math.floor(values.length / reduction));
    return reports[at] > values[promoted - 1];
  };
}
