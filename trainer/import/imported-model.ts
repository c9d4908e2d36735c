// What an importer hands over: the trees in our own form and where they came from.
import type { AdditiveTerm } from "#core/additive/additive-model.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Link, TreeEnsemble } from "#core/trees/ensemble.ts";

export interface ImportOptions {
  /** Names the file in errors and in the provenance. */
  readonly fileName: string;
  readonly spec: DatasetSpec;
  /**
   * What the model was fitted to where its objective does not say: the target as it is ("none") or its logarithm ("log").
   * Left out, it is the spec's transform of the target.
   */
  readonly targetTransform?: "none" | "log";
  /** The model's feature names in its own order, for files that hold none (fitted on a bare array). */
  readonly featureNames?: readonly string[];
}

/** Plain JSON for the manifest's report. */
export interface Provenance {
  readonly library: "xgboost" | "lightgbm";
  /** The library's version as the file tells it; LightGBM's is that of the text format. */
  readonly version: string;
  readonly format: "json" | "ubjson" | "text";
  readonly fileName: string;
  readonly objective: string;
  readonly booster: string;
  /** Trees in the file and trees that were kept: they differ where training stopped early. */
  readonly treesRead: number;
  readonly treesKept: number;
  readonly bestIteration: number | null;
  readonly targetTransform: "none" | "log" | null;
  readonly unusedFeatures: readonly string[];
  /** How category codes were read: by the level names in the file, or by the order of the spec's levels. */
  readonly categories: "by name" | "by order" | "none";
}

/** A term of a weighted sum; where contributions are measured from, only the rows can say. */
export type ImportedTerm = Omit<AdditiveTerm, "mean">;

export interface ImportedTrees {
  readonly kind: "trees";
  readonly ensemble: TreeEnsemble;
  readonly provenance: Provenance;
}

export interface ImportedSum {
  readonly kind: "additive";
  readonly intercept: number;
  readonly terms: readonly ImportedTerm[];
  readonly link: Link;
  readonly provenance: Provenance;
}

export type ImportedModel = ImportedTrees | ImportedSum;
