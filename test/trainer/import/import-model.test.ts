import { afterAll, describe, expect, test } from "vitest";
import { addAdditive, additiveMargins } from "#core/additive/additive-model.ts";
import { parseExplanation } from "#core/bundle/explanation.ts";
import { compileContributor } from "#core/explain/contributions.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import { loadModel } from "#core/onnx/model.ts";
import { applyLink, goesLeft, tableMargins } from "#core/trees/margin.ts";
import { fixtures, importAny, importFixture, marginScale, spec, sumFixtures } from "./fixtures.ts";

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

describe("LightGBM's wider kinds", () => {
  const named = (name: string) =>
    fixtures.find((fixture) => fixture.name === name) as (typeof fixtures)[number];

  test("reg_sqrt gives the square with the sign of the root", () => {
    expect(importFixture(named("lightgbm-4-square-root")).ensemble.link).toBe("square");
  });

  test("zero_as_missing marks the features whose zeros are missing", () => {
    const { features } = importFixture(named("lightgbm-4-zero-as-missing")).ensemble;
    expect(features.some(({ zeroIsMissing }) => zeroIsMissing)).toBe(true);
  });

  test.each(["inf", "1e+300"])("a threshold of %s sends every number left", (written) => {
    const fixture = named("lightgbm-4-fair");
    const text = new TextDecoder().decode(fixture.bytes).replace(/^(threshold=)\S+/m, `$1${written}`);
    const bytes = new TextEncoder().encode(text);
    const { ensemble } = importFixture({ ...fixture, bytes });
    expect(ensemble.trees[0].threshold[0]).toBe(3.4028234663852886e38);
    expect(goesLeft(ensemble.trees[0], 0, 3.4028234663852886e38)).toBe(true);
  });

  test("one feature with two readings of zero is refused", () => {
    const fixture = named("lightgbm-4-zero-as-missing");
    const text = new TextDecoder().decode(fixture.bytes).replace(/^(decision_type=)\d+/m, "$12");
    expect(() => importFixture({ ...fixture, bytes: new TextEncoder().encode(text) })).toThrow(
      /takes zero of \w+ for missing, unlike an earlier split/,
    );
  });
});

describe("XGBoost's linear booster", () => {
  test.each(sumFixtures)("$name: margins, graph and contributions are the library's own", (fixture) => {
    const model = importAny(fixture);
    if (model.kind !== "additive") throw new Error("expected a sum");
    const sum = { intercept: model.intercept, terms: model.terms.map((term) => ({ ...term, mean: 0 })) };
    const margins = additiveMargins(sum, fixture.table);
    const graph = new GraphBuilder();
    const inputs = Object.fromEntries(
      spec.features.map(({ name, type }) => [
        name,
        graph.input(name, type === "number" ? "float" : "string"),
      ]),
    );
    graph.output("prediction", addAdditive(graph, spec, sum, inputs), "double");
    const priced = loadModel(graph.build({})).predict(feedsOf(spec, fixture.rows), fixture.rows.length);
    expect(priced).toEqual(margins);
    const file = { kind: "additive", format: 1, link: "identity", model: sum };
    const contributor = compileContributor(spec, parseExplanation(file)).over(fixture.table);
    fixture.margins.forEach(([expected], row) => {
      expect(Math.abs(margins[row] - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)));
      const shares = fixture.contributions[row];
      if (!shares) return;
      const { base, contributions } = contributor(row);
      model.terms.forEach(({ feature: name }, at) => {
        const own = contributions[spec.features.findIndex((feature) => feature.name === name)];
        expect(own).toBeCloseTo(shares[at], 5);
      });
      expect(base).toBeCloseTo(shares.at(-1) as number, 5);
    });
  });

  test("weights that are too few, or no numbers, are refused", () => {
    const [fixture] = sumFixtures;
    const spoilt = (weights: unknown[]) => {
      const file = JSON.parse(new TextDecoder().decode(fixture.bytes));
      file.learner.gradient_booster.model.weights = weights;
      return { ...fixture, bytes: new TextEncoder().encode(JSON.stringify(file)) };
    };
    expect(() => importAny(spoilt([1, 2]))).toThrow(/model.weights: expected 7 numbers; got 2/);
    expect(() => importAny(spoilt([1, 2, 3, null, 5, 6, 7]))).toThrow(
      /model.weights: expected finite numbers/,
    );
  });
});
