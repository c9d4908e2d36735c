// Reasons and comparables from both engines: asked for only where wanted, in as few requests as may be, and never in the price's way.
import { describe, expect, it } from "vitest";
import type { PriceExplanation } from "#core/api/explanation.ts";
import type { PriceManifest } from "#core/bundle/price.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { apiEngine } from "../../web/engines/api.ts";
import { loadBrowserEngine } from "../../web/engines/browser.ts";
import type { Client } from "../../web/engines/client.ts";
import { loadEvaluator } from "../../web/engines/evaluator.ts";
import { Failure } from "../../web/engines/failure.ts";
import { fitExplained } from "../core/explain/fitted.ts";

const signal = new AbortController().signal;

/** A client whose answers are given by path; what it has none for is missing. */
function clientOf(answers: Record<string, unknown>): Client & { readonly asked: string[] } {
  const asked: string[] = [];
  const find = (path: string) => {
    asked.push(path);
    if (!(path in answers)) throw new Failure("missing", `nothing at ${path}`);
    return answers[path];
  };
  return {
    asked,
    json: async <T>(path: string) => find(path) as T,
    bytes: async (path) => find(path) as Uint8Array,
    forget: async () => {},
    forgetBut: async () => {},
  };
}

const reasons: PriceExplanation = {
  scale: "factor",
  base: { value: 2, margin: Math.log(2) },
  steps: [],
  sentence: "Starts at 2 USD.",
};
const priced = { prediction: 3, unit: "USD", model: { id: "mean-0123456789ab" }, warnings: [] };

describe("the engine that asks the service", () => {
  it("asks for reasons and comparables with the price, in one request", async () => {
    const similar = { items: [{ id: "a" }], exact: 1 };
    const path = "/v1/gems/predict?explain=true&similar=3";
    const client = clientOf({ [path]: { ...priced, explanation: reasons, similar } });
    const price = await apiEngine(client, "gems").price({}, signal, { explain: true, similar: 3 });
    expect(client.asked).toEqual([path]);
    expect(price.explanation).toEqual(reasons);
    expect(price.similar).toEqual(similar.items);
  });

  it("asks for neither unless it is told to, and says null where there are none", async () => {
    const client = clientOf({ "/v1/gems/predict": priced, "/v1/gems/predict?explain=true": priced });
    const plain = await apiEngine(client, "gems").price({}, signal);
    expect(plain).not.toHaveProperty("explanation");
    expect(plain).not.toHaveProperty("similar");
    const without = await apiEngine(client, "gems").price({}, signal, { explain: true });
    expect(without.explanation).toBeNull();
  });
});

describe("the engine in the page", async () => {
  const { spec, onnx, explanation, rows } = await fitExplained("boosting");
  const root = `/v1/${spec.name}/models/boosting-0123456789ab`;
  const conformal = {
    ...{ scale: "log", normalised: false, residuals: "out-of-fold" },
    coverages: [0.9],
    groups: { required: { rows: 100, widths: [0.2] } },
  } as const satisfies PriceManifest["conformal"];
  const manifest = { conformal, ranges: {} };
  const files = { [`${root}/model.onnx`]: onnx, [root]: manifest };
  const load = (client: Client, of: DatasetSpec = spec) =>
    loadBrowserEngine({ client, spec: of, modelId: "boosting-0123456789ab", loadRuntime: loadEvaluator });

  it("fetches explain.json once, when it is first asked for reasons", async () => {
    const client = clientOf({ ...files, [`${root}/explain.json`]: explanation });
    const engine = await load(client);
    expect(await engine.price(rows[0], signal)).not.toHaveProperty("explanation");
    expect(client.asked).not.toContain(`${root}/explain.json`);
    for (const row of rows.slice(0, 5)) {
      const { prediction, explanation: steps } = await engine.price(row, signal, { explain: true });
      expect(steps!.steps.at(-1)!.running).toBe(prediction);
    }
    expect(client.asked.filter((path) => path.endsWith("/explain.json"))).toHaveLength(1);
  });

  it("does not ask for the reasons of a model that was published without", async () => {
    const client = clientOf({ ...files, [root]: { ...manifest, files: [{ name: "model.onnx" }] } });
    const engine = await load(client);
    expect((await engine.price(rows[0], signal, { explain: true })).explanation).toBeNull();
    expect(client.asked).not.toContain(`${root}/explain.json`);
  });

  it("prices without reasons where there are none, and looks again the next time", async () => {
    const answers: Record<string, unknown> = { ...files };
    const client = clientOf(answers);
    const engine = await load(client);
    const price = await engine.price(rows[0], signal, { explain: true });
    expect(price.explanation).toBeNull();
    expect(price.prediction).toBeGreaterThan(0);
    answers[`${root}/explain.json`] = explanation;
    expect((await engine.price(rows[0], signal, { explain: true })).explanation).not.toBeNull();
    answers[`${root}/explain.json`] = { kind: "oracle" };
    const other = await load(client);
    expect((await other.price(rows[0], signal, { explain: true })).explanation).toBeNull();
  });
});
