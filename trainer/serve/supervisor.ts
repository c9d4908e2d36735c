// Keeps one process running: starts it again when it ends, with a growing pause, and ends it when it no longer answers.
import { setTimeout as wait } from "node:timers/promises";

/** What the supervisor needs of a child process. */
export interface Running {
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  once(event: "exit", listener: (code: number | null, signal: string | null) => void): unknown;
}

export interface Health<P extends Running> {
  /** Whether it answers. May hang: a probe counts as missed after `timeoutMs`. */
  readonly answers: () => Promise<boolean>;
  /**
   * Whether what is silent will stay silent, as when a part of it was killed. A process that is only busy is left alone for `patienceMs`.
   */
  readonly isBroken: (child: P) => Promise<boolean>;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly patienceMs: number;
  /** How long a start may take. */
  readonly startMs: number;
}

export interface Supervision<P extends Running> {
  /** As messages name it: "the trainer". */
  readonly name: string;
  readonly start: () => P;
  /** Ends it and all that it has started, at once or by asking. */
  readonly signal: (child: P, signal: "SIGTERM" | "SIGKILL") => void;
  readonly tell: (line: string) => void;
  /** The pause before it is started again doubles from the first to the longest, and begins anew once it has run for `steadyMs`. */
  readonly pauses: { readonly firstMs: number; readonly longestMs: number; readonly steadyMs: number };
  readonly health?: Health<P>;
  /** How long it may take to end by itself when it is stopped. */
  readonly stopMs: number;
}

const seconds = (ms: number) => `${Number((ms / 1000).toFixed(1))} s`;

/** Probes in a row that must be missed before anything is done: one may be lost to a garbage collection. */
const missesAllowed = 2;

export class Supervisor<P extends Running> {
  readonly #of: Supervision<P>;
  readonly #stopping = new AbortController();
  #child: P | undefined;
  #ended: Promise<void> = Promise.resolve();
  #restarts = 0;
  readonly #loop: Promise<void>;

  constructor(of: Supervision<P>) {
    this.#of = of;
    this.#loop = this.#run();
  }

  get restarts(): number {
    return this.#restarts;
  }

  get child(): P | undefined {
    return this.#child;
  }

  /** Ends it for good; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child && !isGone(child)) {
      this.#of.signal(child, "SIGTERM");
      await Promise.race([this.#ended, wait(this.#of.stopMs, undefined, { ref: false })]);
      // What it has started may outlive it.
    }
    if (child) this.#of.signal(child, "SIGKILL");
    await this.#loop;
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { name, pauses, signal, start, tell } = this.#of;
    let pauseMs = pauses.firstMs;
    while (!this.#stopping.signal.aborted) {
      const startedMs = Date.now();
      const child = start();
      this.#child = child;
      let why = "ended";
      const ended = new Promise<void>((gone) => {
        child.once("exit", (code, by) => {
          why = by ? `ended by ${by}` : `ended (exit ${code})`;
          gone();
        });
      });
      this.#ended = ended;
      const silence = await Promise.race([ended, this.#watch(child)]);
      if (this.#stopping.signal.aborted) return ended;
      signal(child, "SIGKILL");
      await ended;
      if (Date.now() - startedMs >= pauses.steadyMs) pauseMs = pauses.firstMs;
      tell(`${name} ${silence ?? why}; started again in ${seconds(pauseMs)}`);
      await this.#pause(pauseMs);
      pauseMs = Math.min(2 * pauseMs, pauses.longestMs);
      this.#restarts++;
    }
  }

  /** Resolves with words when the process no longer answers and has to be ended; never while it does. */
  async #watch(child: P): Promise<string | undefined> {
    const { health } = this.#of;
    if (!health) return new Promise(() => undefined);
    const startedMs = Date.now();
    let answeredMs: number | undefined;
    let misses = 0;
    while (!isGone(child) && !this.#stopping.signal.aborted) {
      await this.#pause(health.everyMs);
      if (await this.#probe(health)) {
        answeredMs = Date.now();
        misses = 0;
        continue;
      }
      misses++;
      const silentMs = Date.now() - (answeredMs ?? startedMs);
      if (answeredMs === undefined && silentMs > health.startMs)
        return `did not answer within ${seconds(health.startMs)}`;
      if (answeredMs === undefined || misses < missesAllowed) continue;
      if (silentMs > health.patienceMs || (await health.isBroken(child)))
        return `has not answered for ${seconds(silentMs)}`;
    }
    return new Promise(() => undefined);
  }

  async #probe({ answers, timeoutMs }: Health<P>): Promise<boolean> {
    const timeout = wait(timeoutMs, false, { ref: false });
    return Promise.race([answers().catch(() => false), timeout]);
  }
}

function isGone({ exitCode, signalCode }: Running): boolean {
  return exitCode !== null || signalCode !== null;
}
