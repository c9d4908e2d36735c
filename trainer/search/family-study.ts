// Searches the parameters of one family on prepared data: cross-validated on training rows, one trial a worker thread.
import type { Params } from "#core/bundle/manifest.ts";
import type { PreparedData } from "../prepare.ts";
import { workerExecutor } from "./executor.ts";
import type { FamilySubject } from "./family-worker.ts";
import type { Folds } from "./fold.ts";
import { racingPruner } from "./pruning.ts";
import { shareColumn, shareTable } from "./shared-table.ts";
import { runStudy, type StudyOptions, type StudyResult } from "./study.ts";

export interface FamilyStudyOptions
  extends Pick<
    StudyOptions,
    "space" | "budget" | "initial" | "journal" | "progress" | "signal" | "pruner" | "sampler"
  > {
  /** Trials that run at once. */
  readonly threads: number;
  /** Parameters of the family that the space leaves out. */
  readonly fixed?: Params;
}

/**
 * Minimises the cross-validated error of `family` (a name in the registry). The held-out rows take no part. Trials
 * that cannot be expected to catch up with the best after a fold are given up unless `pruner` says otherwise. A journal is tied to the rows, the
 * folds and the fixed parameters: it is refused for others.
 */
export async function studyFamily(
  data: PreparedData,
  family: string,
  folds: Folds,
  { threads, fixed = {}, pruner = racingPruner(), ...options }: FamilyStudyOptions,
): Promise<StudyResult> {
  const { spec, seed } = data;
  const shared: FamilySubject = {
    family,
    spec,
    train: shareTable(data.train),
    folds: { count: folds.count, assigned: shareColumn(folds.assigned) },
    seed,
    fixed,
  };
  return runStudy({
    ...options,
    seed,
    pruner,
    executor: workerExecutor({ entry: new URL("./family-worker.ts", import.meta.url), shared, threads }),
    subject: { family, fixed, rows: data.snapshot.sha256, spec: data.specHash, folds: folds.count },
  });
}
