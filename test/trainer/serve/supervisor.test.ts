// The supervisor with made-up processes: what ends or falls silent is started again, what is only busy is left alone.
import { EventEmitter } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Health, type Supervision, Supervisor } from "../../../trainer/serve/supervisor.ts";

class FakeProcess extends EventEmitter {
  exitCode: number | null = null;
  signalCode: string | null = null;
  readonly signals: string[] = [];
  readonly startedMs = performance.now();

  end(code: number | null, signal: string | null = null): void {
    if (this.exitCode !== null || this.signalCode !== null) return;
    [this.exitCode, this.signalCode] = [code, signal];
    this.emit("exit", code, signal);
  }
}

const running: Supervisor<FakeProcess>[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.stop()));
});

function supervise(changes: Partial<Supervision<FakeProcess>> = {}) {
  const children: FakeProcess[] = [];
  const lines: string[] = [];
  const supervisor = new Supervisor<FakeProcess>({
    name: "the trainer",
    start() {
      const child = new FakeProcess();
      children.push(child);
      return child;
    },
    signal(child, signal) {
      child.signals.push(signal);
      child.end(null, signal);
    },
    tell: (line) => lines.push(line),
    pauses: { firstMs: 20, longestMs: 80, steadyMs: 400 },
    stopMs: 50,
    ...changes,
  });
  running.push(supervisor);
  return { supervisor, children, lines };
}

async function until(met: () => boolean, timeoutMs = 3000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!met()) {
    if (performance.now() > deadline) throw new Error("waited in vain");
    await wait(2);
  }
}

describe("a process that ends", () => {
  it("is started again, after a pause that grows to the longest", async () => {
    const { children, lines } = supervise();
    const gaps: number[] = [];
    for (let k = 1; k <= 5; k++) {
      const endedMs = performance.now();
      children[k - 1].end(null, "SIGKILL");
      await until(() => children.length > k);
      gaps.push(children[k].startedMs - endedMs);
    }
    expect(lines).toEqual(
      [0.02, 0.04, 0.08, 0.08, 0.08].map(
        (seconds) => `the trainer ended by SIGKILL; started again in ${Number(seconds.toFixed(1))} s`,
      ),
    );
    const least = [20, 40, 80, 80, 80];
    for (const [k, gap] of gaps.entries()) expect(gap, `pause ${k}`).toBeGreaterThanOrEqual(least[k] - 2);
  });

  it("is started again after the first pause once it has run for long", async () => {
    const { children } = supervise({ pauses: { firstMs: 5, longestMs: 5000, steadyMs: 60 } });
    for (let k = 1; k <= 4; k++) {
      children[k - 1].end(1);
      await until(() => children.length > k);
    }
    await wait(80);
    const endedMs = performance.now();
    children[4].end(1);
    await until(() => children.length > 5);
    expect(children[5].startedMs - endedMs).toBeLessThan(75);
  });

  it("leaves nothing of its group behind", async () => {
    const { children } = supervise();
    children[0].end(1);
    await until(() => children.length > 1);
    expect(children[0].signals).toEqual(["SIGKILL"]);
  });
});

describe("a process that falls silent", () => {
  const health = (changes: Partial<Health<FakeProcess>>): Health<FakeProcess> => ({
    answers: async () => true,
    isBroken: async () => false,
    ...{ everyMs: 5, timeoutMs: 20, patienceMs: 60_000, startMs: 60_000 },
    ...changes,
  });

  it("is ended and started again where a part of it is gone", async () => {
    let silent = false;
    const answers = () => (silent ? new Promise<boolean>(() => undefined) : Promise.resolve(true));
    const { children, lines } = supervise({ health: health({ answers, isBroken: async () => true }) });
    await wait(40);
    expect(children.length).toBe(1);
    silent = true;
    await until(() => children.length > 1);
    expect(children[0].signals).toEqual(["SIGKILL"]);
    expect(lines[0]).toMatch(/^the trainer has not answered for 0(\.\d)? s; started again in 0 s$/);
    silent = false;
  });

  it("is left alone while it is only busy, and ended when that lasts too long", async () => {
    let silent = false;
    const busy = health({ answers: async () => !silent, patienceMs: 150 });
    const { children } = supervise({ health: busy });
    await wait(30);
    silent = true;
    await wait(80);
    expect(children.length).toBe(1);
    await until(() => children.length > 1);
    expect(children[0].signals).toEqual(["SIGKILL"]);
    silent = false;
  });

  it("may take its time to start, but not for ever", async () => {
    const slow = health({ answers: async () => false, isBroken: async () => true, startMs: 100 });
    const { children, lines } = supervise({ health: slow });
    await wait(60);
    expect(children.length).toBe(1);
    await until(() => children.length > 1);
    expect(lines[0]).toMatch(/did not answer within 0\.1 s/);
  });
});

describe("stop", () => {
  it("asks first, and starts nothing again", async () => {
    const { supervisor, children } = supervise();
    await supervisor.stop();
    expect(children[0].signals[0]).toBe("SIGTERM");
    await wait(60);
    expect(children.length).toBe(1);
  });

  it("ends what does not listen", async () => {
    const { supervisor, children } = supervise({
      signal(child, signal) {
        child.signals.push(signal);
        if (signal === "SIGKILL") child.end(null, signal);
      },
    });
    await supervisor.stop();
    expect(children[0].signals).toEqual(["SIGTERM", "SIGKILL"]);
  });

  it("in a pause ends the pause", async () => {
    const { supervisor, children } = supervise({
      pauses: { firstMs: 60_000, longestMs: 60_000, steadyMs: 1 },
    });
    children[0].end(1);
    await wait(5);
    const beganMs = performance.now();
    await supervisor.stop();
    expect(performance.now() - beganMs).toBeLessThan(1000);
    expect(children.length).toBe(1);
  });
});
