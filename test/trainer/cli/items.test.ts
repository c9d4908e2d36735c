// appraise items: what is asked of the server, what is shown of its answers, and files in and out.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answer, type Asked, type ScriptedServer, startServer } from "../scripted-server.ts";
import { appraise } from "./command.ts";

const house = (id: string, area: number, revision = 1) => ({
  ...{ id, revision, target: area * 1000 },
  features: { area, heating: "gas" },
  createdAt: "2026-01-02T03:04:05.000Z",
  updatedAt: "2026-01-02T03:04:05.000Z",
});

let server: ScriptedServer;
let answer: (asked: Asked) => Answer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "appraise-items-"));
  server = await startServer((asked) => answer(asked));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  server.asked.length = 0;
});

const run = (argv: readonly string[], input?: string) =>
  appraise(["items", ...argv, "--dataset", "houses"], {
    env: { APPRAISE_URL: server.url, APPRAISE_TOKEN: "t" },
    cwd: folder,
    input,
  });
const report = { inserted: 2, updated: 1, unchanged: 4, rejectedCount: 0, rejected: [] };

describe("items list", () => {
  it("asks for filters and order, page by page, until it has enough", async () => {
    answer = ({ path }) =>
      path.includes("cursor=c1")
        ? { body: { items: [house("b", 7)], next: null } }
        : { body: { items: [house("a", 5)], next: "c1" } };
    const filters = ["--filter", "area:gte:2", "--filter", "heating:eq:gas"];
    const { code, stdout } = await run(["list", ...filters, "--sort", "-price", "--limit", "5"]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      "id  area  heating  target  revision\n--  ----  -------  ------  --------\n" +
        "a      5  gas        5000         1\nb      7  gas        7000         1\n",
    );
    const query = "sort=-price&filter=area%3Agte%3A2&filter=heating%3Aeq%3Agas";
    expect(server.asked.map(({ path }) => path)).toEqual([
      `/v1/houses/items?${query}&limit=5`,
      `/v1/houses/items?${query}&limit=4&cursor=c1`,
    ]);
  });

  it("prints one document with --json, and where to go on", async () => {
    answer = () => ({ body: { items: [house("a", 5)], next: "c1" } });
    const { stdout, stderr } = await run(["list", "--limit", "1", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ dataset: "houses", items: [{ id: "a" }], next: "c1" });
    expect(stderr).toContain("more follow");
  });

  it("tells what the server refuses", async () => {
    const errors = [{ pointer: "/sort", detail: "expected one of id, area" }];
    answer = () => ({ status: 400, body: { detail: "the sort is wrong", errors } });
    const { code, stderr } = await run(["list", "--sort", "size"]);
    expect([code, stderr]).toEqual([4, expect.stringContaining("/sort: expected one of id, area")]);
  });
});

describe("items show", () => {
  it("shows an item, its id escaped, or its history", async () => {
    const content = { features: { area: 5 }, target: 9 };
    const change = {
      revision: 2,
      action: "delete",
      actor: "admin",
      request: "r",
      time: "2026-01-02T03:04:05.000Z",
    };
    answer = ({ path }) =>
      path.includes("/history")
        ? { body: { items: [{ ...change, before: content, after: null }], next: null } }
        : { body: house("a/b", 5, 3) };
    expect((await run(["show", "a/b"])).stdout).toContain("a/b     5  gas        5000         3");
    expect(server.asked[0].path).toBe("/v1/houses/items/a%2Fb");
    expect((await run(["show", "a/b", "--history"])).stdout).toContain(
      "2  2026-01-02 03:04:05  delete  admin",
    );
    const { stdout } = await run(["show", "a/b", "--history", "--json"]);
    expect(JSON.parse(stdout).changes[0].before).toEqual(content);
  });
});

describe("items import", () => {
  it("sends a file as what its name says, in the mode and under the key that are asked for", async () => {
    answer = () => ({ body: report });
    writeFileSync(join(folder, "houses.csv"), "id,area\na,5\n");
    const { code, stdout } = await run(["import", "houses.csv", "--mode", "all-or-nothing", "--key", "k1"]);
    expect(stdout).toMatch(/^2 inserted, 1 replaced, 4 unchanged, 0 rejected; [\d,]+ records a second\n$/);
    expect(code).toBe(0);
    const [{ path, headers, body }] = server.asked;
    expect(path).toBe("/v1/houses/items/import?mode=all-or-nothing");
    expect(headers).toMatchObject({ "content-type": "text/csv", "idempotency-key": "k1" });
    expect(body.toString()).toBe("id,area\na,5\n");
  });

  it("reads standard input, and ends with 2 and the lines where records were rejected", async () => {
    const rejected = [{ line: 3, errors: [{ pointer: "/area", detail: "expected a number" }] }];
    answer = () => ({ body: { ...report, rejectedCount: 1, rejected } });
    const { code, stdout, stderr } = await run(
      ["import", "-", "--format", "ndjson", "--json"],
      '{"id":"a"}\n',
    );
    expect(code).toBe(2);
    expect(stderr).toContain("line 3: area: expected a number\n");
    expect(stderr).toContain("1 records rejected");
    expect(JSON.parse(stdout)).toMatchObject({ dataset: "houses", inserted: 2, rejected });
    expect(server.asked[0]).toMatchObject({ headers: { "content-type": "application/x-ndjson" } });
  });

  it.each([
    [["import", "nosuch.csv"], /nosuch\.csv: cannot be read/],
    [["import", "houses.xlsx"], /expected a name that ends in \.csv or \.ndjson, or --format/],
    [["import", "houses.csv", "--mode", "some"], /partial, all-or-nothing/],
    [["list", "--limit", "0"], /whole number/],
    [["show"], /missing required argument/],
  ])("%o is wrong usage, told in a line", async (argv, told) => {
    const { code, stderr } = await run(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(told);
    expect(server.asked).toEqual([]);
  });
});

describe("items export", () => {
  it("writes to a file in the format of its name, or to standard output", async () => {
    answer = ({ path }) => ({ body: path.includes("format=csv") ? "id,area\r\na,5\r\n" : '{"id":"a"}\n' });
    const file = await run(["export", "--out", "out.csv", "--filter", "area:gt:1"]);
    expect([file.code, file.stdout]).toEqual([0, ""]);
    expect(readFileSync(join(folder, "out.csv"), "utf8")).toBe("id,area\r\na,5\r\n");
    expect(server.asked[0].path).toBe("/v1/houses/items/export?format=csv&filter=area%3Agt%3A1");
    expect((await run(["export"])).stdout).toBe('{"id":"a"}\n');
  });
});
