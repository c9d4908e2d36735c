import { afterAll, expect, test } from "vitest";
import { applyLink, tableMargins } from "#core/trees/margin.ts";
import { fixtures, importFixture, marginScale } from "./fixtures.ts";

const report: Record<string, object> = {};
afterAll(() => console.table(report));

const isExact = (name: string) => name.startsWith("xgboost");

test.each(fixtures)("$name: margins and predictions are the library's own", (fixture) => {
  const model = importFixture(fixture);
  const { ensemble, provenance } = model;
  const scale = marginScale(model);
  const margins = tableMargins(ensemble, fixture.table);
  const outputs = ensemble.baseScore.length;
  expect(fixture.margins[0]).toHaveLength(outputs);
  let marginError = 0;
  let differing = 0;
  let predictionError = 0;
  fixture.margins.forEach((expected, row) => {
    const got = Array.from(margins.subarray(row * outputs, (row + 1) * outputs));
    expected.forEach((stored, k) => {
      const margin = isExact(fixture.name) ? Math.fround(stored) : stored;
      if (got[k] !== Math.fround(margin)) differing++;
      marginError = Math.max(marginError, Math.abs(got[k] - margin * scale) / Math.max(1, Math.abs(margin)));
    });
    // A model of the log target is asked for the target itself; the library answers with the logarithm.
    const link = provenance.targetTransform === "log" ? "identity" : ensemble.link;
    const answers = applyLink(link, got);
    fixture.predictions[row].forEach((expected, k) => {
      predictionError = Math.max(
        predictionError,
        Math.abs(answers[k] - expected) / Math.max(1e-3, Math.abs(expected)),
      );
    });
  });
  report[fixture.name] = {
    trees: ensemble.trees.length,
    "margin error": marginError.toExponential(1),
    "prediction error": predictionError.toExponential(1),
    "margins in other bits": `${differing} of ${fixture.margins.length * outputs}`,
  };
  expect(marginError).toBeLessThanOrEqual(1e-6);
  expect(predictionError).toBeLessThanOrEqual(2e-6);
  if (isExact(fixture.name)) expect(differing).toBe(0);
});
