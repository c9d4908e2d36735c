// A part of the widget whose code is fetched when it is first shown, so that a page that never opens it never pays for it.
import type { ReactiveControllerHost } from "lit";

export class LazyPart<T> {
  failed = false;
  #part: T | undefined;
  #loading = false;

  private readonly host: ReactiveControllerHost;
  private readonly load: () => Promise<T>;

  constructor(host: ReactiveControllerHost, load: () => Promise<T>) {
    this.host = host;
    this.load = load;
  }

  /** The part, or undefined while it is on its way; the host is drawn again once it is there. */
  get(): T | undefined {
    if (!this.#part && !this.#loading) void this.#fetch();
    return this.#part;
  }

  async #fetch(): Promise<void> {
    this.#loading = true;
    try {
      this.#part = await this.load();
      this.failed = false;
    } catch {
      // Tried again the next time something is drawn after this has been said.
      this.failed = true;
    }
    this.#loading = this.failed;
    this.host.requestUpdate();
  }

  /** Tries again what has failed. */
  retry(): void {
    if (this.failed) this.#loading = false;
  }
}
