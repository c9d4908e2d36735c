// The gate before publishing: it passes honest exports, stops ones that differ, and says in which row.
import { beforeAll, describe, expect, it } from "vitest";
import { checkSpec } from "#core/dataset/spec.ts";
import { loadModel } from "#core/onnx/model.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { FittedModel } from "../../../trainer/families/family.ts";
import { families } from "../../../trainer/families/index.ts";
import { type ExportedModel, exportModel, modelIdOf } from "../../../trainer/onnx/export.ts";
import { ExportDisagreement } from "../../../trainer/onnx/export-disagreement.ts";
import { checkExport, judge } from "../../../trainer/onnx/judge.ts";
import { runInOnnxruntime } from "../../../trainer/onnx/runtime.ts";
import { seeded } from "../../../trainer/random.ts";
import { drawWorkshops, workshops, workshopTable } from "../../synthetic-dataset.ts";

const table = workshopTable(drawWorkshops(300));
const [{ params }] = families.linear.candidates(workshops);
const options = { spec: workshops, family: "linear", specHash: "abc", dataSha256: "def", params, seed: 3 };
let fitted: FittedModel;
let exported: ExportedModel;

beforeAll(async () => {
  fitted = await families.linear.fit(params, table, { spec: workshops, random: seeded(1) });
  exported = await exportModel(fitted, options);
});

describe("exportModel", () => {
  it("names the model after its bytes, and tells its origin in the metadata", async () => {
    expect(exported.id).toBe(`linear-${exported.sha256.slice(0, 12)}`);
    expect(await modelIdOf("linear", exported.bytes)).toBe(exported.id);
    expect(loadModel(exported.bytes).metadata).toEqual(exported.metadata);
    expect(exported.metadata).toMatchObject({
      dataset: "workshops",
      spec_hash: "abc",
      data_sha256: "def",
      family: "linear",
      seed: "3",
    });
    expect(JSON.parse(exported.metadata.params)).toEqual(params);
  });

  it("never prices below the target's minimum", async () => {
    const dear = checkSpec({ ...workshops, target: { ...workshops.target, minimum: 100 } });
    const { bytes } = await exportModel(fitted, { ...options, spec: dear });
    const { prices } = await judge(bytes, dear, table, fitted);
    expect(Math.min(...fitted.predict(table))).toBeLessThan(100);
    expect(Math.min(...prices)).toBe(100);
    expect([...taskOf(dear).settle(dear, Float64Array.of(7, 700))]).toEqual([100, 700]);
  });

  it("refuses a feature that is called like the output", async () => {
    const features = [{ ...workshops.features[0], name: "prediction" }];
    const clash = { ...workshops, features, similar: undefined } as typeof workshops;
    await expect(exportModel(fitted, { ...options, spec: clash })).rejects.toThrow(
      '"prediction" is the model\'s output',
    );
  });
});

describe("checkExport", () => {
  it("passes an honest export, with differences far below what is allowed", async () => {
    const verdict = await checkExport(exported.bytes, workshops, table, fitted);
    expect(verdict.evaluator.difference).toBeLessThan(1e-12);
    expect(verdict.native.difference).toBeLessThan(1e-12);
  });

  it("stops a family whose own arithmetic differs, and names the row", async () => {
    const off = {
      predict: (rows: typeof table) =>
        fitted.predict(rows).map((price, index) => (index === 17 ? price * 1.0002 : price)),
    };
    await expect(checkExport(exported.bytes, workshops, table, off)).rejects.toThrow(ExportDisagreement);
    await expect(checkExport(exported.bytes, workshops, table, off)).rejects.toThrow(
      /^row 18: the family itself/,
    );
  });

  it("stops a family that gives no number", async () => {
    const nothing = { predict: () => new Float64Array(table.rows).fill(Number.NaN) };
    await expect(checkExport(exported.bytes, workshops, table, nothing)).rejects.toThrow("Infinity relative");
  });
});

describe("runInOnnxruntime", () => {
  it("tells why bytes are refused, and which feed is missing", async () => {
    await expect(runInOnnxruntime(Uint8Array.of(1, 2, 3), {}, 1)).rejects.toThrow(
      "model: onnxruntime refuses it",
    );
    await expect(runInOnnxruntime(exported.bytes, {}, 1)).rejects.toThrow(
      'nothing to feed its input "area" with',
    );
  });
});
