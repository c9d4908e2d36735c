// The golden rows in Node: the trainer makes the same model again, the evaluator the same digits, onnxruntime the same prices.
import { beforeAll, describe, expect, it } from "vitest";
import { relativeDifference } from "#core/bundle/manifest.ts";
import type { Row } from "#core/dataset/row.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import type { Bundle } from "../../trainer/bundle.ts";
import { runInOnnxruntime } from "../../trainer/onnx/runtime.ts";
import type { PreparedData } from "../../trainer/prepare.ts";
import golden from "./golden.json" with { type: "json" };
import { prepareDiamonds, trainGolden } from "./train.ts";

const onnx = Uint8Array.from(Buffer.from(golden.onnx, "base64"));
const rows = golden.rows.map(({ row }) => row as unknown as Row);
const prices = golden.rows.map(({ prediction }) => prediction);

describe("golden rows", () => {
  let data: PreparedData;
  let bundle: Bundle;
  beforeAll(async () => {
    data = await prepareDiamonds();
    bundle = await trainGolden(data);
  });

  it("come from a training that gives the same bytes again", () => {
    expect(data.specHash).toBe(golden.specHash);
    expect(bundle.manifest.id).toBe(golden.model);
    expect(Buffer.from(bundle.files.get("model.onnx")!).equals(Buffer.from(onnx))).toBe(true);
    expect(bundle.manifest.metrics).toEqual(golden.manifest.metrics);
  });

  it("have the evaluator's digits, in a batch and one by one", () => {
    const model = loadModel(onnx);
    expect([...model.predict(feedsOf(data.spec, rows), rows.length)]).toEqual(prices);
    expect(rows.map((row) => model.predict(feedsOf(data.spec, [row]), 1)[0])).toEqual(prices);
  });

  it("have onnxruntime's prices", async () => {
    const judged = await runInOnnxruntime(onnx, feedsOf(data.spec, rows), rows.length);
    const worst = Math.max(...prices.map((price, index) => relativeDifference(price, judged[index])));
    expect(worst).toBeLessThan(1e-9);
  });

  it("are as accurate as the best published linear model, and more", () => {
    // The reference of log price on log carat, its square and dummies on the same 80/20 split of this data.
    expect(bundle.manifest.metrics.heldOut.r2Score).toBeGreaterThan(0.9523);
    expect(bundle.manifest.metrics.heldOut.meanAbsoluteError).toBeLessThan(404);
  });
});
