// Reads a parsed XGBoost model (save_model to .json or .ubj, 1.x to 3.x) into our trees.
import { InputError, quoted } from "#core/api/problem.ts";
import { checkEnsemble, ensembleLimits } from "#core/trees/check-ensemble.ts";
import type { Tree } from "#core/trees/ensemble.ts";
import {
  countAt,
  type Document,
  listAt,
  numbersAt,
  objectAt,
  objectIn,
  stringAt,
  type Value,
} from "./document.ts";
import type { ImportedModel, ImportOptions } from "./imported-model.ts";
import { matchFeatures } from "./match-features.ts";
import { readXgboostFeatures } from "./xgboost-features.ts";
import { readXgboostLinear } from "./xgboost-linear.ts";
import { findXgboostObjective, isXgboostRegression, parseBaseScore } from "./xgboost-objective.ts";
import { readXgboostTree } from "./xgboost-tree.ts";

/** Throws InputError naming what of the model is not read and where. */
export function readXgboost(root: Value, format: "json" | "ubjson", options: ImportOptions): ImportedModel {
  if (typeof root !== "object" || root === null || !("learner" in root)) {
    throw new InputError(
      "not an XGBoost model: expected an object with a learner (write it with save_model, not dump_model)",
    );
  }
  const document = root as Document;
  const learner = objectAt(document, "learner", "model");
  const version = Array.from(numbersAt(document, "version", "model")).join(".");
  const objectiveName = stringAt(objectAt(learner, "objective", "learner"), "name", "objective");
  const objective = findXgboostObjective(objectiveName);
  const params = objectAt(learner, "learner_model_param", "learner");
  const outputs = Math.max(1, countAt(params, "num_class", "learner_model_param", 0));
  const targets = countAt(params, "num_target", "learner_model_param", 1);
  if (targets > 1) throw new InputError(`num_target: ${targets}; models of several targets are not read`);
  if (outputs > ensembleLimits.outputs) {
    throw new InputError(`num_class: expected at most ${ensembleLimits.outputs}; got ${outputs}`);
  }

  const scores = parseBaseScore(stringAt(params, "base_score", "learner_model_param"));
  if (scores.length !== 1 && scores.length !== outputs) {
    throw new InputError(`base_score: expected 1 or ${outputs} numbers; got ${scores.length}`);
  }
  const baseScore = Array.from({ length: outputs }, (_, k) =>
    objective.toMargin(scores[scores.length === 1 ? 0 : k]),
  );
  const targetTransform = isXgboostRegression(objectiveName)
    ? (options.targetTransform ?? options.spec.target.transform)
    : null;
  const link = targetTransform === "log" ? "exp" : objective.link;

  const { model, weights, booster } = findModel(learner);
  const foreign = readXgboostFeatures(learner, model, params, options.featureNames);
  const matched = matchFeatures(options.spec, foreign);
  const hasCategories = matched.features.some((feature) => feature.type === "category");
  const provenance = {
    library: "xgboost",
    version,
    format,
    fileName: options.fileName,
    objective: objectiveName,
    booster,
    targetTransform,
    unusedFeatures: matched.unused,
    categories: hasCategories ? (foreign.some((feature) => feature.levels) ? "by name" : "by order") : "none",
  } as const;
  if (booster === "gblinear") {
    if (outputs > 1) throw new InputError(`num_class: ${outputs}; linear boosters of classes are not read`);
    const { intercept, terms } = readXgboostLinear(model, matched);
    const trees = { treesRead: 0, treesKept: 0, bestIteration: null };
    const sum = { intercept: baseScore[0] + intercept, terms, link };
    return { kind: "additive", ...sum, provenance: { ...provenance, ...trees } };
  }
  const documents = listAt(model, "trees", "model");
  const groups = numbersAt(model, "tree_info", "model", documents.length);
  const { kept, bestIteration } = countKept(learner, model, documents.length, outputs);
  if (kept > ensembleLimits.trees) {
    throw new InputError(`trees: expected at most ${ensembleLimits.trees}; got ${kept}`);
  }
  if (weights && weights.length !== documents.length) {
    throw new InputError(`weight_drop: expected ${documents.length} weights; got ${weights.length}`);
  }
  const trees = documents.slice(0, kept).map((_, index): Tree => {
    const context = { matched, output: groups[index], weight: weights ? Math.fround(weights[index]) : 1 };
    return readXgboostTree(objectIn(documents, index, "trees"), `tree ${index}`, context);
  });
  const ensemble = { features: matched.features, trees, baseScore, link };
  checkEnsemble(ensemble);
  return {
    kind: "trees",
    ensemble,
    provenance: { ...provenance, treesRead: documents.length, treesKept: kept, bestIteration },
  };
}

/** The trees' or weights' part of the file, which DART nests one level deeper beside its own weights. */
function findModel(learner: Document): { model: Document; weights?: ArrayLike<number>; booster: string } {
  const outer = objectAt(learner, "gradient_booster", "learner");
  const booster = stringAt(outer, "name", "gradient_booster");
  if (booster === "gbtree" || booster === "gblinear") {
    return { model: objectAt(outer, "model", "gradient_booster"), booster };
  }
  if (booster !== "dart")
    throw new InputError(`booster: expected gbtree, dart or gblinear; got ${quoted(booster)}`);
  const inner = objectAt(outer, "gbtree", "gradient_booster");
  return {
    model: objectAt(inner, "model", "gbtree"),
    weights: numbersAt(outer, "weight_drop", "gradient_booster"),
    booster,
  };
}

/** How many trees, from the first, stand up to and including the best iteration. */
function countKept(
  learner: Document,
  model: Document,
  trees: number,
  outputs: number,
): { kept: number; bestIteration: number | null } {
  const attributes = learner.attributes === undefined ? {} : objectAt(learner, "attributes", "learner");
  if (attributes.best_iteration === undefined) return { kept: trees, bestIteration: null };
  const bestIteration = countAt(attributes, "best_iteration", "attributes");
  const parallel = countAt(
    objectAt(model, "gbtree_model_param", "model"),
    "num_parallel_tree",
    "gbtree_model_param",
    1,
  );
  // Since 2.0 the file tells where each iteration ends; before, every iteration had as many trees.
  const ends =
    model.iteration_indptr === undefined ? undefined : numbersAt(model, "iteration_indptr", "model");
  const kept = ends
    ? ends[Math.min(bestIteration + 1, ends.length - 1)]
    : (bestIteration + 1) * parallel * outputs;
  if (!(Number.isInteger(kept) && kept >= 0))
    throw new InputError(`iteration_indptr: expected counts; got ${kept}`);
  return { kept: Math.min(kept, trees), bestIteration };
}
