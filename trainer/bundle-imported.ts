// A model trained elsewhere as a bundle of ours: judged and measured on this dataset's held-out rows, which it may have seen.
import { addAdditive, additiveMargins, termValues } from "#core/additive/additive-model.ts";
import { InputError } from "#core/api/problem.ts";
import { explanationFormat } from "#core/bundle/explanation.ts";
import type { Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import { quantileOf } from "#core/metrics/quantile.ts";
import { exponential } from "#core/onnx/exponential.ts";
import { taskOf } from "#core/tasks/index.ts";
import { addEnsemble } from "#core/trees/onnx-export.ts";
import { ensembleToJson } from "#core/trees/serialise.ts";
import type { Bundle } from "./bundle.ts";
import { type BundleOptions, bundleModel, type ModelFacts } from "./bundle-model.ts";
import { sha256Hex } from "./dataset/snapshot.ts";
import { assignFolds } from "./dataset/split.ts";
import { gainShares } from "./families/boosting/importance.ts";
import { predictTable } from "./families/boosting/predict-table.ts";
import type { FittedModel } from "./families/family.ts";
import { importModel } from "./import/import-model.ts";
import type { ImportedModel, ImportedSum, ImportedTrees, ImportOptions } from "./import/imported-model.ts";
import { calibrate } from "./intervals/calibration.ts";
import { copyPartially } from "./intervals/partial-copies.ts";
import type { PreparedData } from "./prepare.ts";
import { seeded } from "./random.ts";

/** What takes the place of a family's name in ids and histories. */
export const importedFamily = "imported";

const calibrationFolds = 5;

function checkTask(model: ImportedModel, { target }: DatasetSpec): void {
  const { provenance } = model;
  const link = model.kind === "trees" ? model.ensemble.link : model.link;
  if (link === "identity" || link === "exp" || link === "square") return;
  throw new InputError(
    `${provenance.fileName}: objective ${provenance.objective} gives probabilities of classes; expected a regression of ${target.name}`,
  );
}

/** No model that is this far off on the median row was fitted to this target on this scale. */
const farthestRatio = 20;

/** Catches the commonest slip, a model of prices read as one of their logarithms or the other way round. */
function checkScale({ provenance }: ImportedModel, actual: Float64Array, predicted: Float64Array): void {
  const { fileName, targetTransform } = provenance;
  const typical = (prices: Float64Array) => quantileOf(prices.map(Math.abs).sort(), 0.5);
  const ratio = typical(predicted) / typical(actual);
  const finite = predicted.every(Number.isFinite);
  if (finite && !(ratio > farthestRatio || ratio < 1 / farthestRatio)) return;
  const found = finite
    ? `its median price is ${ratio.toPrecision(2)} times that of the held-out rows`
    : "some of its prices are not finite";
  const hint =
    targetTransform === null
      ? ""
      : targetTransform === "log"
        ? "; it was read as fitted to the target's logarithm: if it was fitted to the target itself, say --target none"
        : "; it was read as fitted to the target itself: if it was fitted to the logarithm, say --target log";
  throw new InputError(`${fileName}: ${found}${hint}`);
}

function toFitted(model: ImportedModel, { spec, train }: PreparedData): FittedModel {
  return model.kind === "trees" ? treesOf(model) : sumOf(model, spec, train);
}

function sumOf({ intercept, terms, link }: ImportedSum, spec: DatasetSpec, train: Table): FittedModel {
  if (link !== "identity" && link !== "exp")
    throw new InputError(`expected a sum or its exponential; got ${link}`);
  const unmeasured = { intercept, terms: terms.map((term) => ({ ...term, mean: 0 })) };
  const totals = new Float64Array(terms.length);
  for (let row = 0; row < train.rows; row++) {
    termValues(unmeasured, train, row).forEach((value, at) => {
      totals[at] += value;
    });
  }
  const model = { intercept, terms: terms.map((term, at) => ({ ...term, mean: totals[at] / train.rows })) };
  return {
    predict(table) {
      const margins = additiveMargins(model, table);
      return link === "exp" ? margins.map(exponential) : margins;
    },
    addTo(graph, inputs) {
      const margin = addAdditive(graph, spec, model, inputs);
      return link === "exp" ? graph.node("Exp", [margin]) : margin;
    },
    explanation: () => ({ kind: "additive", format: explanationFormat, link, model }),
    report: () => ({ intercept, link, weights: terms.map(({ feature, weight }) => ({ feature, weight })) }),
  };
}

function treesOf({ ensemble }: ImportedTrees): FittedModel {
  return {
    predict: (table) => predictTable(ensemble, table),
    addTo: (graph, inputs) => addEnsemble(graph, ensemble, inputs),
    explanation: () => ({ kind: "trees", format: explanationFormat, ensemble: ensembleToJson(ensemble) }),
    report: () => ({
      trees: ensemble.trees.length,
      baseScore: ensemble.baseScore,
      link: ensemble.link,
      importance: gainShares(ensemble),
    }),
  };
}

async function paramsOf({ provenance }: ImportedModel, bytes: Uint8Array<ArrayBuffer>): Promise<Params> {
  const { library, version, format, fileName, objective, booster, treesKept, bestIteration } = provenance;
  return {
    imported: true,
    ...{ library, version, format, file: fileName, fileSha256: await sha256Hex(bytes) },
    ...{ objective, booster, trees: treesKept, bestIteration },
    // Nobody can tell from the file which rows it was fitted on: every held-out figure may flatter it.
    heldOutRows: "may have been seen in training",
  };
}

/** Intervals from a half of the held-out rows, to be judged on the other: the only rows that the model need not have seen. */
function calibrateOnHeldOut(
  { spec, seed, test, testRows }: PreparedData,
  model: FittedModel,
  predicted: Float64Array,
): Pick<ModelFacts, "conformal" | "difficulty"> & { readonly judged: number[] } {
  const rows = testRows.map(({ features }) => features);
  const halves = assignFolds(spec, rows, { folds: 2, seed });
  const everyRow = Array.from(halves.keys());
  const calibrating = everyRow.filter((row) => halves[row] === 0);
  const others = everyRow.filter((row) => halves[row] === 1);
  // Equal rows stay together: where all are equal, one half is empty and nothing is left to judge on.
  const [chosen, judged] =
    calibrating.length > 0 && others.length > 0 ? [calibrating, others] : [everyRow, everyRow];
  const chosenRows = chosen.map((row) => rows[row]);
  const copies = copyPartially(spec, chosenRows, seeded(seed));
  const folds = {
    count: calibrationFolds,
    assigned: assignFolds(spec, chosenRows, { folds: calibrationFolds, seed }),
  };
  const { conformal, difficulty } = calibrate(
    spec,
    {
      rows: chosenRows,
      actual: Float64Array.from(chosen, (row) => test.target[row]),
      predicted: Float64Array.from(chosen, (row) => predicted[row]),
      ...{ folds, copies },
      predictedCopies: taskOf(spec).settle(spec, model.predict(copies.table)),
    },
    seed,
  );
  return { conformal: { ...conformal, residuals: "held-out" }, difficulty, judged };
}

/** Reads the file and makes its bundle. Throws InputError for a file that cannot be read, or that does not price this target. */
export async function bundleImported(
  data: PreparedData,
  bytes: Uint8Array<ArrayBuffer>,
  source: Omit<ImportOptions, "spec">,
  options: BundleOptions,
): Promise<Bundle> {
  const started = performance.now();
  const { spec, test } = data;
  const imported = importModel(bytes, { ...source, spec });
  checkTask(imported, spec);
  const model = toFitted(imported, data);
  const predicted = taskOf(spec).settle(spec, model.predict(test));
  checkScale(imported, test.target, predicted);
  const { library, version, fileName } = imported.provenance;
  const { judged, ...calibration } = calibrateOnHeldOut(data, model, predicted);
  const facts = {
    family: importedFamily,
    title: `Imported from ${library} ${version}: ${fileName}`.slice(0, 200),
    params: await paramsOf(imported, bytes),
    seconds: (performance.now() - started) / 1000,
    crossValidated: null,
    ...calibration,
    judged,
    search: { seconds: 0, candidates: [] },
    report: { provenance: imported.provenance },
  };
  return bundleModel(data, model, facts, options);
}
