// The manifest of a model bundle: what a model is, on which data it was fitted, how well it does, and which files belong to it.
import * as z from "zod";
import { NumberRelation } from "../dataset/number-relation.ts";
import { TrainingFacts } from "./training-facts.ts";

export const manifestFormat = 2;

/** Files that a bundle may hold beside manifest.json; model.onnx must be there. */
export const bundleFileNames = ["model.onnx", "explain.json", "card.html", "held-out.bin"] as const;
export type BundleFileName = (typeof bundleFileNames)[number];

export const ModelId = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,30}-[0-9a-f]{12}$/,
    "expected a family and 12 hex digits, as in linear-0123456789ab",
  );
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex digits");
const Instant = z.iso.datetime();

export const RegressionMetrics = z.object({
  rows: z.int().min(1),
  meanAbsoluteError: z.number(),
  rootMeanSquaredError: z.number(),
  meanAbsolutePercentageError: z.number().nullable(),
  r2Score: z.number().nullable(),
});

export const ClassMetrics = z.object({
  rows: z.int().min(1),
  logLoss: z.number().min(0),
  brierLoss: z.number().min(0),
  accuracyScore: z.number(),
  balancedAccuracyScore: z.number(),
  precisionScore: z.number(),
  recallScore: z.number(),
  f1Score: z.number(),
  matthewsScore: z.number(),
  rocAucScore: z.number().nullable(),
  averagePrecisionScore: z.number().nullable(),
  calibrationError: z.number().min(0),
});

/** By the task of the spec: core/tasks knows which. */
export const Metrics = z.union([RegressionMetrics, ClassMetrics]);

export const Params = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const Candidate = z.object({
  name: z.string().max(200),
  params: Params,
  crossValidated: Metrics,
  seconds: z.number().min(0),
});

/** A trial of a search for parameters: what was tried and how it did. */
export const Trial = z.object({
  number: z.int().min(0),
  params: Params,
  /** `running` where the search was cut off while this trial ran: it is run again when the search resumes. */
  state: z.enum(["running", "complete", "pruned", "failed"]),
  /** The error that is minimised; null unless the trial is complete. */
  value: z.number().nullable(),
  /** What the trial reported on its way, in order: its standing after each fold. */
  reports: z.array(z.number()).max(1000),
  seconds: z.number().min(0),
  /** Why a failed trial failed. */
  error: z.string().max(500).optional(),
});

export const CleaningReport = z.object({
  read: z.int().min(0),
  kept: z.int().min(0),
  dropped: z
    .array(
      z.object({
        rule: z.string().max(64),
        count: z.int().min(0),
        /** The first few rows that this rule dropped: 1-based row number in the source and why. */
        examples: z.array(z.object({ row: z.int().min(1), detail: z.string().max(500) })).max(10),
      }),
    )
    .max(50),
});

const Row = z.record(z.string(), z.union([z.string().max(200), z.number()]));

/** Widths by coverage, ascending in both; fewer than there are coverages where the rows cannot promise the highest. */
const Widths = z.object({ rows: z.int().min(1), widths: z.array(z.number().min(0)).min(1).max(200) });

const isAscending = (values: readonly number[]) =>
  values.every((value, at) => at === 0 || values[at - 1] <= value);

/**
 * Split-conformal half-widths of the band around a prediction, in the target's unit ("none") or as logarithms ("log"). Where
 * `normalised`, each is times what the graph's output `prediction.difficulty` says of a row.
 */
const Conformal = z
  .object({
    scale: z.enum(["none", "log"]),
    normalised: z.boolean(),
    /** Whose: out-of-fold residuals of training rows, or, of a model trained elsewhere, of a part of the held-out rows. */
    residuals: z.enum(["out-of-fold", "held-out"]),
    coverages: z.array(z.number().gt(0).lt(1)).min(1).max(200),
    /** By what a row gives: everything, some of the optional features, or the required ones alone. */
    groups: z.object({
      complete: Widths.optional(),
      partial: Widths.optional(),
      required: Widths.optional(),
    }),
  })
  .refine(({ coverages }) => isAscending(coverages), {
    path: ["coverages"],
    message: "expected ascending coverages",
  })
  .refine(({ groups }) => Object.values(groups).some(Boolean), {
    path: ["groups"],
    message: "expected widths for one of complete, partial, required",
  })
  .refine(
    ({ groups, coverages }) =>
      Object.values(groups).every(
        (group) => !group || (group.widths.length <= coverages.length && isAscending(group.widths)),
      ),
    { path: ["groups"], message: "expected ascending widths, at most one a coverage" },
  );

/** How intervals do on held-out rows that calibrated nothing. */
const IntervalMetrics = z.object({
  /** Rows as they are, or with optional features hidden: some, or all of them. */
  given: z.enum(["as they are", "partial", "required"]),
  rows: z.int().min(1),
  /** Promised, and kept. */
  coverage: z.number().gt(0).lt(1),
  within: z.number().min(0).max(1),
  /** In the target's unit. */
  meanWidth: z.number().min(0),
  /** Mean width plus 2 / (1 - coverage) times what actual values lie outside (Gneiting and Raftery 2007): lower is better. */
  intervalScore: z.number().min(0),
});

export const Manifest = z.object({
  format: z.literal(manifestFormat),
  id: ModelId,
  dataset: z.string().max(63),
  family: z.string().max(31),
  title: z.string().max(200),
  params: Params,
  seed: z.int().min(0),
  trainedAt: Instant,
  seconds: z.number().min(0),
  specHash: Sha256,
  data: z.object({
    /** SHA-256 of the cleaned rows as canonical CSV: the name of the data snapshot. */
    sha256: Sha256,
    rows: z.int().min(1),
    trainRows: z.int().min(1),
    testRows: z.int().min(1),
    cleaning: CleaningReport,
  }),
  metrics: z.object({
    heldOut: Metrics,
    crossValidated: Metrics.nullable(),
    segments: z.array(z.object({ feature: z.string(), level: z.string(), metrics: Metrics })).max(2000),
    intervals: z.array(IntervalMetrics).max(20).optional(),
  }),
  conformal: Conformal,
  ranges: z.record(z.string(), z.object({ minimum: z.number(), maximum: z.number() })),
  /** How other numbers go with the main one; bundles of earlier trainers have none. */
  relations: z.array(NumberRelation).max(200).optional(),
  /** For forms; bundles of earlier trainers have none. */
  training: TrainingFacts.optional(),
  search: z.object({
    seconds: z.number().min(0),
    candidates: z.array(Candidate).max(10_000),
    trials: z.array(Trial).max(10_000).optional(),
  }),
  /** What only this family can say of itself: coefficients with standard errors, tree counts. */
  report: z.record(z.string(), z.unknown()),
  /** Held-out rows with the trainer's own predictions: the Worker prices them again before it accepts the model. */
  probes: z
    .array(z.object({ row: Row, prediction: z.number() }))
    .min(1)
    .max(500),
  parent: ModelId.nullable(),
  environment: z.object({
    code: z.string().max(100),
    node: z.string().max(50),
    platform: z.string().max(50),
  }),
  files: z
    .array(z.object({ name: z.enum(bundleFileNames), sha256: Sha256, bytes: z.int().min(1) }))
    .min(1)
    .max(bundleFileNames.length),
});

export type Manifest = z.infer<typeof Manifest>;
export type RegressionMetrics = z.infer<typeof RegressionMetrics>;
export type ClassMetrics = z.infer<typeof ClassMetrics>;
export type Metrics = z.infer<typeof Metrics>;
export type CleaningReport = z.infer<typeof CleaningReport>;
export type Trial = z.infer<typeof Trial>;
export type Params = z.infer<typeof Params>;

/** Largest relative difference between two runtimes' predictions of one row that is still the same price. */
export const agreement = 1e-4;

/** |a - b| relative to the larger of |b| and 1e-9; NaN on either side counts as infinitely far. */
export function relativeDifference(a: number, b: number): number {
  const difference = Math.abs(a - b) / Math.max(Math.abs(b), 1e-9);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}
