// The road of classes: probabilities calibrated out of fold, sets of classes with a coverage in every class, label and probabilities out.

import { calibrateProbabilities } from "#core/bundle/class-calibration.ts";
import { calibrateSets, setOf } from "#core/bundle/class-sets.ts";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import type { Manifest } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { compileClassContributor } from "#core/explain/class-contributions.ts";
import { confusionOf } from "#core/metrics/classification.ts";
import { rankPoints } from "#core/metrics/ranking.ts";
import { addClassOutputs } from "#core/onnx/class-graph.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { decideClasses, levelsOf, positiveOf, thresholdOf } from "#core/tasks/classes.ts";
import { taskOf } from "#core/tasks/index.ts";
import { calibrateModel } from "../classes/calibrated-model.ts";
import { fitCalibration } from "../classes/fit-calibration.ts";
import { countClasses } from "../dataset/class-counts.ts";
import { bareRow, copyPartially, rowCompleteness } from "../intervals/partial-copies.ts";
import type { Road } from "./road.ts";

/** The probability from which the positive class is decided on where F1 is to be highest, on rows of known class. */
function bestF1Threshold(
  spec: DatasetSpec,
  actual: ArrayLike<number>,
  probabilities: Float64Array,
): number | undefined {
  const positive = positiveOf(spec);
  if (positive === undefined) return undefined;
  const scores = Float64Array.from(actual, (_, row) => probabilities[2 * row + positive]);
  const isPositive = Array.from(actual, (label) => label === positive);
  const all = isPositive.filter(Boolean).length;
  let [best, threshold] = [-1, 0.5];
  for (const { score, truePositives, falsePositives } of rankPoints(isPositive, scores)) {
    const f1 = (2 * truePositives) / (truePositives + falsePositives + all);
    if (f1 > best) [best, threshold] = [f1, score];
  }
  return threshold;
}

function describeClasses(
  spec: DatasetSpec,
  target: ArrayLike<number>,
  probabilities: Float64Array,
): NonNullable<Manifest["classes"]> {
  const positive = positiveOf(spec);
  const f1 = bestF1Threshold(spec, target, probabilities);
  return {
    counts: countClasses(spec, target) ?? [],
    ...(positive === undefined || f1 === undefined
      ? {}
      : { decision: { positive: levelsOf(spec)[positive], threshold: thresholdOf(spec), bestF1: f1 } }),
  };
}

export const classes: Road = {
  calibrate({ spec, trainRows, train }, trial, folds) {
    const levels = levelsOf(spec);
    const width = levels.length;
    const judged = { classes: width, actual: train.target, probabilities: trial.outOfFold, folds };
    const { calibration, probabilities } = fitCalibration(judged);
    const { copies } = folds;
    const copied = calibration
      ? calibrateProbabilities(calibration, trial.outOfFoldCopies, width)
      : trial.outOfFoldCopies;
    const all = new Float64Array(probabilities.length + copied.length);
    all.set(probabilities);
    all.set(copied, probabilities.length);
    const every = [...trainRows.map(({ features }) => features), ...copies.rows];
    const sets = calibrateSets(width, {
      completeness: every.map((row) => rowCompleteness(spec, row)),
      actual: [...train.target, ...Array.from(copies.sources, (source) => train.target[source])],
      probabilities: all,
    });
    return {
      conformal: { residuals: "out-of-fold", ...sets },
      difficulty: undefined,
      crossValidated: taskOf(spec).measure(spec, train.target, probabilities),
      classes: {
        ...describeClasses(spec, train.target, probabilities),
        ...(calibration ? { calibration } : {}),
      },
      apply: (model) => (calibration ? calibrateModel(model, calibration, width) : model),
    };
  },
  finish(graph, spec, _, predicted) {
    addClassOutputs(graph, predicted, levelsOf(spec));
  },
  contributionSizes(spec, explanation, table) {
    const { outputs, over } = compileClassContributor(spec, explanation);
    const explainRow = over(table);
    const sizes = new Float64Array(spec.features.length);
    for (let row = 0; row < table.rows; row++)
      for (const { contributions } of explainRow(row))
        contributions.forEach((contribution, at) => {
          sizes[at] += Math.abs(contribution) / (table.rows * outputs);
        });
    return sizes;
  },
  tellProbe(spec, predicted) {
    const [label] = decideClasses(spec, predicted);
    return { prediction: levelsOf(spec)[label], probabilities: [...predicted] };
  },
  measureUnseen(spec, loaded, heldOut, { conformal }, random) {
    const levels = levelsOf(spec);
    if (conformal.kind !== "sets") throw new RangeError("expected sets of classes");
    const rows = heldOut.map(({ features }) => features);
    const copies = copyPartially(spec, rows, random);
    const partial = copies.rows.filter((row) => rowCompleteness(spec, row) === "partial");
    const sources = Array.from(copies.sources).filter(
      (_, at) => rowCompleteness(spec, copies.rows[at]) === "partial",
    );
    const every = Array.from(rows.keys());
    const isComplete = spec.features.every(({ required }) => required);
    const given = [
      { given: "as they are", own: rows, from: every },
      { given: "partial", own: partial, from: sources },
      { given: "required", own: isComplete ? [] : rows.map((row) => bareRow(spec, row)), from: every },
    ] as const;
    const sets = given.flatMap(({ given, own, from }) => {
      if (own.length === 0) return [];
      const probabilities = loaded.predict(feedsOf(spec, own), own.length);
      const counts = levels.map((level) => ({ level, rows: 0, within: 0 }));
      let size = 0;
      own.forEach((row, at) => {
        const part = probabilities.subarray(at * levels.length, (at + 1) * levels.length);
        const { members } = setOf(conformal, part, rowCompleteness(spec, row), defaultCoverage);
        const actual = heldOut[from[at]].target;
        size += members.length;
        counts[actual].rows++;
        if (members.includes(actual)) counts[actual].within++;
      });
      const within = counts.reduce((sum, one) => sum + one.within, 0) / own.length;
      return [
        {
          ...{ given, coverage: defaultCoverage, rows: own.length, within, meanSize: size / own.length },
          classes: counts.map((one) => ({ ...one, within: one.rows === 0 ? null : one.within / one.rows })),
        },
      ];
    });
    const actual = heldOut.map(({ target }) => target);
    const decided = decideClasses(spec, loaded.predict(feedsOf(spec, rows), rows.length));
    return { metrics: { sets, confusion: confusionOf(levels.length, actual, decided) }, intervals: [] };
  },
};
