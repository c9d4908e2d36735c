// Requests that this isolate has seen of each counter: the platform counts, but does not tell.
import { limits } from "../http/limits.ts";
import { RecentlyUsed } from "../serving/recently-used.ts";

interface Seen {
  readonly window: number;
  count: number;
}

/** Counts by key in the present window. */
export class SeenRequests {
  readonly #seen = new RecentlyUsed<Seen>({ count: limits.knownKeys, bytes: limits.knownKeys }, () => 1);

  /** Counts one more; how many there were in this window, this one included. */
  add(key: string, window: number): number {
    const seen = this.#seen.get(key);
    if (seen?.window === window) return ++seen.count;
    this.#seen.set(key, { window, count: 1 });
    return 1;
  }
}
