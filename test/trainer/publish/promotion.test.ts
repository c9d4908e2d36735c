// Promotion: who becomes champion, decided on the same held-out rows, and what happens when two runs race.
import { afterEach, describe, expect, it } from "vitest";
import type { Manifest } from "#core/bundle/manifest.ts";
import { GateReport } from "#core/metrics/gate.ts";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import type { Bundle } from "../../../trainer/bundle.ts";
import { Client } from "../../../trainer/client/client.ts";
import { prepareData } from "../../../trainer/prepare.ts";
import { promote } from "../../../trainer/publish/promotion.ts";
import type { PromotionMode } from "../../../trainer/publish/promotion-mode.ts";
import { houses } from "../dataset/fixture.ts";
import { type Answer, type Asked, type ScriptedServer, startServer } from "../scripted-server.ts";

const [old, mine, other] = ["linear-00000000000a", "linear-00000000000b", "linear-00000000000c"];

/** A model that charges a fixed rate for the area and a fee; `input` is the name of its one input. */
function rateModel(rate: number, { input = "area", fee = 0 } = {}): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder();
  const area = graph.input(input, "float");
  const price = graph.node("Mul", [area, graph.constant("float", [1], [rate])]);
  graph.output("prediction", graph.node("Add", [price, graph.constant("float", [1], [fee])]), "float");
  return graph.build({});
}

/** Houses at exactly 10 EUR a square metre. */
const data = await prepareData(
  houses,
  Array.from({ length: 60 }, (_, index) => ({
    row: index + 1,
    values: { area: index + 1, town: "Ulm", rent: 10 * (index + 1) },
  })),
  1,
);
const meanArea = data.test.target.reduce((sum, rent) => sum + rent / 10, 0) / data.test.rows;

/** A challenger that errs by `rate` EUR a square metre. */
function challenger(rate: number): Bundle {
  const metrics = { heldOut: { meanAbsoluteError: rate * meanArea } };
  const manifest = { id: mine, metrics } as unknown as Manifest;
  return { manifest, files: new Map([["model.onnx", rateModel(10 + rate)]]) };
}

let server: ScriptedServer;
afterEach(() => server.close());

async function run(best: Bundle, mode: PromotionMode, answer: (asked: Asked) => Answer, note?: string) {
  server = await startServer(answer);
  return promote(new Client(server.url), data, best, { mode, note });
}

const alias = (model: string): Answer => ({ headers: { etag: `"${model}"` }, body: { model } });
const moves = () => server.asked.filter(({ method }) => method === "PUT");

/** A server whose champion is `model`, priced by `onnx`. */
function champion(model: string, onnx: Uint8Array) {
  return ({ method, path }: Asked): Answer => {
    if (path.endsWith("/model.onnx")) return { body: onnx };
    return method === "GET" ? alias(model) : {};
  };
}

describe("promote", () => {
  it("makes the first model champion", async () => {
    const result = await run(challenger(1), "auto", ({ method }) => ({
      status: method === "GET" ? 404 : 200,
    }));
    expect(result).toMatchObject({ promoted: true, gate: { champion: null, rows: data.test.rows } });
    expect(moves()[0].headers["if-none-match"]).toBe("*");
  });

  it("replaces a champion that is worse on the same rows, from where it was seen", async () => {
    const result = await run(challenger(1), "auto", champion(old, rateModel(12)));
    expect(result.promoted).toBe(true);
    expect(result.gate?.champion?.value).toBeCloseTo(2 * meanArea, 3);
    expect(moves()[0].headers["if-match"]).toBe(`"${old}"`);
    const body = JSON.parse(moves()[0].body.toString());
    expect(body).toMatchObject({ model: mine, gate: { metric: "meanAbsoluteError" } });
    const report = GateReport.parse(body.gate.comparison);
    expect(report.difference).toBeCloseTo(-meanArea, 3);
    expect(report.interval.high).toBeLessThan(0);
    expect(report.segments).toMatchObject([{ feature: "town", level: "Ulm", rows: data.test.rows }]);
    expect(body.reason).toMatch(/difference -\d+\.\d\d, 95 % interval -\d+\.\d\d to -\d+\.\d\d$/);
  });

  it("leaves a champion that errs a little more on average, where that may be luck", async () => {
    // Off by the same on every house, and by a hundredth more than the challenger is on the average one.
    const model = rateModel(10, { fee: 1.01 * meanArea });
    const result = await run(challenger(1), "auto", champion(old, model));
    expect(result.gate?.comparison?.difference).toBeCloseTo(-0.01 * meanArea, 3);
    expect(result).toMatchObject({ promoted: false, reason: expect.stringContaining("not surely better") });
    expect(moves()).toEqual([]);
  });

  it.each([
    ["better", 10.5],
    ["just as good", 11],
  ])("leaves a champion that is %s", async (_, rate) => {
    const result = await run(challenger(1), "auto", champion(old, rateModel(rate)));
    expect(result.promoted).toBe(false);
    expect(result.reason).toContain(`${old} stays`);
    expect(moves()).toEqual([]);
  });

  it("leaves a champion that cannot price these rows, unless told otherwise", async () => {
    const stranger = champion(old, rateModel(10, { input: "volume" }));
    const result = await run(challenger(1), "auto", stranger);
    expect(result).toMatchObject({ promoted: false, gate: { champion: { model: old, value: null } } });
    await server.close();
    expect(await run(challenger(1), "always", stranger, "new columns")).toMatchObject({
      promoted: true,
      reason: "new columns",
    });
  });

  it("promotes a worse model when told always, and nothing when told never", async () => {
    const result = await run(challenger(5), "always", champion(old, rateModel(10)), "a try");
    expect(result).toMatchObject({
      promoted: true,
      reason: "a try",
      gate: { comparison: { promote: false } },
    });
    await server.close();
    expect((await run(challenger(0), "never", champion(old, rateModel(20)))).promoted).toBe(false);
    expect(server.asked).toEqual([]);
  });

  it("does nothing where the best model is champion already", async () => {
    const result = await run(challenger(1), "auto", champion(mine, rateModel(11)));
    expect(result).toEqual({ promoted: false, reason: `${mine} is the champion already`, gate: null });
  });

  it("looks again when someone else has moved the alias meanwhile", async () => {
    let reads = 0;
    const result = await run(challenger(1), "auto", ({ method, path }) => {
      if (path.includes(old)) return { body: rateModel(15) };
      if (path.includes(other)) return { body: rateModel(10) };
      if (method === "PUT") return { status: 412 };
      return alias(reads++ === 0 ? old : other);
    });
    expect(result).toMatchObject({ promoted: false, gate: { champion: { model: other } } });
    expect(moves().length).toBe(1);
  });

  it("gives up after the second time", async () => {
    const result = await run(challenger(1), "auto", ({ method, path }) => {
      if (path.endsWith("/model.onnx")) return { body: rateModel(15) };
      return method === "PUT" ? { status: 412 } : alias(old);
    });
    expect(result).toMatchObject({ promoted: false, reason: expect.stringContaining("try again") });
    expect(moves().length).toBe(2);
  });
});
