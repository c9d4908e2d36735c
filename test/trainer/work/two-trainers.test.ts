// Two trainers and the real Worker: they share the queue, and what a killed one leaves behind the other does, once.
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Job } from "#core/api/jobs.ts";
import { attemptsFolder } from "../../../trainer/work/attempt-folder.ts";
import { startServer, type TestServer } from "../../browser/server.ts";
import { type Outcome, appraise as run } from "../cli/command.ts";
import { makeSmallDataset, type SmallDataset } from "../cli/small-dataset.ts";

const launcher = join(import.meta.dirname, "../../../bin/appraise.mjs");
const leaseMs = 3000;
/** Long enough to be killed in the middle, on a slow machine too; short enough to be done again. */
const long = { families: ["boosting"], trials: 4, models: 1 };
const short = { families: ["linear"], models: 1 };

let server: TestServer;
let small: SmallDataset;
const trainers = new Set<ChildProcess>();

beforeAll(async () => {
  server = await startServer();
  small = makeSmallDataset();
  await server.appraise("load", "--dataset", small.spec);
});

afterEach(() => {
  for (const child of trainers) kill(child);
  trainers.clear();
});

afterAll(async () => {
  await server?.stop();
  if (small) rmSync(small.folder, { recursive: true });
});

/** The trainer alone: what it has started has to notice by itself. */
function kill(child: ChildProcess): void {
  child.kill("SIGKILL");
}

const environment = () => ({ APPRAISE_URL: server.origin, APPRAISE_TOKEN: server.token });
const appraise = (...argv: string[]): Promise<Outcome> => run(argv, { env: environment() });

function startTrainer(name: string): ChildProcess {
  const argv = ["work", "--name", name, "--lease", `${leaseMs / 1000}s`, "--poll", "0.2s"];
  const child = spawn(process.execPath, [launcher, ...argv], {
    env: { ...process.env, ...environment() },
    cwd: small.folder,
    stdio: "ignore",
  });
  trainers.add(child);
  return child;
}

async function call<T>(path: string, json?: unknown): Promise<T> {
  const answer = await fetch(server.origin + path, {
    method: json === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: json === undefined ? undefined : JSON.stringify(json),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json() as Promise<T>;
}

const queue = (request: object) => call<Job>("/v1/houses/train", request);
const read = (id: string) => call<Job>(`/v1/jobs/${id}`);

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 150_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await wait(100);
  }
}

const states = async (...ids: string[]) => (await Promise.all(ids.map(read))).map(({ state }) => state);

async function eventsOf(id: string): Promise<string> {
  const answer = await fetch(`${server.origin}/v1/jobs/${id}/events`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  return answer.text();
}

/** Every event of a job that says what became of it. */
async function courseOf(id: string): Promise<{ state: string; worker?: string }[]> {
  const blocks = (await eventsOf(id)).split("\n\n").filter((block) => block.includes("event: state"));
  return blocks.map((block) => JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? ""));
}

interface Models {
  readonly items: { id: string; family: string }[];
}

// Processes that start and train share their machine with every other test: patience, not time, is what is tested.
const patience = { timeout: 300_000 };

describe("two trainers", patience, () => {
  it("share two jobs; the one that is killed in the middle leaves its own to the other, which does it once", async () => {
    const jobs = [await queue(long), await queue(long)];
    const ids = jobs.map(({ id }) => id);
    const [doomed, other] = [startTrainer("doomed"), startTrainer("other")];
    await until("both run", async () => (await states(...ids)).every((state) => state === "running"));
    const running = await Promise.all(ids.map(read));
    expect(running.map(({ worker }) => worker).sort()).toEqual(["doomed", "other"]);
    const left = running.find(({ worker }) => worker === "doomed")?.id ?? "";
    await until("the doomed trains", async () => (await read(left)).progress !== null);
    kill(doomed);
    await until("both are done", async () => (await states(...ids)).every((state) => state === "succeeded"));
    expect(await read(left)).toMatchObject({ attempt: 2, worker: "other" });
    for (const id of ids) {
      const course = await courseOf(id);
      expect(course.filter(({ state }) => state === "succeeded")).toHaveLength(1);
      expect(course.filter(({ state }) => state === "running").map(({ worker }) => worker)).toEqual(
        id === left ? ["doomed", "other"] : ["other"],
      );
    }
    other.kill("SIGTERM");
    // Both jobs ask for the same: the same rows and seed give the same bytes, published once and promoted once.
    const { items } = await call<Models>("/v1/houses/models");
    const best = (await read(ids[0])).result?.best;
    expect((await read(ids[1])).result?.best).toBe(best);
    expect(items.filter(({ id }) => id === best)).toHaveLength(1);
    const history = await call<{ items: { model: string }[] }>("/v1/houses/aliases/champion/history");
    expect(history.items.map(({ model }) => model)).toEqual([best]);
  });
});

describe("one trainer", patience, () => {
  it("gives its job back when it is told to stop, and ends in peace", async () => {
    const { id } = await queue(long);
    const trainer = startTrainer("polite");
    await until("a trial has ended", async () =>
      ((await read(id)).progress?.note ?? "").includes(" in trial "),
    );
    const ended = new Promise((resume) => trainer.once("exit", resume));
    trainer.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(await read(id)).toMatchObject({ state: "queued", attempt: 0, worker: null });
    // Who takes it next goes on with the search from the trials that are recorded.
    startTrainer("next");
    await until("it is done", async () => (await read(id)).state === "succeeded");
    const events = await eventsOf(id);
    expect(events).toMatch(/boosting: going on with the search in /);
    expect(readdirSync(join(small.folder, attemptsFolder))).toEqual([]);
  });

  it("stops a training in the middle when its job is cancelled, and takes the next", async () => {
    const doomed = await queue({ ...long, trials: 2000 });
    startTrainer("patient");
    await until("it trains", async () => (await read(doomed.id)).progress !== null);
    const next = await queue(short);
    const asked = Date.now();
    await call(`/v1/jobs/${doomed.id}/cancel`, {});
    await until("it is cancelled", async () => (await read(doomed.id)).state === "cancelled");
    expect(Date.now() - asked).toBeLessThan(leaseMs + 30_000);
    await until("the next is done", async () => (await read(next.id)).state === "succeeded");
  });

  it("does one job, or none, when it is asked to work once", async () => {
    const none = await appraise("work", "--once", "--json");
    expect([none.code, none.stdout]).toEqual([0, ""]);
    const { id } = await queue(short);
    const one = await appraise("work", "--once", "--json");
    expect(JSON.parse(one.stdout)).toEqual({ job: id, dataset: "houses", attempt: 1, state: "succeeded" });
    expect((await read(id)).result).toMatchObject({ promotion: { promoted: false } });
  });

  it("trains on what the server holds now, and says why where it cannot", async () => {
    const before = (await call<Models>("/v1/houses/models")).items.map(({ id }) => id);
    const lines = Array.from({ length: 60 }, (_, at) =>
      JSON.stringify({ id: `new-${at}`, area: 40 + at, town: "Ulm", age: at, rent: 900 + 11 * at }),
    );
    const answer = await fetch(`${server.origin}/v1/houses/items/import`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/x-ndjson" },
      body: lines.join("\n"),
    });
    expect(answer.status).toBe(200);
    const watching = appraise("retrain", "--dataset", "houses", "--family", "linear", "--wait", "--json");
    startTrainer("a");
    const done = await watching;
    expect(done.code, done.stderr).toBe(0);
    const job = JSON.parse(done.stdout) as Job & { result: { best: string; data: { rows: number } } };
    expect(job.result.data.rows).toBe(460);
    expect(before).not.toContain(job.result.best);
    expect(done.stderr).toMatch(/running/);
    const failed = await appraise("retrain", "--dataset", "houses", "--source", "file", "--wait");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("no data/houses/dataset.json");
    expect(failed.stdout).toContain("failed");
  });
});

describe("the command line", patience, () => {
  it("lists, shows and cancels jobs", async () => {
    const { id } = await queue(short);
    const listed = await appraise("jobs", "list", "--dataset", "houses", "--state", "queued", "--json");
    expect(JSON.parse(listed.stdout)).toMatchObject({ jobs: [{ id, state: "queued" }] });
    expect((await appraise("jobs", "list")).stdout).toContain(id);
    expect((await appraise("jobs", "show", id)).stdout).toContain("queued");
    expect((await appraise("jobs", "cancel", id)).stdout).toContain("cancelled");
    expect((await appraise("jobs", "watch", id)).code).toBe(1);
    expect((await appraise("jobs", "show", "nosuch")).code).toBe(4);
  });

  it.each([
    [["retrain", "--dataset", "houses", "--preset", "best"], /preset.*family/],
    [["retrain", "--dataset", "houses", "--family", "nosuch"], /families/],
    [["retrain", "--dataset", "houses", "--promote", "always"], /reason/],
    [["work", "--lease", "0.5s"], /--lease/],
    [["work", "--name", "two words"], /--name/],
  ])("refuses %j with one line and code 2", async (argv, line) => {
    const { code, stderr } = await appraise(...argv);
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(line);
  });
});
