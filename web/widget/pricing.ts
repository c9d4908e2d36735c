// When to ask which engine: waits for the hand to rest, drops stale answers, keeps the last one until the next has come.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Engine, EngineName, GivenRow, Price, PriceOptions } from "../engines/engine.ts";
import { type Failure, toFailure } from "../engines/failure.ts";

const debounceMs = 150;
const slowMs = 3000;

export interface PricingHooks {
  /** The engine to ask; may take its time to load. */
  engine(): Promise<Engine>;
  options(): PriceOptions;
  priced(price: Price, row: GivenRow, engine: Engine): void;
  failed(failure: Failure): void;
}

export class Pricing implements ReactiveController {
  /** The last answer, shown until the next one comes. */
  price: Price | undefined;
  /** Who gave that answer; not necessarily the engine that is switched on by now. */
  pricedBy: EngineName | undefined;
  /** Why the last question has no answer; undefined once one has. */
  failure: Failure | undefined;
  /** The row that `price` is of. */
  row: GivenRow | undefined;
  waiting = false;
  slow = false;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  private readonly host: ReactiveControllerHost;
  private readonly hooks: PricingHooks;

  constructor(host: ReactiveControllerHost, hooks: PricingHooks) {
    this.host = host;
    this.hooks = hooks;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
  }

  /** Forgets the question under way; what it would answer is no longer asked. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.waiting = false;
    this.slow = false;
  }

  /** Forgets the answer too: it is of another dataset. */
  forget(): void {
    this.cancel();
    this.price = undefined;
    this.pricedBy = undefined;
    this.failure = undefined;
    this.row = undefined;
  }

  /** Asks for the price of `row` once the hand has rested, or at once. */
  ask(row: GivenRow, { now = false } = {}): void {
    this.cancel();
    this.waiting = true;
    this.#timer = setTimeout(() => void this.#run(row), now ? 0 : debounceMs);
    this.host.requestUpdate();
  }

  async #run(row: GivenRow): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    const late = setTimeout(() => {
      this.slow = true;
      this.host.requestUpdate();
    }, slowMs);
    running.signal.addEventListener("abort", () => clearTimeout(late));
    try {
      const engine = await this.hooks.engine();
      if (running.signal.aborted) return;
      const price = await engine.price(row, running.signal, this.hooks.options());
      if (running.signal.aborted) return;
      this.price = price;
      this.row = row;
      this.pricedBy = engine.name;
      this.failure = undefined;
      this.hooks.priced(price, row, engine);
    } catch (error) {
      if (running.signal.aborted) return;
      this.failure = toFailure(error);
      this.hooks.failed(this.failure);
    } finally {
      clearTimeout(late);
      if (!running.signal.aborted) {
        this.waiting = false;
        this.slow = false;
        this.host.requestUpdate();
      }
    }
  }
}
