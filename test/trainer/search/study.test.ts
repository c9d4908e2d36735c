// The runner: budgets, parallel workers, pruning, failures, cancelling, and resuming after a kill.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Trial } from "#core/bundle/manifest.ts";
import { inlineExecutor, workerExecutor } from "../../../trainer/search/executor.ts";
import { medianPruner } from "../../../trainer/search/pruning.ts";
import { runStudy, type StudyOptions } from "../../../trainer/search/study.ts";
import type { Evaluate, TrialRequest } from "../../../trainer/search/trial.ts";
import { hartmann, hartmannSpace } from "./functions.ts";
import type { HartmannShared } from "./hartmann-worker.ts";

const folder = mkdtempSync(join(tmpdir(), "search-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const evaluate: Evaluate = ({ params }) => hartmann(params);

function options(changes: Partial<StudyOptions> = {}): StudyOptions {
  return {
    space: hartmannSpace,
    seed: 1,
    executor: inlineExecutor(evaluate),
    budget: { trials: 30 },
    ...changes,
  };
}

function hartmannWorkers(shared: Partial<HartmannShared> = {}, threads = 2) {
  const offset = new Float64Array(new SharedArrayBuffer(8));
  return workerExecutor({
    entry: new URL("./hartmann-worker.ts", import.meta.url),
    shared: { offset, ...shared },
    threads,
  });
}

/** What a trial says, the clock aside. */
const outcomes = (trials: readonly Trial[]) => trials.map(({ seconds, ...rest }) => rest);

describe("runStudy in one thread", () => {
  it("runs its budget and is reproducible", async () => {
    const first = await runStudy(options());
    const second = await runStudy(options());
    expect(first.trials).toHaveLength(30);
    expect(first.ended).toBe("trials");
    expect(outcomes(second.trials)).toEqual(outcomes(first.trials));
    expect(first.best!.value).toBe(Math.min(...first.trials.map(({ value }) => value!)));
    const other = await runStudy(options({ seed: 2 }));
    expect(outcomes(other.trials)).not.toEqual(outcomes(first.trials));
  });

  it("tries the given parameters first and reports progress", async () => {
    const initial = [{ a: 0.2, b: 0.15, c: 0.48, d: 0.28, e: 0.31, f: 0.66 }];
    const seen: number[] = [];
    const result = await runStudy(
      options({ initial, progress: ({ done, total, best }) => seen.push(done, total!, best!.value!) }),
    );
    expect(result.trials[0].params).toEqual(initial[0]);
    expect(seen).toHaveLength(90);
    expect(seen.slice(0, 3)).toEqual([1, 30, hartmann(initial[0])]);
    expect(seen.at(-3)).toBe(30);
    expect(seen.at(-1)).toBe(result.best!.value);
  });

  it("stops at its timeout and finishes what runs", async () => {
    const slow: Evaluate = async ({ params }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return hartmann(params);
    };
    const result = await runStudy(options({ executor: inlineExecutor(slow), budget: { timeoutMs: 150 } }));
    expect(result.ended).toBe("timeout");
    expect(result.trials.length).toBeGreaterThan(1);
    expect(result.trials.length).toBeLessThan(9);
    expect(result.trials.every(({ state }) => state === "complete")).toBe(true);
  });

  it("prunes what falls behind the median", async () => {
    const steps: Evaluate = async ({ params }, report) => {
      for (let step = 4; step >= 1; step--) await report(hartmann(params) + step);
      return hartmann(params);
    };
    const result = await runStudy(options({ executor: inlineExecutor(steps), pruner: medianPruner() }));
    const pruned = result.trials.filter(({ state }) => state === "pruned");
    expect(pruned.length).toBeGreaterThan(3);
    expect(pruned.every(({ value, reports }) => value === null && reports.length >= 1)).toBe(true);
    expect(result.trials.slice(0, 5).every(({ state }) => state === "complete")).toBe(true);
  });

  it("records failures and goes on", async () => {
    const fragile: Evaluate = ({ number, params }) => {
      if (number === 3) throw new RangeError("depth too large");
      return number === 4 ? Number.NaN : hartmann(params);
    };
    const result = await runStudy(options({ executor: inlineExecutor(fragile) }));
    expect(result.trials).toHaveLength(30);
    expect(result.trials[3]).toMatchObject({ state: "failed", value: null, error: "depth too large" });
    expect(result.trials[4]).toMatchObject({ state: "failed", error: "the trial's value is NaN" });
  });

  it("gives up when the first ten all failed", async () => {
    const broken: Evaluate = () => {
      throw new Error("no rows");
    };
    await expect(runStudy(options({ executor: inlineExecutor(broken) }))).rejects.toThrow(
      "all 10 trials failed; trial 0: no rows",
    );
  });

  it.each([
    [{ trials: 0 }, /trials: expected an integer of at least 1; got 0/],
    [{ trials: 1.5 }, /got 1.5/],
    [{ timeoutMs: -1 }, /timeout: expected more than 0 ms/],
    [{}, /expected a number of trials, a timeout, or both/],
  ])("refuses the budget %o", async (budget, message) => {
    await expect(runStudy(options({ budget }))).rejects.toThrow(message);
  });

  it("refuses initial parameters outside the space", async () => {
    await expect(runStudy(options({ initial: [{ a: 2 }] }))).rejects.toThrow(
      "/a: expected a number from 0 to 1; got 2",
    );
  });
});

describe("runStudy with a journal", () => {
  it("resumes after a kill in the middle of a line as if nothing had happened", async () => {
    const whole = join(folder, "whole.jsonl");
    const full = await runStudy(options({ journal: whole }));
    const lines = readFileSync(whole, "utf8").split("\n");
    for (const kept of [1, 2, 3, 24, 41]) {
      const path = join(folder, `cut-${kept}.jsonl`);
      writeFileSync(path, `${lines.slice(0, kept).join("\n")}\n${lines[kept].slice(0, 20)}`);
      const resumed = await runStudy(options({ journal: path }));
      expect(outcomes(resumed.trials)).toEqual(outcomes(full.trials));
    }
  });

  it("proposes the same after a kill while several trials ran, where they end in the same order", async () => {
    /** Three at once, which end in the order in which they started. */
    const queue = () => {
      let last: Promise<unknown> = Promise.resolve();
      return {
        parallel: 3,
        run: ({ params }: TrialRequest) => {
          const value = hartmann(params);
          last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
          return last.then(() => ({ state: "complete" as const, value }));
        },
        close: async () => {},
      };
    };
    const whole = join(folder, "parallel.jsonl");
    const full = await runStudy(options({ journal: whole, executor: queue() }));
    const lines = readFileSync(whole, "utf8").trim().split("\n");
    expect(lines).toHaveLength(61);
    // The first three lines start the first three trials: a search cut before that has fewer running.
    for (let kept = 4; kept < lines.length; kept += 5) {
      const path = join(folder, `parallel-${kept}.jsonl`);
      writeFileSync(path, `${lines.slice(0, kept).join("\n")}\n`);
      const resumed = await runStudy(options({ journal: path, executor: queue() }));
      expect(outcomes(resumed.trials)).toEqual(outcomes(full.trials));
    }
  });

  it("evaluates nothing again when it was complete, and more when the budget grew", async () => {
    const journal = join(folder, "complete.jsonl");
    const first = await runStudy(options({ journal }));
    const never: Evaluate = () => {
      throw new Error("evaluated again");
    };
    const again = await runStudy(options({ journal, executor: inlineExecutor(never) }));
    expect(again.trials).toEqual(first.trials);
    const more = await runStudy(options({ journal, budget: { trials: 35 } }));
    expect(outcomes(more.trials)).toEqual(
      outcomes((await runStudy(options({ budget: { trials: 35 } }))).trials),
    );
  });

  it("refuses the journal of another search, and what is none", async () => {
    const journal = join(folder, "other.jsonl");
    await runStudy(options({ journal, budget: { trials: 2 }, subject: { rows: "a" } }));
    await expect(runStudy(options({ journal, seed: 9, subject: { rows: "a" } }))).rejects.toThrow(
      "its seed differs",
    );
    await expect(runStudy(options({ journal, subject: { rows: "b" } }))).rejects.toThrow(
      "its subject differs",
    );
    appendFileSync(journal, "{}\n");
    await expect(runStudy(options({ journal, subject: { rows: "a" } }))).rejects.toThrow(
      "line 6 is not a trial",
    );
    const csv = join(folder, "table.csv");
    writeFileSync(csv, "a,b\n1,2\n");
    await expect(runStudy(options({ journal: csv }))).rejects.toThrow("not a search journal");
    expect(readFileSync(csv, "utf8")).toBe("a,b\n1,2\n");
  });
});

describe("runStudy over worker threads", () => {
  it("runs trials in parallel over shared memory", async () => {
    const offset = new Float64Array(new SharedArrayBuffer(8));
    offset[0] = 10;
    const result = await runStudy(options({ executor: hartmannWorkers({ offset }) }));
    expect(result.trials).toHaveLength(30);
    for (const { params, value } of result.trials) expect(value).toBeCloseTo(hartmann(params) + 10, 12);
  });

  it("prunes across threads", async () => {
    const result = await runStudy(options({ executor: hartmannWorkers(), pruner: medianPruner() }));
    expect(result.trials.filter(({ state }) => state === "pruned").length).toBeGreaterThan(2);
  });

  it("records a trial that throws and one whose thread dies", async () => {
    const thrown = await runStudy(
      options({ budget: { trials: 6 }, executor: hartmannWorkers({ failing: "odd" }) }),
    );
    expect(thrown.trials.map(({ state }) => state)).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => (i % 2 ? "failed" : "complete")),
    );
    expect(thrown.trials[1].error).toBe("odd trial 1");
    const died = await runStudy(
      options({ budget: { trials: 6 }, executor: hartmannWorkers({ failing: "exit" }) }),
    );
    expect(died.trials.filter(({ state }) => state === "complete")).toHaveLength(3);
    expect(died.trials[3].error).toBe("worker ended with code 3");
  });

  it("tells why a worker cannot start", async () => {
    await expect(runStudy(options({ executor: hartmannWorkers({ failing: "setup" }) }))).rejects.toThrow(
      "no such table",
    );
  });

  it("is cancelled at once, and resumes with the parameters that were cut off", async () => {
    const journal = join(folder, "cancelled.jsonl");
    const abort = new AbortController();
    let done = 0;
    const began = performance.now();
    const cut = await runStudy(
      options({
        journal,
        executor: hartmannWorkers({ delayMs: 40 }),
        signal: abort.signal,
        progress: () => {
          done++;
          if (done === 6) setTimeout(() => abort.abort(), 10);
        },
      }),
    );
    expect(cut.ended).toBe("cancelled");
    expect(performance.now() - began).toBeLessThan(5000);
    const started = new Map<number, unknown>();
    for (const line of readFileSync(journal, "utf8").trim().split("\n").slice(1)) {
      const { number, params } = JSON.parse(line) as Trial;
      started.set(number, params);
    }
    expect(started.size).toBeGreaterThan(cut.trials.length);
    const resumed = await runStudy(options({ journal, executor: hartmannWorkers() }));
    expect(resumed.trials).toHaveLength(30);
    for (const [number, params] of started) expect(resumed.trials[number].params).toEqual(params);
  });
});
