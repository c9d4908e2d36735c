// The comparable rows beside a price: asked for after it, and never while the page prices for itself.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ComparableGroup, GivenRow } from "../engines/engine.ts";

export class Comparables implements ReactiveController {
  /** The last answer; undefined before the first. */
  group: ComparableGroup | undefined;
  failed = false;

  #running: AbortController | undefined;

  private readonly host: ReactiveControllerHost;
  private readonly find: (row: GivenRow, signal: AbortSignal) => Promise<ComparableGroup>;

  constructor(
    host: ReactiveControllerHost,
    find: (row: GivenRow, signal: AbortSignal) => Promise<ComparableGroup>,
  ) {
    this.host = host;
    this.find = find;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
  }

  cancel(): void {
    this.#running?.abort();
  }

  /** Forgets the answer too: it is of another dataset. */
  forget(): void {
    this.cancel();
    this.group = undefined;
    this.failed = false;
  }

  async ask(row: GivenRow): Promise<void> {
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    try {
      const group = await this.find(row, running.signal);
      if (running.signal.aborted) return;
      this.group = group;
      this.failed = false;
    } catch {
      // The price stands without them: that they are missing is said in their place, not as an error of the page.
      if (running.signal.aborted) return;
      this.failed = true;
    }
    this.host.requestUpdate();
  }
}
