// A fitted classifier with its probabilities put right: natively, in the graph and in what explains them.
import {
  addCalibration,
  type ClassCalibration,
  calibrateProbabilities,
} from "#core/bundle/class-calibration.ts";
import type { FittedModel } from "../families/family.ts";

/** The model with `calibration` after it. */
export function calibrateModel(
  model: FittedModel,
  calibration: ClassCalibration,
  classes: number,
): FittedModel {
  const { explanation } = model;
  return {
    predict: (table) => calibrateProbabilities(calibration, model.predict(table), classes),
    addTo: (graph, inputs) => addCalibration(graph, calibration, model.addTo(graph, inputs), classes),
    report: () => model.report(),
    ...(explanation ? { explanation: () => ({ ...explanation(), calibration }) } : {}),
  };
}
