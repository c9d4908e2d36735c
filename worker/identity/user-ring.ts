// The users that an isolate has seen: whether their access tokens still hold, asked of D1 every few seconds.
import type { Env } from "../env.ts";
import { limits, times } from "../http/limits.ts";
import type { WaitUntil } from "../serving/catalogue.ts";
import { RecentlyUsed } from "../serving/recently-used.ts";
import { withinTime } from "../storage/database.ts";
import { findUser } from "./store/users.ts";

/** What decides whether a signed token still holds. */
interface Standing {
  readonly disabled: boolean;
  readonly tokenVersion: number;
}

interface Entry {
  /** Undefined for a name that no user has. */
  standing: Standing | undefined;
  /** When D1 was last asked, whether or not it answered; milliseconds since 1970. */
  askedAt: number;
}

export class UserRing {
  readonly #known = new RecentlyUsed<Entry>({ count: limits.knownKeys, bytes: limits.knownKeys }, () => 1);

  /**
   * How a user stands, at most `times.keyTrustMs` old: asked again behind the answer first, then before it. Where D1 does not answer,
   * the last that is known counts, and a signature counts for itself where nothing is: D1 must not keep prices from being answered.
   */
  async find(env: Env, name: string, now: number, waitUntil: WaitUntil): Promise<Standing | undefined> {
    const entry = this.#known.get(name);
    const age = entry ? now - entry.askedAt : Number.POSITIVE_INFINITY;
    if (entry && age < times.keyFreshMs) return entry.standing;
    const asked = this.#ask(env, name, now, entry);
    if (!entry || age >= times.keyTrustMs) return asked;
    waitUntil(asked);
    return entry.standing;
  }

  async #ask(env: Env, name: string, now: number, before: Entry | undefined): Promise<Standing | undefined> {
    // Whoever asks while this runs gets what is known.
    if (before) before.askedAt = now;
    try {
      const user = await withinTime(findUser(env, name), times.databasePatienceMs);
      this.#known.set(name, { standing: user, askedAt: now });
      return user;
    } catch (error) {
      console.error("a user cannot be looked up", error);
      return before?.standing;
    }
  }

  /** This isolate at least knows at once that a user was changed. */
  forget(name: string): void {
    this.#known.delete(name);
  }
}
