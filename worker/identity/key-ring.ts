// The keys that an isolate has seen: checked against D1 every few seconds behind the answer, so that a warm prediction waits for nobody.
import { Refusal } from "#core/api/refusal.ts";
import type { Env } from "../env.ts";
import { limits, times } from "../http/limits.ts";
import type { WaitUntil } from "../serving/catalogue.ts";
import { RecentlyUsed } from "../serving/recently-used.ts";
import { withinTime } from "../storage/database.ts";
import { findKey, type StoredKey, touchKey } from "./store/keys.ts";

interface Entry {
  key: StoredKey;
  /** When D1 last said so, and when it last did not answer; milliseconds since 1970. */
  checkedAt: number;
  failedAt: number;
  /** When its use was last written down. */
  touchedAt: number;
}

export class KeyRing {
  readonly #known = new RecentlyUsed<Entry>({ count: limits.knownKeys, bytes: limits.knownKeys }, () => 1);
  /** Ids that no key has, and since when that is known. Apart, so that guesses cannot push out the keys that are in use. */
  readonly #unknown = new RecentlyUsed<number>({ count: limits.knownKeys, bytes: limits.knownKeys }, () => 1);
  readonly #asking = new Map<string, number>();

  /** Whether an answer about this id is at hand: asking for any other costs a query. */
  remembers(id: string, now: number): boolean {
    const unknownSince = this.#unknown.get(id) ?? Number.NEGATIVE_INFINITY;
    return this.#known.get(id) !== undefined || now - unknownSince < times.keyTrustMs;
  }

  /**
   * The key of an id. What D1 said in the last seconds is believed; what is older is asked again, first behind the answer, then before it.
   * Where D1 does not answer, a key that was good minutes ago still is. Throws a refusal (503) for one that nobody here has seen.
   */
  async find(env: Env, id: string, now: number, waitUntil: WaitUntil): Promise<StoredKey | undefined> {
    const entry = this.#known.get(id);
    if (!entry) {
      if (this.remembers(id, now)) return undefined;
      return this.#ask(env, id, now);
    }
    const age = now - entry.checkedAt;
    const refresh = () => {
      const busySince = this.#asking.get(id) ?? Number.NEGATIVE_INFINITY;
      if (now - busySince <= times.refreshPatienceMs) return;
      this.#asking.set(id, now);
      waitUntil(this.#ask(env, id, now).catch(() => undefined));
    };
    if (age < times.keyFreshMs) return entry.key;
    const stalled = now - entry.failedAt < times.keyTrustMs && age < times.keyGraceMs;
    if (age < times.keyTrustMs || stalled) {
      refresh();
      return entry.key;
    }
    try {
      return await this.#ask(env, id, now);
    } catch (error) {
      if (age < times.keyGraceMs) return entry.key;
      throw error;
    }
  }

  async #ask(env: Env, id: string, now: number): Promise<StoredKey | undefined> {
    try {
      const key = await withinTime(findKey(env, id), times.databasePatienceMs);
      if (!key) {
        this.#known.delete(id);
        this.#unknown.set(id, now);
        return undefined;
      }
      const touchedAt = Math.max(key.lastUsedAt ?? 0, this.#known.get(id)?.touchedAt ?? 0);
      this.#known.set(id, { key, checkedAt: now, failedAt: Number.NEGATIVE_INFINITY, touchedAt });
      return key;
    } catch (error) {
      console.error(`the key ${id} cannot be looked up`, error);
      const entry = this.#known.get(id);
      if (entry) entry.failedAt = now;
      throw new Refusal("unavailable", "the key cannot be checked now; try again in a few seconds");
    } finally {
      this.#asking.delete(id);
    }
  }

  /** Notes that a key was used, behind the answer and at most once a minute. */
  touch(env: Env, id: string, now: number, waitUntil: WaitUntil): void {
    const entry = this.#known.get(id);
    if (!entry || now - entry.touchedAt < times.keyTouchMs) return;
    entry.touchedAt = now;
    const written = touchKey(env, id, now, times.keyTouchMs);
    waitUntil(written.catch((error) => console.error(`the use of the key ${id} is not noted`, error)));
  }

  /** This isolate at least knows at once that a key was changed. */
  forget(id: string): void {
    this.#known.delete(id);
    this.#unknown.delete(id);
  }
}
