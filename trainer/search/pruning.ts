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

export interface RacingOptions {
  /** Complete trials before any is given up. */
  readonly startupTrials?: number;
  /** How many typical deviations behind the best a trial must stand. */
  readonly deviations?: number;
}

/**
 * Gives up a trial that cannot be expected to catch up with the best one (a race: Maron & Moore 1994, "Hoeffding races"). Reports
 * of two trials at the same point are of the same rows, so their difference varies far less than either does; how much it still
 * changes until the end is seen from the complete trials, by the median absolute deviation, which a few hopeless ones do not move.
 */
export function racingPruner({ startupTrials = 5, deviations = 1 }: RacingOptions = {}): Pruner {
  checkCount("startupTrials", startupTrials, 2);
  if (!(deviations > 0)) throw new InputError(`deviations: expected more than 0; got ${deviations}`);
  return ({ reports }, others) => {
    const at = reports.length - 1;
    const complete = others.filter((one) => one.state === "complete" && one.reports.length > at + 1);
    if (complete.length < startupTrials) return false;
    const best = complete.reduce((a, b) =>
      b.reports[b.reports.length - 1] < a.reports[a.reports.length - 1] ? b : a,
    );
    const behind = (one: readonly number[], point: number) => one[point] - best.reports[point];
    const changes = complete
      .filter((one) => one !== best)
      .map(({ reports: one }) => Math.abs(behind(one, one.length - 1) - behind(one, at)));
    // 1.4826 makes the median absolute deviation of a normal distribution its standard deviation.
    const typical = 1.4826 * quantileOf(Float64Array.from(changes).sort(), 0.5);
    return behind(reports, at) > deviations * typical;
  };
}

/** By the names that the command line knows them by. */
export const pruners = {
  racing: racingPruner(),
  median: medianPruner(),
  halving: halvingPruner(),
} satisfies Record<string, Pruner>;

export type PrunerName = keyof typeof pruners;
