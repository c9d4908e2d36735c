// Contributions to a classifier's margins against XGBoost's pred_contribs (test/fixtures/classes/make.py), and calibrated ones.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explanationFormat } from "#core/bundle/explanation.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { toTable } from "#core/dataset/table.ts";
import { compileClassContributor } from "#core/explain/class-contributions.ts";
import { ensembleToJson } from "#core/trees/serialise.ts";
import { importModel } from "../../../trainer/import/import-model.ts";

interface Fixture {
  readonly model: unknown;
  readonly rows: (number | null)[][];
  readonly margins: (number | number[])[];
  readonly contributions: number[][][];
}

const path = join(import.meta.dirname, "../../fixtures/classes/contributions.json");
const fixtures = JSON.parse(readFileSync(path, "utf8")) as Record<"binary" | "multiclass", Fixture>;
const names = ["a", "b", "c", "d"];

describe.each(Object.entries(fixtures))("a %s booster of XGBoost", (task, fixture) => {
  const levels = task === "binary" ? ["no", "yes"] : ["low", "middle", "high"];
  const spec = checkSpec({
    ...{ name: "signals", title: "Signals", version: 1, task, target: { name: "level", levels } },
    source: { format: "csv", path: "signals.csv" },
    features: names.map((name) => ({ name, type: "number" })),
    split: { testShare: 0.2, seed: 1 },
  });
  const bytes = new TextEncoder().encode(JSON.stringify(fixture.model));
  const model = importModel(bytes, { fileName: "model.json", spec });
  if (model.kind !== "trees") throw new Error("expected trees");
  const explanation = {
    kind: "trees" as const,
    format: explanationFormat,
    ensemble: ensembleToJson(model.ensemble),
  };
  const table = toTable(
    spec,
    fixture.rows.map((row) =>
      Object.fromEntries(row.flatMap((value, at) => (value === null ? [] : [[names[at], value]]))),
    ),
  );

  it("has XGBoost's contributions on every margin", () => {
    const explainRow = compileClassContributor(spec, explanation as never).over(table);
    fixture.contributions.forEach((margins, row) => {
      explainRow(row).forEach(({ base, contributions }, k) => {
        const [wanted, own] = [margins[k], [...contributions, base]];
        own.forEach((value, at) => {
          expect(Math.abs(value - wanted[at])).toBeLessThan(1e-5);
        });
        const margin = [fixture.margins[row]].flat()[k];
        expect(Math.abs(own.reduce((sum, one) => sum + one, 0) - margin)).toBeLessThan(1e-5);
      });
    });
  });

  it("is told on the calibrated margins where it was calibrated", () => {
    const calibration = { scale: 0.5, shift: task === "binary" ? 0.25 : 0 };
    const plain = compileClassContributor(spec, explanation as never).over(table)(0);
    const put = compileClassContributor(spec, { ...explanation, calibration } as never).over(table)(0);
    put.forEach(({ base, contributions }, k) => {
      expect(base).toBeCloseTo(plain[k].base / 2 + calibration.shift, 12);
      expect(contributions[0]).toBeCloseTo(plain[k].contributions[0] / 2, 12);
    });
  });

  it("is refused for a target of other classes", () => {
    const other = { ...spec, target: { ...spec.target, levels: ["a", "b", "c", "d"] } };
    expect(() => compileClassContributor(other, explanation as never)).toThrow("expected 4 margins");
  });
});
