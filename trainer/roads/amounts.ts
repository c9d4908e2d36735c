// The road of amounts: conformal intervals from out-of-fold residuals, a clamp at the target's minimum, coverage of unseen rows.
import { difficultyOutput, predictionOutput } from "#core/onnx/outputs.ts";
import { elementTypeCodes } from "#core/onnx/tensor.ts";
import { contributionsOf } from "../contributions.ts";
import { calibrate } from "../intervals/calibration.ts";
import { addDifficulty } from "../intervals/difficulty.ts";
import { judgeRows, measureIntervals } from "../intervals/judged-rows.ts";
import type { Road } from "./road.ts";

export const amounts: Road = {
  calibrate({ spec, trainRows, train, seed }, trial, folds) {
    const { conformal, difficulty } = calibrate(
      spec,
      {
        rows: trainRows.map(({ features }) => features),
        actual: train.target,
        predicted: trial.outOfFold,
        folds,
        copies: folds.copies,
        predictedCopies: trial.outOfFoldCopies,
      },
      seed,
    );
    return {
      conformal: { ...conformal, residuals: "out-of-fold" },
      difficulty,
      crossValidated: trial.crossValidated,
      apply: (model) => model,
    };
  },
  finish(graph, spec, inputs, predicted, difficulty) {
    const wide = graph.node("Cast", [predicted], { to: { int: elementTypeCodes.double } });
    const clamped =
      spec.target.minimum === undefined
        ? wide
        : graph.node("Max", [wide, graph.constant("double", [], [spec.target.minimum])]);
    graph.output(predictionOutput, clamped, "double");
    if (difficulty)
      graph.output(difficultyOutput, addDifficulty(graph, difficulty, inputs, clamped), "double");
  },
  contributionSizes(spec, explanation, table) {
    const { features, values } = contributionsOf(spec, explanation, table);
    const sizes = new Float64Array(features.length);
    for (let i = 0; i < values.length; i++) sizes[i % features.length] += Math.abs(values[i]) / table.rows;
    return sizes;
  },
  tellProbe: (_, [prediction]) => ({ prediction }),
  measureUnseen(spec, loaded, rows, manifest, random) {
    const intervals = judgeRows(spec, loaded, rows, random);
    return { metrics: { intervals: measureIntervals(spec, manifest, intervals) }, intervals };
  },
};
