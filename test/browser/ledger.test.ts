// The ledger against the real Worker, by its command line: old prices replay, moves are on record, challengers price in the shadow.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSmallDataset, type SmallDataset } from "../trainer/cli/small-dataset.ts";
import { startServer, type TestServer } from "./server.ts";

const dataset = "houses";
const row = { area: 77, town: "Köln", age: 12 };
let server: TestServer;
let small: SmallDataset;
let ids: string[];

interface Failure {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: string[]) => server.appraise(...args, "--dataset", dataset);
const json = async (...args: string[]) => JSON.parse(await run(...args, "--json"));
const failure = (work: Promise<string>) =>
  work.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: Failure) => error,
  );

async function ask(
  path: string,
  body: object,
): Promise<{ status: number; body: { id: string; prediction: number } }> {
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
  const answer = await fetch(`${server.origin}/v1/${dataset}${path}`, {
    ...{ method: "POST", headers, body: JSON.stringify(body) },
  });
  return { status: answer.status, body: (await answer.json()) as { id: string; prediction: number } };
}

/** Asks again until it succeeds: entries reach the log a second or two after their answers. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 30) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

const replay = (id: string) =>
  eventually(async () => JSON.parse(await server.appraise("replay", id, "--json")));

beforeAll(async () => {
  small = makeSmallDataset();
  server = await startServer();
  await server.appraise("load", "--dataset", small.spec);
  const trained = await server.appraise(
    ...["train", "--dataset", small.spec, "--publish", server.origin],
    ...["--family", "linear", "--models", "3", "--json"],
  );
  ids = (JSON.parse(trained).models as { id: string }[]).map(({ id }) => id);
}, 300_000);

afterAll(async () => {
  await server?.stop();
  rmSync(small.folder, { recursive: true });
});

describe("the ledger by the command line", () => {
  it("replays an old price to the same digits after two promotions, and a refused row not at all", async () => {
    expect(ids.length).toBeGreaterThanOrEqual(3);
    const old = await ask("/predict?coverage=0.8", row);
    await run("models", "promote", ids[1], "--reason", "a second one");
    await run("models", "promote", ids[2], "--reason", "a third one");
    const now = await ask("/predict", row);
    expect(now.body.prediction).not.toBe(old.body.prediction);
    const report = await replay(old.body.id);
    expect(report).toMatchObject({
      ...{ same: true, differences: [], dataset, row },
      logged: { prediction: old.body.prediction, model: ids[0], interval: { coverage: 0.8 } },
      ledger: { model: ids[0] },
    });
    expect(report.replayed).toEqual(report.logged);
    expect(await server.appraise("replay", old.body.id)).toContain("the same to the last digit");
    const named = await ask(`/predict?model=${ids[0]}`, row);
    expect(await replay(named.body.id)).toMatchObject({ same: true, ledger: null });
    const batch = await ask("/predict/batch", { rows: [row] });
    const refused = await eventually(async () => {
      const error = await failure(server.appraise("replay", batch.body.id));
      expect(error.code).toBe(2);
      return error;
    });
    expect(refused.stderr).toContain("expected a prediction of one row");
    expect((await failure(server.appraise("replay", "nosuch"))).code).toBe(4);
  });

  it("rolls back a step at a time, and tells who did what", async () => {
    expect((await json("models", "rollback", "--reason", "worse")).model).toBe(ids[1]);
    expect(await run("models", "rollback", "--reason", "worse still")).toContain(`points to ${ids[0]} again`);
    expect((await failure(run("models", "rollback", "--reason", "more"))).code).toBe(4);
    const { moves } = await json("models", "history");
    const told = moves.map((move: { revision: number; kind: string; model: string; actor: string }) => [
      ...[move.revision, move.kind, move.model, move.actor],
    ]);
    expect(told).toEqual([
      [5, "rollback", ids[0], "admin"],
      [4, "rollback", ids[1], "admin"],
      [3, "move", ids[2], "admin"],
      [2, "move", ids[1], "admin"],
      [1, "move", ids[0], "admin"],
    ]);
    // The Worker worked the gate out by itself, from the bundles that were just trained.
    expect(moves[2].gate).toMatchObject({ challenger: { model: ids[2] }, comparison: { resamples: 2000 } });
    expect(await run("models", "history")).toContain("rollback to 2");
    expect((await failure(run("models", "promote", ids[0], "--reason", " "))).code).toBe(2);
    expect((await failure(run("models", "promote", "champion", "--reason", "again"))).code).toBe(2);
  });

  it("compares two models as the trainer's gate does", async () => {
    const comparison = await json("models", "compare", "champion", ids[1]);
    const manifest = await json("models", "show", ids[1]);
    expect(comparison.gate.comparable).toBe(true);
    expect(comparison.gate.rows).toBe(manifest.metrics.heldOut.rows);
    expect(comparison.gate.meanAbsoluteError.challenger).toBeCloseTo(
      manifest.metrics.heldOut.meanAbsoluteError,
      3,
    );
    expect(await run("models", "compare", ids[0], ids[1])).toMatch(
      /heldOut\.meanAbsoluteError.*not surely|surely/s,
    );
  });

  it("lets a challenger price in the shadow", async () => {
    await run("models", "promote", ids[1], "--alias", "challenger", "--reason", "a trial");
    // SHADOW_SHARE is a tenth: that none of so many is chosen happens once in ten million runs.
    const asked = Array.from({ length: 150 }, (_, at) => ask("/predict", { ...row, area: 40 + at }));
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
    const headers = { authorization: `Bearer ${server.token}` };
    const summary = await eventually(async () => {
      const answer = await fetch(`${server.origin}/v1/${dataset}/shadow`, { headers });
      const body = (await answer.json()) as {
        count: number;
        worst: { request: string }[];
        challenger: string;
      };
      expect(body.count).toBeGreaterThan(0);
      return body;
    });
    expect(summary.challenger).toBe(ids[1]);
    expect(await replay(summary.worst[0].request)).toMatchObject({ same: true });
  });

  it("prunes what was never live and nothing else", async () => {
    const { manifest } = { manifest: await json("models", "list") };
    expect(manifest.models.filter(({ everLive }: { everLive: boolean }) => everLive)).toHaveLength(3);
    const trained = await server.appraise(
      ...["train", "--dataset", small.spec, "--publish", server.origin, "--seed", "5"],
      ...["--family", "linear", "--models", "2", "--promote", "never", "--json"],
    );
    const idle = (JSON.parse(trained).models as { id: string }[]).map(({ id }) => id);
    const dry = await json("models", "prune", "--keep", "1", "--dry-run");
    expect(dry).toMatchObject({ dryRun: true, bundles: [] });
    expect(dry.models).toHaveLength(idle.length - 1);
    expect((await json("models", "list")).models).toHaveLength(3 + idle.length);
    expect((await json("models", "prune", "--keep", "1")).models).toEqual(dry.models);
    expect((await json("models", "list")).models).toHaveLength(4);
    expect(await run("models", "prune", "--keep", "1")).toContain("nothing to delete");
  });
});
