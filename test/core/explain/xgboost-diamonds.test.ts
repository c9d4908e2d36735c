// The diamond of the README as XGBoost explains it and as we do: one model of its making, imported and published as any other.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explanationFormat } from "#core/bundle/explanation.ts";
import type { Row } from "#core/dataset/row.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { toTable } from "#core/dataset/table.ts";
import { compileExplainer } from "#core/explain/price-explanation.ts";
import { applyLink, encodeRow, rowMargins } from "#core/trees/margin.ts";
import { ensembleToJson } from "#core/trees/serialise.ts";
import { importModel } from "../../../trainer/import/import-model.ts";
import expected from "../../fixtures/explain/diamonds.expected.json" with { type: "json" };
import { treesOf } from "../../trainer/import/fixtures.ts";

const root = new URL("../../../", import.meta.url);
const spec = checkSpec(JSON.parse(readFileSync(new URL("data/diamonds/dataset.json", root), "utf8")));
const bytes = readFileSync(new URL("test/fixtures/explain/diamonds.ubj", root));
const { ensemble } = treesOf(importModel(new Uint8Array(bytes), { fileName: "diamonds.ubj", spec }));
const rows = expected.rows as unknown as Row[];
const table = toTable(spec, rows);
const explainer = compileExplainer(spec, {
  kind: "trees",
  format: explanationFormat,
  ensemble: ensembleToJson(ensemble),
});
const explainRow = (at: number) => {
  const margins = rowMargins(ensemble, encodeRow(ensemble.features, table, at));
  return explainer.explain(rows[at], applyLink(ensemble.link, margins)[0]);
};

describe("a model of XGBoost's on the diamonds", () => {
  it("has XGBoost's own contributions within 1e-5, and its margin as their sum", () => {
    rows.forEach((_, at) => {
      const { base, steps } = explainRow(at);
      const library = expected.contributions[at];
      expect(Math.abs(base.margin - library[spec.features.length])).toBeLessThan(1e-5);
      for (const { feature, contribution } of steps)
        expect(Math.abs(contribution - library[expected.features.indexOf(feature!)])).toBeLessThan(1e-5);
      const margin = steps.reduce((sum, { contribution }) => sum + contribution, base.margin);
      expect(Math.abs(margin - expected.margins[at])).toBeLessThan(1e-5);
    });
  });

  it("tells the same story in the same order", () => {
    const [library] = expected.contributions;
    const order = expected.features
      .map((feature, at) => ({ feature, size: Math.abs(library[at]) }))
      .sort((a, b) => b.size - a.size)
      .map(({ feature }) => feature);
    const { steps, sentence } = explainRow(0);
    expect(steps.map(({ feature }) => feature)).toEqual(order);
    expect(order.slice(0, 2)).toEqual(["carat", "clarity"]);
    expect(sentence).toMatch(
      /^Starts at 2,\d{3} USD, the average of Diamonds; Weight 1\.01 ct ×2\.\d+; Clarity VS1 ×1\.\d+; /,
    );
    expect(sentence).toContain("not given");
  });

  it("goes up with weight, cut, color and clarity, each by its own step", () => {
    const priceOf = (row: Row) => {
      const one = toTable(spec, [row]);
      const [price] = applyLink(ensemble.link, rowMargins(ensemble, encodeRow(ensemble.features, one, 0)));
      return { price, steps: explainer.explain(row, price).steps };
    };
    const step = (row: Row, feature: string) =>
      priceOf(row).steps.find((one) => one.feature === feature)!.contribution;
    const better: Row[] = [
      { ...rows[0], carat: 2 },
      { ...rows[0], color: "D" },
      { ...rows[0], clarity: "IF" },
    ];
    const worse: Row[] = [
      { ...rows[0], carat: 0.5 },
      { ...rows[0], color: "J" },
      { ...rows[0], clarity: "I1" },
    ];
    ["carat", "color", "clarity"].forEach((feature, at) => {
      expect(step(better[at], feature)).toBeGreaterThan(step(rows[0], feature));
      expect(step(worse[at], feature)).toBeLessThan(step(rows[0], feature));
    });
    expect(step({ ...rows[0], cut: "Ideal" }, "cut")).toBeGreaterThan(
      step({ ...rows[0], cut: "Fair" }, "cut"),
    );
  });
});
