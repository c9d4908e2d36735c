// Threads that share out tasks: the caller works too, workers join when they are up, and nobody waits for one that never comes.
import type { Engine } from "../growth/engine.ts";
import { control, taskInts, taskRing } from "../kernels/layout.ts";
import type { Task } from "./task.ts";

/** How often a thread looks before it lies down: some tens of microseconds, about what being woken costs. */
const looks = 4000;

// Not in the type library yet; a no-op where the runtime lacks it.
const pause: () => void = (Atomics as { pause?: () => void }).pause ?? (() => {});

/** Looks at a control word until it differs from `seen`, asleep after a while. */
export function awaitChange(words: Int32Array, word: number, seen: number): void {
  for (let k = 0; k < looks; k++) {
    if (Atomics.load(words, word) !== seen) return;
    pause();
  }
  Atomics.wait(words, word, seen);
}

/** The control words of an engine's memory. */
export function controlWords({ views }: Engine): Int32Array {
  const start = views.plan.at.control >> 2;
  return views.ints.subarray(start, start + 16);
}

/**
 * Takes and runs tasks until none is left. Tasks are numbered without end (the ring holds the pending ones), so that a late thread
 * can never take a number twice: it either takes the next or finds none.
 */
export function workOff(engine: Engine, words: Int32Array): void {
  const { ints, plan } = engine.views;
  for (;;) {
    const next = Atomics.load(words, control.next);
    if (next >= Atomics.load(words, control.limit)) return;
    if (Atomics.compareExchange(words, control.next, next, next + 1) !== next) continue;
    const place = next % taskRing;
    const at = (plan.at.tasks >> 2) + place * taskInts;
    try {
      const [kind, a, b, c, d] = [ints[at], ints[at + 1], ints[at + 2], ints[at + 3], ints[at + 4]];
      engine.run(kind, a, b, c, d, (plan.at.results >> 3) + place * 2);
    } catch (error) {
      Atomics.store(words, control.failed, 1);
      throw error;
    } finally {
      Atomics.add(words, control.completed, 1);
      Atomics.notify(words, control.completed);
    }
  }
}

/** The caller's side: hands out a phase of tasks and returns when all are done. */
export class Team {
  readonly threads: number;
  private readonly engine: Engine;
  private readonly words: Int32Array;
  /** Number of the first task of the last run. */
  private first = 0;

  constructor(engine: Engine, threads: number) {
    this.engine = engine;
    this.threads = threads;
    this.words = controlWords(engine);
  }

  /** Runs the tasks, in any order and on any thread; returns when the last is done. At most as many as the ring holds. */
  run(tasks: readonly Task[]): void {
    if (tasks.length > taskRing)
      throw new RangeError(`expected at most ${taskRing} tasks; got ${tasks.length}`);
    this.first = Atomics.load(this.words, control.limit);
    // A single task is done sooner than handed over.
    if (this.threads === 1 || tasks.length === 1) {
      tasks.forEach(([kind, a = 0, b = 0, c = 0, d = 0], k) => {
        this.engine.run(kind, a, b, c, d, this.resultPlace(k));
      });
    } else this.share(tasks);
  }

  private share(tasks: readonly Task[]): void {
    const { engine, words } = this;
    const { ints, plan } = engine.views;
    tasks.forEach((task, k) => {
      const at = (plan.at.tasks >> 2) + ((this.first + k) % taskRing) * taskInts;
      for (let i = 0; i < taskInts; i++) ints[at + i] = task[i] ?? 0;
    });
    const last = this.first + tasks.length;
    Atomics.store(words, control.limit, last);
    Atomics.notify(words, control.limit);
    workOff(engine, words);
    for (;;) {
      const completed = Atomics.load(words, control.completed);
      if (completed === last) break;
      awaitChange(words, control.completed, completed);
    }
    if (Atomics.load(words, control.failed) === 1) throw new Error("a training thread failed");
  }

  private resultPlace(task: number): number {
    return (this.engine.views.plan.at.results >> 3) + ((this.first + task) % taskRing) * 2;
  }

  /** Both results of each of the `count` tasks of the last run. */
  results(count: number): [number, number][] {
    const { doubles } = this.engine.views;
    return Array.from({ length: count }, (_, k) => {
      const at = this.resultPlace(k);
      return [doubles[at], doubles[at + 1]];
    });
  }

  /** Lets the workers go: they return to waiting for the next fit. */
  dismiss(): void {
    Atomics.store(this.words, control.stop, 1);
    // The word that they watch changes, and no task can follow.
    Atomics.store(this.words, control.limit, -1);
    Atomics.notify(this.words, control.limit);
  }
}
