// Loading items: every row is sent once, two bodies at a time, and one that is refused is never lost among those that are not.
import { afterEach, describe, expect, it } from "vitest";
import { ApiFault } from "../../../sdk/api-fault.ts";
import { Client } from "../../../trainer/client/client.ts";
import type { CleanRow } from "../../../trainer/dataset/clean.ts";
import type { Progress } from "../../../trainer/progress.ts";
import { loadItems } from "../../../trainer/publish/load-items.ts";
import { houses } from "../dataset/fixture.ts";
import { type Answer, type Asked, type ScriptedServer, startServer } from "../scripted-server.ts";

let server: ScriptedServer;
afterEach(() => server.close());

const quiet: Progress = { task: () => ({ update: () => undefined, end: () => undefined }) };
const rows = Array.from({ length: 40_000 }, (_, row) => ({
  ...{ row, target: 1000 },
  features: { area: 100, note: "x".repeat(60) },
})) as unknown as CleanRow[];
const linesOf = ({ body }: Asked) => body.toString().trimEnd().split("\n");

async function load(answer: (asked: Asked, at: number) => Answer | Promise<Answer>) {
  let at = 0;
  server = await startServer((asked) => answer(asked, at++));
  return loadItems(new Client(server.url), houses, rows, quiet);
}

describe("loadItems", () => {
  it("sends every row once, at most two bodies at a time, and adds up what was done", async () => {
    let [now, most] = [0, 0];
    const report = await load(async (asked) => {
      most = Math.max(most, ++now);
      await new Promise((resume) => setTimeout(resume, 20));
      now--;
      return { body: { inserted: linesOf(asked).length, updated: 0, rejected: [] } };
    });
    expect(most).toBe(2);
    expect(server.asked.length).toBeGreaterThan(3);
    expect(report).toMatchObject({ inserted: rows.length, updated: 0 });
    const ids = server.asked.flatMap((asked) => linesOf(asked).map((line) => JSON.parse(line).id as string));
    expect(new Set(ids).size).toBe(rows.length);
    expect(ids.length).toBe(rows.length);
  });

  it.each([0, 1, 2, 4])("tells that body %i was refused, whichever answer comes first", async (refused) => {
    const rejected = [{ line: 7, errors: [{ pointer: "/area", detail: "expected a number" }] }];
    const loading = load(async (asked, at) => {
      // The refusal comes late, among or after the answers of bodies that were sent later.
      await new Promise((resume) => setTimeout(resume, at === refused ? 60 : 5));
      return {
        body: { inserted: linesOf(asked).length, updated: 0, rejected: at === refused ? rejected : [] },
      };
    });
    await expect(loading).rejects.toThrow(ApiFault);
    await expect(loading).rejects.toThrow(/1 rows rejected; the first: .*expected a number/);
  });
});
