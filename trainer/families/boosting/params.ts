// The settings of the boosting family, under XGBoost's meaning, and the ones that are tried where the caller names none.

import * as z from "zod";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Candidate } from "../family.ts";

const share = z.number().gt(0).max(1);

/** Objectives whose margins are prices on one scale, so that boosters of different ones can be averaged. */
export const averaged = ["squaredError", "absoluteError", "huber"] as const;

export const BoostingParams = z
  .strictObject({
    /**
     * What is minimised; poisson, gamma and tweedie predict the target itself through a log link, whatever the spec's transform, and
     * logLoss is that of classes.
     */
    objective: z
      .enum([...averaged, "quantile", "poisson", "gamma", "tweedie", "logLoss"])
      .default("squaredError"),
    /** Where huber turns from squared to linear, in the target's unit or its logarithm. */
    huberDelta: z.number().gt(0).default(1),
    /** Which quantile the objective quantile predicts. */
    quantile: z.number().gt(0).lt(1).default(0.5),
    /** Variance power of tweedie. */
    tweediePower: z.number().gt(1).lt(2).default(1.5),
    trees: z.int().min(1).max(10_000).default(400),
    learningRate: z.number().gt(0).max(1).default(0.1),
    growth: z.enum(["depthWise", "leafWise"]).default("depthWise"),
    maxDepth: z.int().min(1).max(16).default(6),
    /** 0 is unlimited. */
    maxLeaves: z.int().min(0).max(65_536).default(0),
    /** Least sum of hessians (rows, for squared error) in a leaf. */
    minChildWeight: z.number().min(0).max(1e9).default(1),
    /** L2 and L1 penalties on leaf weights. */
    lambda: z.number().min(0).max(1e9).default(1),
    alpha: z.number().min(0).max(1e9).default(0),
    /** Loss reduction that a split must exceed. */
    gamma: z.number().min(0).max(1e9).default(0),
    /** Largest weight of a leaf before the learning rate, 0 for any; null leaves it to the objective (0.7 for poisson, as XGBoost has it). */
    maxDeltaStep: z.number().min(0).max(1e9).nullable().default(null),
    /** Shares of rows and columns drawn for each tree, and of those columns for each level. */
    rowShare: share.default(1),
    columnShare: share.default(1),
    columnShareLevel: share.default(1),
    /** Most bins for the values of one feature. */
    bins: z.int().min(2).max(255).default(255),
    /** Whether the spec's monotone features are held to their direction. */
    monotone: z.boolean().default(true),
    /** Whether the spec's derived columns are used; those of a feature held to its direction never are. */
    derived: z.boolean().default(true),
    /** Boosters of different seeds, of which the model is the average. */
    members: z.int().min(1).max(16).default(1),
    /** The objective of every second member: the mean of a mean and a median errs less than either. */
    alternate: z.enum(["none", ...averaged]).default("none"),
    /** Share of the rows that are seen once more with optional features hidden, so that rows without them are priced well. */
    partialRows: z.number().min(0).max(1).default(1),
    /**
     * Folds on which rounds are stopped and the shares of boosters and main effects are found, for up to 25,000 rows; 0, and more
     * rows, fit `trees` rounds.
     */
    folds: z.int().min(0).max(20).default(0),
    /** Rounds without a better loss on `validationShare` of the rows after which boosting stops; 0 fits all trees on all rows. */
    earlyStopping: z.int().min(0).max(1000).default(0),
    validationShare: z.number().gt(0).max(0.5).default(0.1),
  })
  .refine(({ growth, maxLeaves }) => growth === "depthWise" || maxLeaves >= 2, {
    path: ["maxLeaves"],
    message: "expected 2 or more leaves where growth is leafWise",
  })
  .refine(({ alternate, members }) => alternate === "none" || members >= 2, {
    path: ["members"],
    message: "expected 2 or more members where there is an alternate objective",
  })
  .refine(({ alternate, objective }) => alternate === "none" || averaged.some((name) => name === objective), {
    path: ["alternate"],
    message: `expected none, unless the objective is one of ${averaged.join(", ")}`,
  });

export type BoostingParams = z.infer<typeof BoostingParams>;

/** Above so many rows folds cost more than they find. */
export const mostBlendRows = 25_000;
const fewRows = 300;

/** Slower steps, flatter trees and fewer columns a tree: what rows by the thousand carry. */
const blendedSettings = {
  trees: 600,
  learningRate: 0.06,
  maxDepth: 5,
  rowShare: 0.8,
  columnShare: 0.5,
  lambda: 3,
  minChildWeight: 3,
  bins: 128,
} as const;

/** Flat trees in slow steps, stopped on folds: what the log loss of a few thousand rows carries. */
const classSettings = {
  ...blendedSettings,
  objective: "logLoss",
  trees: 400,
  learningRate: 0.08,
  partialRows: 0.3,
} as const;

/** Flat trees, and deeper ones where features act together. */
function classCandidates(rows: number): readonly Candidate<BoostingParams>[] {
  const sized = rows <= mostBlendRows ? { folds: 5, members: 3 } : { trees: 400, folds: 0 };
  return [3, 6].map((maxDepth) => ({
    name: `log loss, trees of depth ${maxDepth}`,
    params: BoostingParams.parse({ ...classSettings, ...sized, maxDepth }),
  }));
}

/** One setting that does well without a search, or of classes two. */
export function boostingCandidates(
  spec: DatasetSpec,
  rows = Number.POSITIVE_INFINITY,
): readonly Candidate<BoostingParams>[] {
  if (spec.target.levels) return classCandidates(rows);
  if (rows <= mostBlendRows) {
    const params = BoostingParams.parse({ ...blendedSettings, folds: rows <= fewRows ? 8 : 5 });
    return [{ name: blendedName(spec), params }];
  }
  const isMonotone = spec.features.some((feature) => feature.monotone !== undefined);
  const price = spec.target.transform === "log" ? "log price" : "price";
  const name = `${price}, 400 trees of depth 6${isMonotone ? ", monotone" : ""}`;
  return [{ name, params: BoostingParams.parse({}) }];
}

function blendedName(spec: DatasetSpec): string {
  const isMonotone = spec.features.some((feature) => feature.monotone !== undefined);
  const price = spec.target.transform === "log" ? "log price" : "price";
  return `${price}, trees of depth 5 blended with main effects${isMonotone ? ", monotone" : ""}`;
}

/** A booster of the mean and one of the median of the logarithm miss in different ways. */
const averagedSettings = {
  members: 2,
  alternate: "absoluteError",
  trees: 700,
  learningRate: 0.06,
  rowShare: 0.7,
  columnShare: 0.8,
  partialRows: 0.3,
  folds: 5,
} as const;

/** Worth their time where accuracy comes first; the last also gives up what the spec says of directions. */
export const boostingPresets = {
  averaged: {
    name: "mean and median boosters, averaged",
    params: BoostingParams.parse(averagedSettings),
  },
  best: {
    name: "mean and median boosters, averaged, held to no direction",
    params: BoostingParams.parse({ ...averagedSettings, monotone: false }),
  },
} satisfies Readonly<Record<string, Candidate<BoostingParams>>>;
