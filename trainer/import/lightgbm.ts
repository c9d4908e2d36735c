// Reads a LightGBM text model (Booster.save_model, format v3 and v4) into our trees.
import { InputError, quoted } from "#core/api/problem.ts";
import { checkEnsemble, ensembleLimits } from "#core/trees/check-ensemble.ts";
import type { EnsembleFeature, Link } from "#core/trees/ensemble.ts";
import type { ImportedModel, ImportOptions } from "./imported-model.ts";
import { countOf, type LightgbmText, splitLightgbmText } from "./lightgbm-text.ts";
import { readLightgbmTree } from "./lightgbm-tree.ts";
import { type ForeignFeature, matchFeatures } from "./match-features.ts";

const links: Readonly<Record<string, Link>> = {
  regression: "identity",
  regression_l1: "identity",
  huber: "identity",
  fair: "identity",
  quantile: "identity",
  mape: "identity",
  poisson: "exp",
  gamma: "exp",
  tweedie: "exp",
  binary: "sigmoid",
  cross_entropy: "sigmoid",
  multiclass: "softmax",
};

/** Throws InputError naming what of the model is not read and where. */
export function readLightgbm(source: string, options: ImportOptions): ImportedModel {
  const text = splitLightgbmText(source);
  const { header } = text;
  const version = header.get("version") ?? "";
  if (!/^v[34]$/.test(version)) throw new InputError(`version: expected v3 or v4; got ${quoted(version)}`);
  const objectiveText = header.get("objective") ?? "";
  const [objective, ...settings] = objectiveText.split(" ");
  if (!Object.hasOwn(links, objective)) {
    throw new InputError(
      `objective: expected one of ${Object.keys(links).join(", ")}; got ${quoted(objectiveText)}`,
    );
  }
  const { scale, isRooted } = readSettings(objective, settings);
  const perIteration = countOf(header, "num_tree_per_iteration", "header");
  const outputs = Math.max(1, countOf(header, "num_class", "header"));
  if (perIteration !== outputs) {
    throw new InputError(`num_tree_per_iteration: expected ${outputs}; got ${perIteration}`);
  }
  if (outputs > ensembleLimits.outputs)
    throw new InputError(`num_class: expected at most ${ensembleLimits.outputs}`);
  if (text.trees.length % outputs !== 0) {
    throw new InputError(`trees: expected a multiple of ${outputs}; got ${text.trees.length}`);
  }
  const foreign = readFeatures(text, options);
  const matched = matchFeatures(options.spec, foreign);
  const averaged = header.has("average_output");
  // The sigmoid's steepness moves into the leaves, so that the plain sigmoid gives the same probabilities.
  const divisor = (averaged ? text.trees.length / outputs : 1) / scale;
  const zeroIsMissing = new Map<number, boolean>();
  const trees = text.trees.map((section, index) =>
    readLightgbmTree(section, `tree ${index}`, { matched, output: index % outputs, divisor, zeroIsMissing }),
  );
  const isRegression = links[objective] === "identity";
  const targetTransform = isRegression ? (options.targetTransform ?? options.spec.target.transform) : null;
  if (isRooted && targetTransform === "log") {
    throw new InputError(
      "objective: fitted to the square root of the target (reg_sqrt), so not to its logarithm as well; say --target none",
    );
  }
  const link = isRooted ? "square" : targetTransform === "log" ? "exp" : links[objective];
  const features = matched.features.map(
    (feature, index): EnsembleFeature =>
      zeroIsMissing.get(index) ? { ...feature, zeroIsMissing: true } : feature,
  );
  const ensemble = { features, trees, baseScore: new Array<number>(outputs).fill(0), link };
  checkEnsemble(ensemble);
  const hasCategories = matched.features.some((feature) => feature.type === "category");
  return {
    kind: "trees",
    ensemble,
    provenance: {
      library: "lightgbm",
      version,
      format: "text",
      fileName: options.fileName,
      objective: objectiveText,
      booster: averaged ? "rf" : "gbdt",
      treesRead: trees.length,
      treesKept: trees.length,
      // save_model itself leaves out the trees after the best iteration and does not say that it did.
      bestIteration: null,
      targetTransform,
      unusedFeatures: matched.unused,
      categories: hasCategories ? (text.pandasCategories ? "by name" : "by order") : "none",
    },
  };
}

interface Settings {
  /** The sigmoid's steepness; 1 for other objectives. */
  readonly scale: number;
  /** Whether the trees were fitted to the signed square root of the target. */
  readonly isRooted: boolean;
}

function readSettings(objective: string, settings: readonly string[]): Settings {
  let scale = 1;
  let isRooted = false;
  for (const setting of settings) {
    const [key, value] = setting.split(":");
    if (key === "sqrt") isRooted = true;
    if (key !== "sigmoid" || objective !== "binary") continue;
    scale = Number(value);
    if (!(scale > 0 && Number.isFinite(scale)))
      throw new InputError(`sigmoid: expected a number above 0; got ${quoted(value)}`);
  }
  return { scale, isRooted };
}

/** Features in the model's order, with the level names of those that were pandas categoricals. */
function readFeatures(
  { header, pandasCategories }: LightgbmText,
  { spec, featureNames: given }: ImportOptions,
): ForeignFeature[] {
  const count = countOf(header, "max_feature_idx", "header") + 1;
  if (count > ensembleLimits.features)
    throw new InputError(`features: expected at most ${ensembleLimits.features}`);
  const own = (header.get("feature_names") ?? "").split(" ");
  const infos = (header.get("feature_infos") ?? "").split(" ");
  if (!given && own.every((name, index) => name === `Column_${index}`)) {
    throw new InputError(
      `the model holds no feature names (it was fitted on a bare array): name its ${count} features in their order`,
    );
  }
  const names = given ?? own;
  if (names.length !== count) throw new InputError(`feature names: expected ${count}; got ${names.length}`);
  if (infos.length !== count) throw new InputError(`feature_infos: expected ${count}; got ${infos.length}`);
  // A number's info is its range, "[low:high]"; a category's lists its codes, "0:1:2"; "none" is a constant feature of either type.
  const isCategory = infos.map((info, index) =>
    info === "none"
      ? spec.features.some((feature) => feature.name === names[index] && feature.type === "category")
      : !info.startsWith("["),
  );
  const categories = isCategory.filter(Boolean).length;
  if (pandasCategories && pandasCategories.length !== categories) {
    throw new InputError(
      `pandas_categorical: expected levels of ${categories} category features; got ${pandasCategories.length}`,
    );
  }
  let next = 0;
  return names.map((name, index) => ({
    name,
    isCategory: isCategory[index],
    levels: isCategory[index] && pandasCategories ? pandasCategories[next++] : undefined,
  }));
}
