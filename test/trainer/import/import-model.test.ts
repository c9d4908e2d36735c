import { expect, test } from "vitest";
import { applyLink, tableMargins } from "#core/trees/margin.ts";
import { fixtures, importFixture } from "./fixtures.ts";

const isExact = (name: string) => name.startsWith("xgboost");

test.each(fixtures)("$name: margins and predictions are the library's own", (fixture) => {
  const { ensemble, provenance } = importFixture(fixture);
  const margins = tableMargins(ensemble, fixture.table);
  const outputs = ensemble.baseScore.length;
  expect(fixture.margins[0]).toHaveLength(outputs);
  let marginError = 0;
  let differing = 0;
  let predictionError = 0;
  fixture.margins.forEach((expected, row) => {
    const got = Array.from(margins.subarray(row * outputs, (row + 1) * outputs));
    expected.forEach((margin, k) => {
      const scale = provenance.objective.startsWith("binary sigmoid") ? 0.7 : 1;
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
  console.log(
    `${fixture.name}: margins off by ${marginError.toExponential(1)} at most, ${differing} of ${fixture.margins.length * outputs} in other bits, predictions off by ${predictionError.toExponential(1)}`,
  );
  expect(marginError).toBeLessThanOrEqual(1e-6);
  expect(predictionError).toBeLessThanOrEqual(2e-6);
  if (isExact(fixture.name)) expect(differing).toBe(0);
});
