// Who is signed in on this tab: kept in sessionStorage alone, renewed before it ends, and shared with a tab that was duplicated.
import { InputError } from "#core/api/problem.ts";
import { type Access, fixedAccess, renewingAccess } from "../../sdk/access.ts";
import { ApiFault } from "../../sdk/api-fault.ts";
import { send } from "../../sdk/send.ts";
import { requestToken, type TokenAnswer } from "../../sdk/token-grant.ts";
import { service } from "./service.ts";

const storageKey = "appraise-session";

interface Kept {
  readonly token: string;
  /** Null for what does not end by our clock: the admin token, an API key. */
  readonly endsAt: number | null;
  readonly refresh: string | null;
  /** As shown to the person: their name, or what kind of token this is. */
  readonly name: string;
  /** Null where nobody has told: a key's scopes are the server's to know. */
  readonly scopes: readonly string[] | null;
}

/** The server says no for good: one that is away or busy may say otherwise later. */
export function isDenial({ status }: ApiFault): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

export class Session extends EventTarget {
  #kept: Kept | undefined;
  // A duplicated tab begins with a copy of the refresh token, and its second use would end the whole login: whoever renews tells the other.
  readonly #channel = new BroadcastChannel(storageKey);
  /** Why the last session ended, where the person did not end it. */
  message = "";

  private readonly storage: Storage;

  constructor(storage: Storage) {
    super();
    this.storage = storage;
    try {
      this.#kept = JSON.parse(storage.getItem(storageKey) ?? "null") ?? undefined;
    } catch {
      storage.removeItem(storageKey);
    }
    this.#channel.onmessage = ({ data }: MessageEvent<{ before: string; after: Kept | null }>) => {
      if (!this.#kept?.refresh || data.before !== this.#kept.refresh) return;
      this.#keep(data.after ?? undefined, data.after ? "" : "You signed out in another tab.");
    };
  }

  get current(): Kept | undefined {
    return this.#kept;
  }

  /** What a request of this tab is sent with: the token of whoever is signed in, renewed before it ends and after a 401. */
  readonly access: Access = renewingAccess({
    held: () => {
      const kept = this.#kept;
      if (!kept) return undefined;
      return { token: kept.token, endsAt: (kept.refresh && kept.endsAt) || Number.POSITIVE_INFINITY };
    },
    renew: async () => {
      if (this.#kept) await this.#renewOnce();
      return this.#kept?.token;
    },
  });

  /** Signs a user in. Throws ApiFault with the server's words. */
  async signIn(name: string, password: string): Promise<void> {
    const answer = await requestToken(service, { grant_type: "password", username: name, password });
    this.#keep(keptOf(answer, name));
  }

  /** Takes over a token or key that was pasted, once the server has said that it is one. */
  async useToken(text: string): Promise<void> {
    const token = text.trim();
    // Characters no header may hold would fail as if the server were away.
    if (!/^[\w.~+/=-]{1,4096}$/.test(token)) throw new InputError("this is no token or key");
    await send({ ...service, access: fixedAccess(token) }, { method: "GET", path: "/v1/datasets" });
    const claims = claimsOf(token);
    const name = claims ? String(claims.sub) : (/^a?pk_[0-9a-z]+/.exec(token)?.[0] ?? "a pasted token");
    const scopes = claims ? String(claims.scope ?? "").split(" ") : null;
    const endsAt = typeof claims?.exp === "number" ? claims.exp * 1000 : null;
    this.#keep({ token, endsAt, refresh: null, name, scopes });
  }

  /** Ends the session here; a user's login ends on the server too. */
  signOut(message = ""): void {
    const refresh = this.#kept?.refresh;
    if (refresh) {
      const body = new URLSearchParams({ token: refresh });
      void fetch("/v1/oauth/revoke", { method: "POST", body, keepalive: true }).catch(() => undefined);
      this.#channel.postMessage({ before: refresh, after: null });
    }
    this.#keep(undefined, message);
  }

  /** Trades the refresh token for the next one, unless another tab has; without one the session ends. */
  async #renewOnce(): Promise<void> {
    const before = this.#kept;
    return navigator.locks.request(storageKey, async () => {
      // The other tab's news may have come while this one waited for the lock, or come now.
      await new Promise((resume) => setTimeout(resume));
      if (this.#kept !== before) return;
      if (!before?.refresh) return this.#end();
      try {
        const form = { grant_type: "refresh_token", refresh_token: before.refresh };
        const answer = await requestToken(service, form);
        // Whoever signed out meanwhile stays signed out.
        if (this.#kept !== before) return;
        this.#keep(keptOf(answer, before.name));
        this.#channel.postMessage({ before: before.refresh, after: this.#kept ?? null });
      } catch (error) {
        if (error instanceof ApiFault && isDenial(error)) return this.#end();
        throw error;
      }
    });
  }

  #end(): void {
    this.#keep(undefined, "Your session has ended. Sign in again to go on where you were.");
  }

  #keep(kept: Kept | undefined, message = ""): void {
    this.#kept = kept;
    this.message = message;
    if (kept) this.storage.setItem(storageKey, JSON.stringify(kept));
    else this.storage.removeItem(storageKey);
    this.dispatchEvent(new Event("change"));
  }
}

function keptOf({ access_token: token, expires_in, scope, refresh_token }: TokenAnswer, name: string): Kept {
  const endsAt = Date.now() + expires_in * 1000;
  return { token, endsAt, refresh: refresh_token ?? null, name, scopes: scope.split(" ") };
}

/** What an access token says of itself; undefined for what is none. For showing only: the server decides. */
function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const text = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const session = new Session(sessionStorage);
