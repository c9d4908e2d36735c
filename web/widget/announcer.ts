// What a screen reader hears: the last words that have stood for a while, not each price that a dragged slider passes.
import type { ReactiveController, ReactiveControllerHost } from "lit";

const afterMs = 700;

export class Announcer implements ReactiveController {
  words = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  private readonly host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  say(words: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.words = words;
      this.host.requestUpdate();
    }, afterMs);
  }
}
