// The golden rows in Node: the trainer makes the same model again, the evaluator the same digits, onnxruntime the same prices.

import { beforeAll, describe, expect, it } from "vitest";
import { type Manifest, relativeDifference } from "#core/bundle/manifest.ts";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import type { Row } from "#core/dataset/row.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import { predictionOutput } from "#core/onnx/outputs.ts";
import type { Bundle } from "../../trainer/bundle.ts";
import { runInOnnxruntime } from "../../trainer/onnx/runtime.ts";
import type { PreparedData } from "../../trainer/prepare.ts";
import { contributionsIn, explainAll } from "./explain.ts";
import explanations from "./explanations.json" with { type: "json" };
import golden from "./golden.json" with { type: "json" };
import { priceGolden } from "./price.ts";
import { prepareDiamonds, trainGolden } from "./train.ts";

const rows = golden.rows as unknown as Row[];

describe("golden rows", () => {
  let data: PreparedData;
  let bundles: Bundle[];
  beforeAll(async () => {
    data = await prepareDiamonds();
    bundles = await trainGolden(data);
  });

  it("are of one linear and one boosted model", () => {
    expect(golden.models.map(({ manifest }) => manifest.family)).toEqual(["linear", "boosting"]);
  });

  describe.each(golden.models.map((model, index) => ({ ...model, index })))("of $id", (model) => {
    const onnx = Uint8Array.from(Buffer.from(model.onnx, "base64"));

    it("come from a training that gives the same bytes again", () => {
      const { manifest, files } = bundles[model.index];
      expect(data.specHash).toBe(golden.specHash);
      expect(manifest.id).toBe(model.id);
      expect(Buffer.from(files.get("model.onnx")!).equals(Buffer.from(onnx))).toBe(true);
      expect(manifest.metrics).toEqual(model.manifest.metrics);
    });

    it("have the evaluator's digits, in a batch and one by one", () => {
      const evaluator = loadModel(onnx);
      expect([...evaluator.predict(feedsOf(data.spec, rows), rows.length)]).toEqual(model.prices);
      expect(rows.map((row) => evaluator.predict(feedsOf(data.spec, [row]), 1)[0])).toEqual(model.prices);
    });

    it("have reasons that come from the trained model and end at these prices", () => {
      const { file, contributions, demo } = explanations.find(({ id }) => id === model.id)!;
      const trained = new TextDecoder().decode(bundles[model.index].files.get("explain.json"));
      expect(JSON.parse(trained)).toEqual(JSON.parse(file));
      const explained = explainAll(data.spec, file, rows, model.prices);
      const names = data.spec.features.map(({ name }) => name);
      expect(explained.map((one) => contributionsIn(names, one))).toEqual(contributions);
      expect(explained.map(({ steps }) => steps.at(-1)?.running)).toEqual(model.prices);
      expect(explained[0]).toEqual(demo);
    });

    it("have the same bounds of their intervals", () => {
      const manifest = model.manifest as unknown as Manifest;
      const priced = priceGolden(data.spec, manifest, onnx, rows);
      expect(priced.map(({ interval }) => [interval.low, interval.high])).toEqual(model.intervals);
      expect(bundles[model.index].manifest.conformal).toEqual(model.manifest.conformal);
      // The heaviest that may be asked for is beyond every training row: its band is the widest.
      const widths = model.intervals.map(([low, high], at) => (high - low) / model.prices[at]);
      expect(Math.max(...widths)).toBe(widths[3]);
    });

    it("have onnxruntime's prices", async () => {
      const judged = (await runInOnnxruntime(onnx, feedsOf(data.spec, rows), rows.length))[predictionOutput];
      const worst = Math.max(...model.prices.map((price, index) => relativeDifference(price, judged[index])));
      expect(worst).toBeLessThan(1e-9);
    });
  });

  it("are as accurate as the best published linear model, and more", () => {
    const [{ metrics }] = bundles.map(({ manifest }) => manifest);
    // The reference of log price on log carat, its square and dummies on the same 80/20 split of this data.
    expect(asAmounts(metrics.heldOut)?.r2Score).toBeGreaterThan(0.9523);
    expect(asAmounts(metrics.heldOut)?.meanAbsoluteError).toBeLessThan(404);
  });
});
