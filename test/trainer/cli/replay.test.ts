// appraise replay against a server that remembers well, badly, or not enough.
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, type Asked, type ScriptedServer, startServer } from "../scripted-server.ts";
import { appraise } from "./command.ts";

const [model, other] = ["linear-0123456789ab", "linear-ba9876543210"];
const row = { area: 77, token: "a feature" };
const time = Date.parse("2026-11-01T10:00:00.000Z");
const answer = {
  ...{ id: "r1", prediction: 1234.5678901234567, unit: "EUR", warnings: [] },
  interval: { low: 1000.1, high: 1500.2, coverage: 0.8 },
  model: { id: model, family: "linear", alias: "champion" },
};
const entry = {
  ...{ id: "r1", time: new Date(time).toISOString(), method: "POST", route: "/v1/{dataset}/predict" },
  ...{
    path: "/v1/houses/predict?coverage=0.8",
    dataset: "houses",
    status: 200,
    latencyMs: 3,
    modelId: model,
  },
  ...{ requestBody: JSON.stringify(row), responseBody: JSON.stringify(answer), client: null },
};

let server: ScriptedServer;
afterEach(() => server.close());

interface Script {
  readonly logged?: Partial<Record<keyof typeof entry, unknown>>;
  /** What a prediction by id, and one at a moment (ms), answers. */
  readonly byModel?: object;
  readonly live?: (atMs: number) => string | undefined;
}

async function replay({ logged, byModel, live = () => model }: Script, ...args: string[]) {
  const predict = ({ path, body }: Asked): Answer => {
    expect(JSON.parse(body.toString())).toEqual(row);
    const query = new URL(path, "http://server").searchParams;
    expect(query.get("coverage")).toBe("0.8");
    const at = query.get("at");
    if (at === null) return { body: { ...answer, ...byModel } };
    const id = live(Date.parse(at));
    return id ? { body: { ...answer, model: { ...answer.model, id } } } : { status: 404 };
  };
  server = await startServer((asked) =>
    asked.path.startsWith("/v1/requests/r1") ? { body: { ...entry, ...logged } } : predict(asked),
  );
  return appraise(["replay", "r1", "--url", server.url, "--token", "t", ...args]);
}

describe("appraise replay", () => {
  it("says that every digit is the same, by the log's model and by the ledger", async () => {
    const { code, stdout } = await replay({});
    expect(code).toBe(0);
    expect(stdout).toContain("1234.5678901234567");
    expect(stdout).toContain("live at 2026-11-01T10:00:00.000Z");
  });

  it("fails on the last digit of any number", async () => {
    const { low, high, coverage } = answer.interval;
    const changes = [
      { prediction: 1234.567890123457 },
      { interval: { low: low + 2 ** -43, high, coverage } },
      { interval: { low, high: high - 2 ** -42, coverage } },
      { interval: undefined },
    ];
    for (const byModel of changes) {
      const { code, stderr } = await replay({ byModel }, "--json");
      expect(code).toBe(1);
      expect(stderr).toContain("does not replay to the same digits");
      await server.close();
    }
  });

  it("fails where the ledger names another model, unless a move was spreading", async () => {
    const wrong = await replay({ live: () => other });
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining(`the ledger names ${other}`)]);
    await server.close();
    const nothing = await replay({ live: () => undefined });
    expect(nothing.code).toBe(1);
    await server.close();
    const late = await replay({ live: (at) => (at >= time - 2000 ? other : model) });
    expect([late.code, late.stdout]).toEqual([0, expect.stringContaining("while a move was spreading")]);
    await server.close();
    const early = await replay({ live: (at) => (at > time ? model : other) });
    expect(early.code).toBe(0);
  });

  it("asks at the moment that the request itself named", async () => {
    const path = "/v1/houses/predict?coverage=0.8&at=2026-10-01T00%3A00%3A00Z";
    const moments: number[] = [];
    const live = (at: number) => {
      moments.push(at);
      return model;
    };
    expect((await replay({ logged: { path }, live })).code).toBe(0);
    expect(moments).toEqual([Date.parse("2026-10-01T00:00:00Z")]);
  });

  it("refuses what is no whole prediction", async () => {
    const cases = [
      { route: "/v1/{dataset}/sweep" },
      { route: "/v1/{dataset}/models", method: "GET" },
      { status: 422 },
      { requestBody: '{"area": 7… [truncated: 70000 characters]' },
      { requestBody: null },
      { responseBody: "[text/csv]" },
      { responseBody: "{}" },
      { dataset: null },
    ];
    for (const logged of cases) {
      const { code, stderr } = await replay({ logged });
      expect(`${JSON.stringify(logged)} ${code}`).toBe(`${JSON.stringify(logged)} 2`);
      expect(stderr.split("\n")).toHaveLength(2);
      await server.close();
    }
  });
});
