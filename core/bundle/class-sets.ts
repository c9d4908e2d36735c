// Sets of classes that hold the true one with the coverage asked for, in every class by itself: split-conformal sets by the least
// probable score, class-conditional. Vovk 2012, "Conditional validity of inductive conformal predictors"; Sadinle, Lei and Wasserman 2019.
import * as z from "zod";
import { type Completeness, completenesses } from "./completeness.ts";

/** Coverages that thresholds are kept for; one that is asked for takes the next. */
export const setCoverages = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99] as const;

const Thresholds = z.object({
  /** Rows of each class. */
  rows: z.array(z.int().min(0)).min(2),
  /** By class, then by coverage: a class is in the set where its probability is at least this. */
  least: z.array(z.array(z.number().min(0).max(1)).min(1).max(20)).min(2),
});

export const ClassSets = z.object({
  kind: z.literal("sets"),
  residuals: z.enum(["out-of-fold", "held-out"]),
  coverages: z.array(z.number().gt(0).lt(1)).min(1).max(20),
  groups: z.object({
    complete: Thresholds.optional(),
    partial: Thresholds.optional(),
    required: Thresholds.optional(),
  }),
});
export type ClassSets = z.infer<typeof ClassSets>;

/** Rows of known class with their probabilities, by how much of them is given. */
export interface SetRows {
  readonly completeness: readonly Completeness[];
  readonly actual: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
}

/**
 * The thresholds: for a class of n rows the k-th smallest probability that they gave it, k = floor((n + 1)(1 - coverage)). A class of
 * too few rows for a coverage has the threshold 0: it is in every set.
 */
export function calibrateSets(classes: number, { completeness, actual, probabilities }: SetRows) {
  const groups: ClassSets["groups"] = {};
  for (const name of completenesses) {
    const scores = Array.from({ length: classes }, (): number[] => []);
    completeness.forEach((own, row) => {
      if (own === name) scores[actual[row]].push(probabilities[row * classes + actual[row]]);
    });
    if (scores.every((own) => own.length === 0)) continue;
    const least = scores.map((own) => {
      const sorted = own.sort((a, b) => a - b);
      return setCoverages.map((coverage) => {
        // In whole percents, since 0.9 * 110 is not 99 in doubles.
        const rank = Math.floor(((sorted.length + 1) * Math.round(100 - 100 * coverage)) / 100);
        return rank < 1 ? 0 : sorted[rank - 1];
      });
    });
    groups[name] = { rows: scores.map((own) => own.length), least };
  }
  return { kind: "sets" as const, coverages: [...setCoverages], groups };
}

export interface ClassSet {
  /** Places of classes, the most probable first; never empty. */
  readonly members: number[];
  /** What the set was calibrated for: at least what was asked for, or the most that there is. */
  readonly coverage: number;
}

/** The set of a row. A row of a completeness that was not calibrated takes the lowest threshold of the others. */
export function setOf(
  { coverages, groups }: ClassSets,
  probabilities: ArrayLike<number>,
  completeness: Completeness,
  coverage: number,
): ClassSet {
  const wanted = coverages.findIndex((one) => one >= coverage - 1e-9);
  const at = wanted < 0 ? coverages.length - 1 : wanted;
  const own = groups[completeness];
  const known = own ? [own] : Object.values(groups).filter((group) => group !== undefined);
  const order = Array.from(probabilities, (_, label) => label).sort(
    (a, b) => probabilities[b] - probabilities[a] || a - b,
  );
  const members = order.filter((label, place) => {
    const least = Math.min(...known.map((group) => group.least[label][at]));
    return place === 0 || probabilities[label] >= least;
  });
  return { members, coverage: wanted < 0 ? coverages[at] : coverage };
}
